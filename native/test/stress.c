/* SPDX-License-Identifier: MIT */
/*
 * Free-running readers under real grace periods, in the manner of rcutorture: threads that read, nest and are
 * interrupted, come and go, end inside a section, go offline, fork, and move from processor to processor, beside
 * updaters that wait, defer, and leave it to the worker. What is freed is poisoned first, so a reader that still has
 * it sees that. Usage: stress MILLISECONDS [SECONDS OF PATIENCE]. Prints one line of JSON; exits with 1 when a
 * reader has seen poison, and dies of SIGALRM when it doesn't finish.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "quiesce/quiesce.h"

#ifndef TEST_FLAVOUR
#define TEST_FLAVOUR QS_MEMBARRIER
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
static qs_atomic(uint64_t) sections, bad, churned, replaced, reclaimed, handled, ended, rested, forked, moved;
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
		qs_read_unlock(inner);
	}
	if (round % 64 == 0)
		sched_yield();
	if (round % 4096 == 0)
		usleep(300);
	look_at(object);
	qs_read_unlock(token);
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

static void *end_inside(void *argument)
{
	struct qs_reader *reader;
	if (qs_register(&domain, &reader) != 0)
		abort();
	(void)qs_read_lock(reader);
	look_at(qs_dereference(&published));
	return argument; /* the library cleans up */
}

static void *end_all_the_time(void *argument)
{
	uint64_t count = 0;
	while (!qs_load_relaxed(&stop)) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, end_inside, NULL) != 0)
			abort();
		pthread_join(thread, NULL);
		count++;
	}
	qs_fetch_add(&ended, count);
	return argument;
}

/* Reads a little, and is offline for a little. */
static void *rest_all_the_time(void *argument)
{
	struct qs_reader *reader;
	unsigned int round = 0;
	if (qs_register(&domain, &reader) != 0)
		abort();
	while (!qs_load_relaxed(&stop)) {
		self = reader;
		section(&other, ++round);
		self = NULL;
		if (qs_offline(reader) != 0)
			abort();
		sched_yield();
		if (qs_online(reader) != 0)
			abort();
	}
	qs_fetch_add(&rested, round);
	if (qs_unregister(reader) != 0)
		abort();
	return argument;
}

/* The sanitizers' own children of a process with threads hang now and then. */
#if defined(__SANITIZE_ADDRESS__) || !QS_KNOWS_FENCES
#define FORKS 0
#else
#define FORKS 1
#endif

/* A child in which all the others are gone reads, waits for a grace period, and ends. */
static void child(struct qs_reader *reader, qs_token kept)
{
	alarm(20);
	look_at(qs_dereference(&published));
	qs_read_unlock(kept);
	self = reader;
	section(&other, 1);
	qs_synchronize(&domain);
	_exit(qs_load_relaxed(&bad) ? 1 : 0);
}

static void *fork_all_the_time(void *argument)
{
	struct qs_reader *reader;
	if (qs_register(&domain, &reader) != 0)
		abort();
	while (FORKS && !qs_load_relaxed(&stop)) {
		qs_token kept = qs_read_lock(reader);
		int status = 0;
		pid_t pid;
		pid = fork();
		if (pid == 0)
			child(reader, kept);
		qs_read_unlock(kept);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			abort();
		qs_fetch_add(status == 0 ? &forked : &bad, 1);
		usleep(500);
	}
	if (qs_unregister(reader) != 0)
		abort();
	return argument;
}

/* Processors change under the readers' feet. */
static void *move_all_the_time(void *argument)
{
	const pthread_t *thread = argument;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t count = 0;
	while (!qs_load_relaxed(&stop)) {
		cpu_set_t one;
		CPU_ZERO(&one);
		CPU_SET((size_t)(count / 2) % (size_t)processors, &one);
		count += pthread_setaffinity_np(thread[count % 3], sizeof one, &one) == 0;
		usleep(200);
	}
	qs_fetch_add(&moved, count);
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

/* The same, and the worker does the rest. */
static void *call_all_the_time(void *argument)
{
	while (!qs_load_relaxed(&stop)) {
		struct object *old = qs_exchange_acq_rel(&other, fresh());
		if (qs_call(&domain, &old->head, reclaim_head) != 0)
			abort();
		sched_yield();
	}
	return argument;
}

static long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int count, char **values)
{
	void *(*const body[])(void *) = { read_all_the_time,    read_all_the_time,  come_and_go,
					  replace_all_the_time, defer_all_the_time, replace_all_the_time,
					  call_all_the_time,    end_all_the_time,   rest_all_the_time,
					  fork_all_the_time,    move_all_the_time };
	enum { THREADS = sizeof body / sizeof body[0] };
	static pthread_t thread[THREADS];
	/* Without a limit to an updater's sleep, a lost wake-up shows. */
	const struct qs_options options = { .capacity = READERS + 6, .flavour = TEST_FLAVOUR, .nap_ms = QS_NAP_NEVER };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	long length = count > 1 ? strtol(values[1], NULL, 10) : 1000;
	long start = milliseconds();
	long patience = count > 2 ? strtol(values[2], NULL, 10) : 20;
	alarm((unsigned int)(length / 1000 + patience)); /* a lost wake-up shows as SIGALRM */
	sigaction(SIGUSR1, &action, NULL);
	if (qs_domain_init(&domain, &options) != 0)
		return 2;
	qs_store_relaxed(&published, fresh());
	qs_store_relaxed(&other, fresh());
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&thread[i], NULL, body[i], thread) != 0)
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
	printf("{\"sections\":%llu,\"churned\":%llu,\"handled\":%llu,\"replaced\":%llu,\"reclaimed\":%llu,"
	       "\"ended\":%llu,\"rested\":%llu,\"forked\":%llu,\"moved\":%llu,\"bad\":%llu}\n",
	       (unsigned long long)qs_load_relaxed(&sections),
	       (unsigned long long)qs_load_relaxed(&churned),
	       (unsigned long long)qs_load_relaxed(&handled),
	       (unsigned long long)qs_load_relaxed(&replaced),
	       (unsigned long long)qs_load_relaxed(&reclaimed),
	       (unsigned long long)qs_load_relaxed(&ended),
	       (unsigned long long)qs_load_relaxed(&rested),
	       (unsigned long long)qs_load_relaxed(&forked),
	       (unsigned long long)qs_load_relaxed(&moved),
	       (unsigned long long)qs_load_relaxed(&bad));
	return qs_load_relaxed(&bad) ? 1 : 0;
}
