/* SPDX-License-Identifier: MIT */
/*
 * The least that must work wherever the library is built: for ctest, and for processors that are emulated. Every
 * function here is public. Says which flavour the domain has come to.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quiesce/quiesce.h"

enum { READERS = 3, UPDATES = 300, LIVE = 1234567, DEAD = 7654321 };

struct cell {
	struct qs_head head;
	uint64_t state, number, twice;
};

static struct qs_domain domain;
static qs_atomic(struct cell *) current;
static qs_atomic(uint32_t) running, stop, bad, freed;
static int number;

static void report(const char *name, bool passed)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", ++number, name);
	if (!passed)
		exit(1);
}

/* The memory is kept until the end: so a use after free is seen, not suffered. */
static void bury(struct qs_head *head)
{
	struct cell *cell = (struct cell *)head;
	cell->state = DEAD;
	cell->twice = 0;
	(void)qs_fetch_add(&freed, 1);
}

static struct cell *make(uint64_t value)
{
	struct cell *cell = malloc(sizeof *cell);
	if (!cell)
		abort();
	cell->state = LIVE;
	cell->number = value;
	cell->twice = 2 * value;
	return cell;
}

static bool look(struct qs_reader *reader)
{
	qs_token token = qs_read_lock(reader);
	struct cell *cell = qs_dereference(&current);
	qs_token inner = qs_read_lock(reader);
	bool good = cell->state == LIVE && cell->twice == 2 * cell->number;
	qs_read_unlock(inner);
	good = good && cell->state == LIVE;
	qs_read_unlock(token);
	return good;
}

static void *read_on(void *unused)
{
	struct qs_reader *reader;
	(void)unused;
	if (qs_register(&domain, &reader) != 0)
		abort();
	(void)qs_fetch_add(&running, 1);
	while (!qs_load_acquire(&stop)) {
		if (!look(reader))
			(void)qs_fetch_add(&bad, 1);
	}
	return NULL; /* it doesn't unregister: the library does */
}

static void update(uint64_t value)
{
	struct cell *old = qs_exchange(&current, make(value));
	if (value % 3 == 0) {
		qs_synchronize(&domain);
		bury(&old->head);
	} else {
		qs_defer(&domain, &old->head, bury);
		if (value % 10 == 0)
			(void)qs_reclaim(&domain);
	}
}

static bool works_in_a_child(struct qs_reader *reader)
{
	qs_token token = qs_read_lock(reader);
	int status = 1;
	pid_t child = fork();
	if (child == 0) {
		qs_read_unlock(token);
		qs_synchronize(&domain);
		_exit(look(reader) ? 0 : 1);
	}
	qs_read_unlock(token);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	pthread_t threads[READERS];
	struct qs_reader *reader;
	alarm(120);
	printf("# membarrier answers %d\n", qs_membarrier_query());
	report("a domain is made", qs_domain_init(&domain, NULL) == 0);
	printf("# the flavour is %s\n", qs_flavour_name(qs_domain_flavour(&domain)));
	qs_assign(&current, make(0));
	for (int i = 0; i < READERS; i++) {
		if (pthread_create(&threads[i], NULL, read_on, NULL) != 0)
			abort();
	}
	while (qs_load_acquire(&running) < READERS)
		usleep(1000);
	for (uint64_t i = 1; i <= UPDATES; i++)
		update(i);
	report("the main thread registers, too", qs_register(&domain, &reader) == 0);
	report("a forked child goes on", works_in_a_child(reader));
	report("the main thread unregisters", qs_unregister(reader) == 0);
	qs_store_release(&stop, 1);
	for (int i = 0; i < READERS; i++)
		(void)pthread_join(threads[i], NULL);
	report("no reader saw a freed cell", qs_load_acquire(&bad) == 0);
	report("the domain is destroyed", qs_domain_destroy(&domain) == 0);
	report("every cell but the last is freed", qs_load_acquire(&freed) == UPDATES);
	printf("1..%d\n", number);
	return 0;
}
