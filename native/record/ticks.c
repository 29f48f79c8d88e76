/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "ticks.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool qs_ticks_are_cycles;

static uint64_t first_ticks, first_ns;

/* The kernel goes by the counter only where it is the same on all processors and never stops. */
static bool kernel_trusts_counter(void)
{
	char name[32] = "";
	FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
	if (!file)
		return false;
	if (!fgets(name, sizeof name, file))
		name[0] = '\0';
	(void)fclose(file);
	return strcmp(name, "tsc\n") == 0;
}

#define ROUNDS 2000
/* A thread that finds no answer for so long gives up its processor: there may be only one. */
#define PATIENCE 1000

/* Two threads hand a number to and fro. Each stamps before it stores and after it has seen. */
struct handover {
	alignas(64) qs_atomic(uint64_t) ball;
	alignas(64) uint64_t sent[ROUNDS], seen[ROUNDS];
};

static void wait_for(struct handover *handover, uint64_t number)
{
	for (uint32_t i = 1; qs_load_acquire(&handover->ball) != number; i++) {
		qs_pause();
		if (i % PATIENCE == 0)
			sched_yield();
	}
}

static void *answer(void *argument)
{
	struct handover *handover = argument;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		wait_for(handover, 2 * i + 1);
		handover->seen[i] = qs_ticks();
		qs_store_release(&handover->ball, 2 * i + 2);
	}
	return NULL;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

static int measure(struct qs_ticks_facts *facts)
{
	struct handover *handover = aligned_alloc(64, sizeof *handover);
	pthread_t other;
	if (!handover)
		return -EAGAIN;
	memset(handover, 0, sizeof *handover);
	if (pthread_create(&other, NULL, answer, handover) != 0) {
		free(handover);
		return -EAGAIN;
	}
	facts->causal = true;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		handover->sent[i] = qs_ticks();
		qs_store_release(&handover->ball, 2 * i + 1);
		wait_for(handover, 2 * i + 2);
		/* There and back: a counter that is behind on either processor shows. */
		if (handover->seen[i] < handover->sent[i] || qs_ticks() < handover->seen[i])
			facts->causal = false;
		handover->seen[i] -= handover->sent[i];
	}
	pthread_join(other, NULL);
	qsort(handover->seen, ROUNDS, sizeof handover->seen[0], compare);
	facts->seen_median = handover->seen[ROUNDS / 2];
	facts->seen_most = handover->seen[ROUNDS - ROUNDS / 10];
	free(handover);
	return 0;
}

static uint64_t stamp_median(void)
{
	uint64_t took[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t before = qs_ticks();
		took[i] = qs_ticks() - before;
	}
	qsort(took, ROUNDS, sizeof took[0], compare);
	return took[ROUNDS / 2];
}

int qs_ticks_begin(struct qs_ticks_facts *facts)
{
	int status;
	qs_ticks_are_cycles = kernel_trusts_counter();
	first_ns = qs_monotonic_ns();
	first_ticks = qs_ticks();
	status = measure(facts);
	if (status == 0 && !facts->causal && qs_ticks_are_cycles) {
		qs_ticks_are_cycles = false;
		first_ticks = qs_ticks();
		status = measure(facts);
	}
	facts->stamp_median = stamp_median();
	facts->per_second = qs_ticks_per_second();
	return status;
}

uint64_t qs_ticks_per_second(void)
{
	uint64_t ticks = qs_ticks() - first_ticks, ns = qs_monotonic_ns() - first_ns;
	if (!qs_ticks_are_cycles || ns == 0)
		return 1000000000u;
	return (uint64_t)((double)ticks * 1e9 / (double)ns + 0.5);
}
