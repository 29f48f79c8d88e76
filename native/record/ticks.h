/* SPDX-License-Identifier: MIT */
/*
 * The recorder's clock. A stamp stands between two accesses of its thread, and is taken between them: loads before it
 * are over, and nothing behind it has begun. It orders no store: one that stands before the stamp may still be in the
 * store buffer, which is what the read side of RCU is about, and what a fence here would hide.
 */
#ifndef QUIESCE_RECORD_TICKS_H
#define QUIESCE_RECORD_TICKS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "quiesce/atomic.h"

/* False: stamps are CLOCK_MONOTONIC's nanoseconds, because there is no time-stamp counter that all processors share. */
extern bool qs_ticks_are_cycles;

static inline uint64_t qs_monotonic_ns(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t qs_ticks(void)
{
#if defined(__x86_64__)
	if (qs_likely(qs_ticks_are_cycles)) {
		uint64_t now;
		/* lfence waits for loads and holds back what follows; the store buffer is left alone. */
		__builtin_ia32_lfence();
		now = __builtin_ia32_rdtsc();
		__builtin_ia32_lfence();
		return now;
	}
#endif
	qs_compiler_barrier();
	return qs_monotonic_ns();
}

/* What was found out about the clock. */
struct qs_ticks_facts {
	uint64_t per_second;
	/* From a stamp behind a store to the stamp of another processor that has seen the store, in ticks. */
	uint64_t seen_median, seen_most; /* half of them, and nine of ten, are below this */
	/* From one stamp to the next, when nothing is in between: what recording adds to a step, but for its stores. */
	uint64_t stamp_median;
	/* Never false: no stamp behind a load was below the one in front of the store that it saw. */
	bool causal;
};

/*
 * Chooses the counter where the kernel itself trusts it and a store never arrives before it is sent, else the system's
 * clock. Takes some milliseconds. -EAGAIN: a thread can't be started.
 */
int qs_ticks_begin(struct qs_ticks_facts *facts);

/* Measures again how long a second is, over all that has passed since qs_ticks_begin(). */
uint64_t qs_ticks_per_second(void);

#endif
