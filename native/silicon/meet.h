/* SPDX-License-Identifier: MIT */
/*
 * Where threads meet: none goes on before all have come. They spin, since what is tested happens within a few
 * nanoseconds after it; where there are more threads than processors they soon let each other run.
 */
#ifndef QUIESCE_SILICON_MEET_H
#define QUIESCE_SILICON_MEET_H

#include <stdint.h>

#include "quiesce/atomic.h"
#include "run.h"

struct qs_meeting {
	struct {
		alignas(128) qs_atomic(uint64_t) times; /* how often this thread has come */
	} came[QS_MOST_THREADS];
	uint32_t threads;
};

/* How often a thread looks before it lets others run; run.c sets it before there are threads. */
extern uint32_t qs_patience;

/* Lets another thread have the processor, after a while of looking. */
void qs_look_again(uint32_t *looks);

static inline void qs_meet(struct qs_meeting *meeting, uint32_t self)
{
	uint64_t times = qs_load_relaxed(&meeting->came[self].times) + 1;
	uint32_t looks = 0;
	qs_store_release(&meeting->came[self].times, times);
	for (uint32_t other = 0; other < meeting->threads; other++)
		while (qs_load_acquire(&meeting->came[other].times) < times)
			qs_look_again(&looks);
}

#endif
