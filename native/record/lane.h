/* SPDX-License-Identifier: MIT */
/*
 * What one thread records: its steps, each in a box, in a ring that only this thread writes. To record a step costs two
 * stamps' worth of time at most (ticks.h) and stores to memory that no other thread reads while it runs: no fence, no
 * locked instruction, no system call, and no line that readers share.
 *
 * Why a box contains its step. The point stands before the access, in the code as compiled: QS_STEP calls a function,
 * or at least stamps, and neither compiler nor processor moves the access in front of that. The box is closed by the
 * stamp of the thread's next point, or by qs_lane_end(). A load is over by then. A store has been executed, but others
 * may see it later, when it has left the store buffer. No instruction of the thread says when that is, other than a
 * fence, which would hide the very bugs that are looked for; so boxes are longer by `drain`, which the writer adds to
 * the end of all of them (write.h), and the recording says how much that is. All and not only those of stores: if a
 * store is seen late, the steps that follow it in its thread may have to come after that in any order that explains
 * them, though they were executed before.
 */
#ifndef QUIESCE_RECORD_LANE_H
#define QUIESCE_RECORD_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ticks.h"

/* An event that has no end yet. */
#define QS_NO_END 0u

struct qs_lane_event {
	uint64_t start, end;
	uint16_t step;
	uint16_t name; /* of the value that was observed in it; 0: none */
	uint32_t unused;
	int64_t value;
};

struct qs_lane {
	alignas(64) struct qs_lane_event *ring;
	size_t capacity;
	bool wraps;  /* when it is full: the oldest go, or the newest are not recorded */
	bool fences; /* a full fence before each stamp: ends are exact, and `drain` isn't needed */
	qs_atomic(uint64_t) count; /* so many have begun, of which the ring has the last (wraps) or the first */
	qs_atomic(uint64_t) full;  /* a lane that doesn't wrap: the stamp of the first that found no room, else 0 */
};

/* The calling thread's, NULL when it doesn't record. */
extern _Thread_local struct qs_lane *qs_own_lane;

/* 0 or -ENOMEM. */
int qs_lane_make(struct qs_lane *lane, size_t capacity);
void qs_lane_free(struct qs_lane *lane);

static inline uint64_t qs_lane_stamp(const struct qs_lane *lane)
{
	if (lane->fences)
		qs_full_fence();
	return qs_ticks();
}

/* The newest event, while it is in the ring. */
static inline struct qs_lane_event *qs_lane_last(struct qs_lane *lane)
{
	uint64_t count = qs_load_relaxed(&lane->count);
	if (count == 0 || qs_load_relaxed(&lane->full) != 0)
		return NULL;
	return &lane->ring[(count - 1) % lane->capacity];
}

static inline void qs_lane_close(struct qs_lane *lane, uint64_t now)
{
	struct qs_lane_event *last = qs_lane_last(lane);
	if (last && last->end == QS_NO_END)
		last->end = now;
}

static inline void qs_lane_open(struct qs_lane *lane, unsigned int step, uint64_t now)
{
	uint64_t count = qs_load_relaxed(&lane->count);
	struct qs_lane_event *event;
	if (!lane->wraps && count == lane->capacity) {
		if (qs_load_relaxed(&lane->full) == 0)
			qs_store_release(&lane->full, now);
		return;
	}
	event = &lane->ring[count % lane->capacity];
	*event = (struct qs_lane_event){ .start = now, .end = QS_NO_END, .step = (uint16_t)step };
	/* For who reads a lane whose thread hangs: what the count includes is there. */
	qs_store_release(&lane->count, count + 1);
}

/* The thread's next step begins, and so the one before has ended. */
static inline void qs_lane_step(struct qs_lane *lane, unsigned int step)
{
	uint64_t now = qs_lane_stamp(lane);
	qs_lane_close(lane, now);
	qs_lane_open(lane, step, now);
}

/* The step under way has ended, and nothing that is recorded follows at once. */
static inline void qs_lane_end(struct qs_lane *lane)
{
	qs_lane_close(lane, qs_lane_stamp(lane));
}

/* A moment: what has happened by now. It closes the step under way. */
static inline void qs_lane_moment(struct qs_lane *lane, unsigned int step)
{
	uint64_t now = qs_lane_stamp(lane);
	qs_lane_close(lane, now);
	qs_lane_open(lane, step, now);
	qs_lane_close(lane, now);
}

/* What was observed in the thread's last step of this kind: one value a step. */
void qs_lane_observe(struct qs_lane *lane, unsigned int step, unsigned int name, int64_t value);

#endif
