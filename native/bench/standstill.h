/* SPDX-License-Identifier: MIT */
/*
 * How long a thread that does nothing but run is interrupted: it sees that by its clock. What takes longer is the
 * scheduler, who has given its processor to others, and is counted apart.
 */
#ifndef QUIESCE_BENCH_STANDSTILL_H
#define QUIESCE_BENCH_STANDSTILL_H

#include "bench.h"

/* An event that is recorded takes less than the first; an interrupt, or a signal, less than the second. */
#define STANDSTILL_NS 400
#define SWITCH_NS 100000

struct standstill {
	_Atomic uint64_t taken; /* nanoseconds in all, by interrupts */
	_Atomic uint64_t times; /* how often */
	_Atomic uint64_t last;  /* when it looked */
	_Atomic long switches;  /* how often its processor was taken away */
};

static inline void standstill_begin(struct standstill *still)
{
	still->last = bench_now();
}

/* Called all the time. */
static inline void standstill_look(struct standstill *still)
{
	uint64_t now = bench_now();
	const uint64_t gap = now - still->last;
	if (gap > STANDSTILL_NS) {
		if (gap < SWITCH_NS) {
			still->taken += gap;
			still->times++;
		}
		still->switches = bench_preemptions();
		now = bench_now();
	}
	still->last = now;
}

static inline struct standstill standstill_copy(const struct standstill *still)
{
	return (struct standstill){still->taken, still->times, still->last, still->switches};
}

#endif
