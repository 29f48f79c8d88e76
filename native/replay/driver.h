/* SPDX-License-Identifier: MIT */
/* Drives real threads of a target along the paths of a plan, one step at a time. */
#ifndef QUIESCE_DRIVER_H
#define QUIESCE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quiesce/atomic.h"
#include "target.h"

/*
 * What conformance/ made of a specification's state graph (conformance/contract/walk.ts). The words of a state are
 * those of the setup's groups, and then where each lane stands: the step that comes next, QS_IDLE, or QS_ASLEEP.
 */
struct qs_plan {
	struct qs_setup setup;   /* without the target's numbers of the steps */
	const char *const *step; /* their names; step 0 is QS_IDLE */
	int32_t steps;
	int32_t words;     /* of a state */
	int32_t positions; /* the first of those that say where each lane stands */
	int32_t states;
	int32_t paths;
	const int32_t *state;  /* states * words */
	const int32_t *start;  /* of each path, the state that it starts in */
	const int32_t *offset; /* paths + 1: the path's first move; counted in moves */
	const int32_t *move;   /* triples: lane, step, state that it leads to; a step below 0 is asked for in vain */
};

/* Where a lane stands that is between operations, or blocked. */
#define QS_IDLE 0
#define QS_ASLEEP (-1)

/* How many numbers each array of a plan has. */
struct qs_plan_lengths {
	size_t state, start, offset, move;
};

/* Shared with the process that started this one, so that it knows the step at which this one died. */
struct qs_progress {
	qs_atomic(int32_t) path;
	qs_atomic(int32_t) move;
	qs_atomic(int32_t) lane;
	qs_atomic(int32_t) step;
	qs_atomic(int32_t) limit; /* written by the other side: paths above it needn't be driven any more */
	qs_atomic(int32_t) reserved;
	qs_atomic(uint64_t) paths;
	qs_atomic(uint64_t) steps;
	qs_atomic(uint64_t) probes;
};

struct qs_replay_options {
	const char *target; /* path of the shared library */
	int32_t cpu;        /* the process and all its threads are pinned to it; -1: they are not */
	int32_t hang_ms;    /* a hang is no step for this long */
	int32_t first;      /* drives the paths first, first + stride, ... */
	int32_t stride;
};

#define QS_REPLAY_LANES_MAX 60

/* Checks every index that the driver follows, once. Returns NULL, or what is wrong with the plan, in words. */
const char *qs_plan_problem(const struct qs_plan *plan, const struct qs_plan_lengths *length);

#define QS_MESSAGE_MAX 320

struct qs_failure {
	const char *kind; /* NULL: there is none */
	int32_t path, move, lane, step;
	char message[QS_MESSAGE_MAX];
	const int32_t *expected; /* states that differ, `words` each; NULL where none were compared */
	const int32_t *actual;
};

struct qs_replay_result {
	uint64_t paths, steps, probes;
	double seconds;
	struct qs_failure failure;
	bool refused; /* nothing was driven, since the target isn't one for this plan */
};

/*
 * Returns NULL, or why nothing was driven, in words. After a failure the target's threads are left where they
 * were found, some perhaps stuck for good: the process then has to end.
 */
const char *qs_replay(const struct qs_plan *plan, const struct qs_replay_options *options,
		      struct qs_progress *progress, struct qs_replay_result *result);

#endif
