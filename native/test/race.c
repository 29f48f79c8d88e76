/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "race.h"

#include <time.h>

#include "check.h"
#include "quiesce/atomic.h"

/*
 * A race is over when it has lasted this long since the threads met, and each of them has been round at least once,
 * or when they have done all there is to do. On a busy machine the time may be up before a thread has even begun.
 */
#define MILLISECONDS 200

static qs_atomic(int64_t) over_at;
static uint32_t racing;
static qs_atomic(uint32_t) ready, been_round, seeds;
static _Thread_local uint32_t seed, looks;

static int64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One access in 16, which ones is anybody's guess: not the same ones in all threads. */
static void hesitate(const char *what, const volatile void *address)
{
	(void)what;
	(void)address;
	seed = seed * 1103515245u + 12345u;
	if ((seed >> 16) % 16 == 0)
		nanosleep(&(struct timespec){ .tv_nsec = 1 }, NULL);
}

void race_meet(uint32_t threads)
{
	seed = atomic_fetch_add(&seeds, 1) * 7919u;
	looks = 0;
	atomic_store(&over_at, milliseconds() + MILLISECONDS);
	atomic_fetch_add(&ready, 1);
	while (atomic_load(&ready) < threads)
		continue;
}

bool race_over(void)
{
	/* A thread looks before each round, so at its second look it has been round. */
	if (looks < 2 && ++looks == 2)
		atomic_fetch_add(&been_round, 1);
	return atomic_load(&been_round) == racing && milliseconds() >= atomic_load(&over_at);
}

void race(uint32_t threads, void *(*body)(void *), void *const *argument)
{
	pthread_t thread[RACE_THREADS_MAX];
	racing = threads;
	qs_store_relaxed(&ready, 0);
	qs_store_relaxed(&been_round, 0);
	door_hook = hesitate;
	for (uint32_t i = 0; i < threads; i++)
		CHECK(pthread_create(&thread[i], NULL, body, argument[i]) == 0);
	for (uint32_t i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	door_hook = NULL;
}
