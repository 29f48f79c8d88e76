/* SPDX-License-Identifier: MIT */
/*
 * Somebody writes random bytes into all that the process shares, its file and the control file, while it hits events,
 * starts threads and forks. Its records may be nonsense; it must not crash, hang, or read or write outside (ASan).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "events.h"
#include "second.h"

/* In rounds of 4096 writes. */
#ifndef TEST_ROUNDS
#define TEST_ROUNDS 600
#endif

static qs_atomic(uint32_t) stop;
static qs_atomic(uint64_t) hits;

/* Given as arguments: how long, in place of the rounds, and from where. */
static unsigned seconds;
static uint64_t seed = 88172645463325252u, written;

static bool goes_on(unsigned round, const struct timespec *start)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return seconds == 0 ? round < TEST_ROUNDS : now.tv_sec - start->tv_sec < (time_t)seconds;
}

static uint64_t random_from(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void hit_all(uint64_t number)
{
	static const uint64_t many[40];
	const uint16_t parts[] = {1, 2, 3};
	qs_tracepoint(test, none);
	qs_tracepoint(test, one, number);
	qs_tracepoint(test, integers, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, number);
	qs_tracepoint(test, mixed, 1, 2, "a path", 1, parts, 3, NULL, 0);
	qs_tracepoint(test, sixteen, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, many, number % 40);
	qs_tracepoint(test, text, "some text that is longer than the others");
	qs_tracepoint(other, count, 1, number, number);
	(void)qs_fetch_add(&hits, 7);
}

static void *hitter(void *data)
{
	for (uint64_t number = 0; !qs_load_relaxed(&stop); number++)
		hit_all(number);
	return data;
}

static void *short_lived(void *data)
{
	for (uint64_t number = 0; number < 100; number++)
		hit_all(number);
	return data;
}

/* A number that looks like one: small, near a power of two, a word that is there, or anything. */
static uint64_t likely(uint64_t *state)
{
	const uint64_t value = random_from(state);
	switch (value >> 8 & 7) {
	case 0: return value >> 32 & 15;
	case 1: return value >> 32 & 0xff;
	case 2: return (UINT64_C(1) << (value >> 32 & 63)) - (value >> 40 & 15);
	case 3: return value >> 32 & 0x3ffff;
	default: return value;
	}
}

static void scribble(void *memory, size_t from, size_t size, uint64_t *state)
{
	const size_t at = from + random_from(state) % (size - 8);
	const uint64_t value = likely(state);
	const size_t aligned = random_from(state) % 4 ? at & ~(size_t)7 : at, bytes = random_from(state) % 3 ? 8 : 1;
	memcpy((char *)memory + aligned, &value, bytes);
	written += bytes;
}

/* A filter at least now and then is one that gets far. */
static void write_filter(struct qs_trace_config *config, uint64_t *state)
{
	static const uint8_t codes[] = {1, 3, 4, 4, 0x10, 0x12, 0x16, 0x20, 0x22, 0x30, 0x32, 0x33, 0x34};
	for (int i = 0; i < 64; i++)
		config->filter[i] = random_from(state) % 2 ? codes[random_from(state) % sizeof(codes)]
							   : (uint8_t)random_from(state);
	config->filter_length = (uint32_t)(random_from(state) % 64);
}

static void survives(void)
{
	const struct qs_trace_options options = {.ring_size = 1 << 13};
	CHECK(qs_trace_open(&options) == 0);
	struct qs_trace_process *process = second_process(getpid());
	struct qs_trace_control *control = second_control();
	if (!process || !control)
		abort();
	second_config(1, 0, 1, NULL, 0);
	second_overwrite(1, true);
	second_config(2, 1, 1, NULL, 0);
	second_rule("*", "*", 1);
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, hitter, NULL) == 0);
	const size_t words = offsetof(struct qs_trace_process, words), rings = offsetof(struct qs_trace_process, rings);
	/* As it is known before anybody has changed it. */
	const size_t size = sizeof(*process) + QS_TRACE_RINGS * (size_t)options.ring_size;
	uint64_t state = seed;
	struct timespec start;
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned round = 0; goes_on(round, &start); round++) {
		for (unsigned i = 0; i < 4096; i++) {
			scribble(process, rings, 8 * sizeof(struct qs_trace_ring), &state);
			scribble(process, sizeof(*process), 8 * (size_t)options.ring_size, &state);
			if (i % 16 == 0)
				scribble(process, 0, sizeof(process->header), &state);
			if (i % 64 == 0)
				scribble(process, words, QS_TRACE_PAGE, &state);
			if (i % 8 == 0)
				scribble(control, offsetof(struct qs_trace_control, configs),
					16 * sizeof(control->configs[0]), &state);
			if (i % 1024 == 0)
				scribble(process, 0, rings, &state);
		}
		/* Not only nonsense: or nothing would get any further. */
		for (unsigned i = 0; i < QS_TRACE_WORDS_A_PAGE; i++)
			qs_store_relaxed(&process->words[0][i], 1 + (uint32_t)(random_from(&state) % 8));
		for (unsigned i = 1; i < 9; i++) {
			control->configs[i].channel = (uint32_t)(random_from(&state) % 4);
			control->configs[i].sample = 1;
			control->configs[i].filter_length = 0;
			if (random_from(&state) % 4 == 0)
				write_filter(&control->configs[i], &state);
		}
		for (unsigned i = 0; i < QS_TRACE_RINGS && round % 2; i++)
			qs_store_relaxed(&process->rings[i].consumed, qs_load_relaxed(&process->rings[i].committed));
		pthread_t thread;
		if (round % 8 == 0 && pthread_create(&thread, NULL, short_lived, NULL) == 0)
			(void)pthread_join(thread, NULL);
		if (round % 64 == 5) {
			scribble(control, 0, sizeof(*control), &state);
			(void)fflush(stdout);
			const pid_t child = fork();
			if (child == 0) {
				hit_all(1);
				_exit(7);
			}
			int status;
			CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
		}
		(void)sched_yield();
	}
	const uint64_t before = qs_load_relaxed(&hits);
	while (qs_load_relaxed(&hits) < before + 1000)
		(void)sched_yield();
	qs_store_relaxed(&stop, 1);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(threads[i], NULL);
	(void)munmap(process, size);
}

/* hostile [SECONDS SEED] */
int main(int argc, char **argv)
{
	if (argc > 2) {
		seconds = (unsigned)strtoul(argv[1], NULL, 10);
		seed = strtoull(argv[2], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	}
	alarm(TEST_PATIENCE * 10 + seconds * 10);
	(void)second_begin();
	check_run("who writes into what is shared costs records, and no program", survives);
	second_end();
	printf("# %llu bytes written\n", (unsigned long long)written);
	return check_end();
}
