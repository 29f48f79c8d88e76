/* SPDX-License-Identifier: MIT */
/* What the parts of the replay driver share: failure.c, match.c, moves.c, paths.c, driver.c. */
#ifndef QUIESCE_DRIVE_H
#define QUIESCE_DRIVE_H

#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include "baton.h"
#include "driver.h"
#include "target.h"

struct driver;

struct worker {
	alignas(64) qs_atomic(uint32_t) turn;
	alignas(64) struct driver *driver;
	int32_t id;
	bool moving;                 /* between the step point that it was released from and the next one */
	qs_atomic(uint32_t) asleep;  /* it has been let into the futex */
	qs_atomic(uint32_t) expected_back; /* the move in progress should wake it */
	int blocked;                 /* for qs_blocked() */
	pthread_t thread;
};

struct driver {
	const struct qs_plan *plan;
	const struct qs_replay_options *options;
	const struct qs_target *target;
	struct qs_progress *progress;
	struct worker *worker;
	struct qs_setup setup;         /* the plan's, with the target's number of each of its steps */
	const int32_t *to_plan;        /* the plan's number of each step of the target; QS_IDLE: it has none */
	int32_t lanes, target_steps;

	/* Owned by whoever has the turn. */
	void *world;
	int32_t path;
	const int32_t *move, *last;    /* the move in progress; one behind the path's last */
	const int32_t *expected;       /* the state that it leads to */
	const int32_t *before;         /* the state that it starts from */
	int32_t *actual;               /* its last words, where each lane is, are kept up to date at arrival */
	int32_t asleep;                /* how many threads are */
	int32_t waking;                /* how many of them the move in progress should wake */
	bool fell_asleep;              /* in the move before this one */
	uint64_t paths, steps, probes;

	qs_atomic(uint32_t) pending;  /* threads that have yet to arrive for the move to be complete */
	qs_atomic(uint32_t) draining; /* the gates are open */
	qs_atomic(uint32_t) undrained;
	qs_atomic(uint32_t) quit;
	qs_atomic(uint32_t) failing;
	qs_atomic(uint32_t) over; /* the watchdog's word */
	struct qs_failure failure;
};

/* The calling thread's; NULL for a thread that isn't the driver's. */
extern _Thread_local struct worker *drive_current;

/* Where each lane is stands at the end of a state. */
static inline int32_t *at(struct driver *driver, int32_t *state, int32_t lane)
{
	return state + driver->plan->positions + lane;
}

static inline int32_t expected_at(struct driver *driver, int32_t lane)
{
	return driver->expected[driver->plan->positions + lane];
}

static inline const char *lane_name(const struct driver *driver, int32_t lane)
{
	return driver->plan->setup.lane[lane].name;
}

/* The step of the move in progress. */
static inline int32_t moved_step(const struct driver *driver)
{
	return driver->move[1] < 0 ? -driver->move[1] : driver->move[1];
}

/* The specification doesn't allow the move in progress: the target has to refuse it. */
static inline bool is_asked(const struct driver *driver)
{
	return driver->move[1] < 0;
}

/* The gates are open: the target runs freely. */
static inline bool is_draining(struct driver *driver)
{
	return qs_load_acquire(&driver->draining) != 0;
}

/*-------------------------------------------- failure.c ------------------------------------------*/

/* For a person. */
const char *drive_step_name(const struct driver *driver, int32_t step);

int64_t drive_milliseconds(void);

/* The first failure counts; false for all others. It is reported at the move in progress. */
__attribute__((format(printf, 3, 4))) bool drive_record(struct driver *driver, const char *kind, const char *format,
							...);

/* Records the failure. The thread never goes on: what it would do next isn't what was asked. */
__attribute__((format(printf, 3, 4), noreturn)) void drive_fail(struct driver *driver, const char *kind,
								const char *format, ...);

/* Records that the target has taken what it should have refused. */
__attribute__((noreturn)) void drive_fail_taken(struct driver *driver);

/* Compares the actual state with the expected one, and fails if they differ. */
void drive_compare(struct driver *driver);

/*--------------------------------------------- match.c -------------------------------------------*/

/* Finds the target's steps in the plan, and the plan's in the target. Returns NULL, or why they don't fit, in words. */
const char *drive_match(struct driver *driver);

/*--------------------------------------------- moves.c -------------------------------------------*/

/* Says where we are, to those who have to report it if this process dies. */
void drive_progress(struct driver *driver, int32_t move, int32_t lane, int32_t step);

/* Begins the move: what has to arrive for it to be complete. True when it is the calling thread's own. */
bool drive_next_move(struct driver *driver, struct worker *self);

/* The calling thread stands before this step of the plan, or is QS_IDLE. True: it goes on immediately. */
bool drive_arrive(struct worker *self, int32_t step);

/* The hook of the target's step points: a step of the target's, or QS_TARGET_SLEEPS. */
const int32_t *drive_hook(int step);

/*--------------------------------------------- paths.c -------------------------------------------*/

/* After a path's last move: opens the gates. True when the caller has to drain, too. */
bool drive_end_path(struct driver *driver, struct worker *self);

/* Called by one thread, when all others stand idle. True when the first move is its own. */
bool drive_next_path(struct driver *driver, struct worker *self);

#endif
