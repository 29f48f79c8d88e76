/* SPDX-License-Identifier: MIT */
/*
 * Free-running readers under real grace periods. What is freed is poisoned first, so a reader that still has it
 * sees that. Usage: stress MILLISECONDS [SECONDS OF PATIENCE]. Prints one line of JSON; exits with 1 when a
 * reader has seen poison, and dies of SIGALRM when it doesn't finish.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "quiesce/quiesce.h"

#ifndef TEST_FLAGS
#define TEST_FLAGS 0
#endif

#define WORDS 16
#define LIVE 0x600dc0ffee00ull
#define POISON 0xdeadbeefdeadull
#define READERS 2
#define BATCH 16
/* Freed memory is kept for a while, so that poison stays poison; a sanitizer sees more if it isn't. */
#if defined(__SANITIZE_ADDRESS__)
#define KEPT 1
#else
#define KEPT 256
#endif

struct object {
	struct qs_head head; /* first */
	uint64_t word[WORDS];
};

static struct qs_domain domain;
static qs_atomic(void *) published, other;
static qs_atomic(uint32_t) stop;
static qs_atomic(uint64_t) sections, bad, churned, replaced, reclaimed, handled;
static _Thread_local struct qs_reader *self;

static struct object *fresh(void)
{
	struct object *object = malloc(sizeof *object);
	if (!object)
		abort();
	for (int i = 0; i < WORDS; i++)
		object->word[i] = LIVE;
	return object;
}

static void reclaim(void *memory)
{
	static _Thread_local struct object *kept[KEPT];
	static _Thread_local size_t next;
	struct object *object = memory;
	for (int i = 0; i < WORDS; i++)
		*(volatile uint64_t *)&object->word[i] = POISON;
	free(kept[next]);
	kept[next] = object;
	next = (next + 1) % KEPT;
	if (KEPT == 1) {
		free(kept[0]);
		kept[0] = NULL;
	}
}

static void reclaim_head(struct qs_head *head)
{
	qs_fetch_add(&reclaimed, 1);
	reclaim(head);
}

static void look_at(struct object *object)
{
	for (int i = 0; i < WORDS; i++) {
		if (*(volatile uint64_t *)&object->word[i] != LIVE) {
			qs_fetch_add(&bad, 1);
			return;
		}
	}
}

/* Two looks, and between them anything may happen; now and then something slow does. */
static void section(qs_atomic(void *) *pointer, unsigned int round)
{
	qs_token token = qs_read_lock(self);
	struct object *object = qs_dereference(pointer);
	look_at(object);
	if (round % 3 == 0) {
		qs_token inner = qs_read_lock(self);
		look_at(qs_dereference(&other));
		qs_read_unlock(self, inner);
	}
	if (round % 64 == 0)
		sched_yield();
	if (round % 4096 == 0)
		usleep(300);
	look_at(object);
	qs_read_unlock(self, token);
}

static void on_signal(int number)
{
	(void)number;
	if (!self)
		return;
	section(&published, 1);
	qs_fetch_add(&handled, 1);
}

static void *read_all_the_time(void *argument)
{
	struct qs_reader *reader;
	unsigned int round = 0;
	(void)argument;
	if (qs_register(&domain, &reader) != 0)
		abort();
	self = reader;
	while (!qs_load_relaxed(&stop)) {
		round++;
		section(round % 2 ? &published : &other, round);
	}
	self = NULL;
	qs_fetch_add(&sections, round);
	if (qs_unregister(reader) != 0)
		abort();
	return NULL;
}

static void *come_and_go(void *argument)
{
	unsigned int round = 0;
	(void)argument;
	while (!qs_load_relaxed(&stop)) {
		struct qs_reader *reader;
		if (qs_register(&domain, &reader) != 0)
			abort();
		self = reader;
		section(&published, ++round);
		self = NULL;
		if (qs_unregister(reader) != 0)
			abort();
	}
	qs_fetch_add(&churned, round);
	return NULL;
}

static void *replace_all_the_time(void *argument)
{
	uint64_t count = 0;
	(void)argument;
	while (!qs_load_relaxed(&stop)) {
		qs_replace(&domain, &published, fresh(), reclaim);
		count++;
	}
	qs_fetch_add(&replaced, count);
	return NULL;
}

static void *defer_all_the_time(void *argument)
{
	(void)argument;
	while (!qs_load_relaxed(&stop)) {
		for (int i = 0; i < BATCH; i++) {
			struct object *old = qs_exchange_acq_rel(&other, fresh());
			qs_defer(&domain, &old->head, reclaim_head);
		}
		(void)qs_reclaim(&domain);
	}
	return NULL;
}

static long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int count, char **values)
{
	void *(*const body[])(void *) = { read_all_the_time, read_all_the_time, come_and_go, replace_all_the_time,
					  defer_all_the_time };
	enum { THREADS = sizeof body / sizeof body[0] };
	pthread_t thread[THREADS];
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	long length = count > 1 ? strtol(values[1], NULL, 10) : 1000;
	long start = milliseconds();
	long patience = count > 2 ? strtol(values[2], NULL, 10) : 20;
	alarm((unsigned int)(length / 1000 + patience)); /* a lost wake-up shows as SIGALRM */
	sigaction(SIGUSR1, &action, NULL);
	if (qs_domain_init(&domain, READERS + 1, TEST_FLAGS) != 0)
		return 2;
	qs_store_relaxed(&published, fresh());
	qs_store_relaxed(&other, fresh());
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&thread[i], NULL, body[i], NULL) != 0)
			return 2;
	}
	while (milliseconds() - start < length) {
		usleep(500);
		for (int i = 0; i < READERS; i++)
			pthread_kill(thread[i], SIGUSR1);
	}
	qs_store_relaxed(&stop, 1);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	if (qs_domain_destroy(&domain) != 0)
		return 2;
	free(qs_dereference(&published));
	free(qs_dereference(&other));
	printf("{\"sections\":%llu,\"churned\":%llu,\"handled\":%llu,"
	       "\"replaced\":%llu,\"reclaimed\":%llu,\"bad\":%llu}\n",
	       (unsigned long long)qs_load_relaxed(&sections), (unsigned long long)qs_load_relaxed(&churned),
	       (unsigned long long)qs_load_relaxed(&handled), (unsigned long long)qs_load_relaxed(&replaced),
	       (unsigned long long)qs_load_relaxed(&reclaimed), (unsigned long long)qs_load_relaxed(&bad));
	return qs_load_relaxed(&bad) ? 1 : 0;
}
