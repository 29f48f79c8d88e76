/* SPDX-License-Identifier: MIT */
/*
 * One grace period across all processes of a directory: when it has ended, no section is left that has begun before.
 * The algorithm is spec/rcu's *number*, with a slot a ring, in each process's own file.
 */
#ifndef QS_TRACE_GRACE_H
#define QS_TRACE_GRACE_H

#include "directory.h"
#include "process.h"

enum qs_waiting { QS_NOT_WAITING, QS_WAITING_SECTION, QS_WAITING_OPENING };

/* How long one may be waited for, together, before it is given up. */
struct qs_patience {
	uint64_t until; /* CLOCK_MONOTONIC, ns */
	unsigned looks;
};

uint64_t qs_now(void);
struct qs_patience qs_patience_of(unsigned milliseconds);
/* Spins for a while, then sleeps; false when the time is over. */
bool qs_patience_wait(struct qs_patience *patience);

/* Waits until the process has applied rules by itself: only then are its words ours to write. */
enum qs_waiting qs_wait_opened(const struct qs_directory *directory, struct qs_process *process,
			       struct qs_patience *patience);

/*
 * Runs the grace period. `waiting` has an element a process, and says which of them is in a section still when patience
 * ended. False where not all of them have passed.
 */
bool qs_grace_period(const struct qs_directory *directory, const struct qs_processes *processes,
		     enum qs_waiting *waiting, struct qs_patience *patience);

#endif
