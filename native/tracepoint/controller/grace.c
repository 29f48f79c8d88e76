/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "grace.h"

#include <time.h>

#include "../../src/letters.h"
#include "../../src/membarrier.h"
#include "guard.h"
#include "say.h"
#include "step.h"
#include "../switch_step.h"

enum { SPINS = 2000, SLEEP_NS = 100000 };

uint64_t qs_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct qs_patience qs_patience_of(unsigned milliseconds)
{
	return (struct qs_patience){ qs_now() + milliseconds * UINT64_C(1000000), 0 };
}

bool qs_patience_wait(struct qs_patience *patience)
{
	const struct timespec pause = { .tv_nsec = SLEEP_NS };
	if (patience->looks++ < SPINS) {
		qs_pause();
		return true;
	}
	if (qs_now() >= patience->until)
		return false;
	nanosleep(&pause, NULL);
	return true;
}

/*
 * publish -> raise and scan. Pairs with A: where the directory is GLOBAL, traced threads hold only the compiler, and
 * this is their barrier; elsewhere each has a fence of its own.
 */
static void fence_e(const struct qs_directory *directory)
{
	qs_full_fence();
	if ((directory->flags & QS_TRACE_GLOBAL) == 0)
		return;
	if (!qs_membarrier_try(QS_GLOBAL_EXPEDITED))
		qs_fail(QS_EXIT_MACHINE, directory->path,
			"Run the controller outside of the container or filter that forbids the system call.",
			"membarrier is refused here, and who is traced relies on it: the rules hold, but events that "
			"were switched off may still come");
}

struct looked {
	const struct qs_trace_process *shared;
	uint64_t number, applied;
	uint32_t ring, rings;
};

static void load_applied(void *with)
{
	struct looked *looked = with;
	looked->applied = qs_load_acquire(&looked->shared->header.applied);
}

enum qs_waiting qs_wait_opened(const struct qs_directory *directory, struct qs_process *process,
			       struct qs_patience *patience)
{
	struct looked looked = { .shared = process->shared };
	for (;;) {
		/*
		 * Whose memory is gone can't be waited for; it was cut off by somebody who may do as he likes with
		 * it.
		 */
		if (!qs_guarded(load_applied, &looked) || looked.applied != 0)
			return QS_NOT_WAITING;
		if (patience->looks % 64 == 0 && qs_process_life(directory, process) == QS_DEAD)
			return QS_NOT_WAITING;
		/* Others may have used the patience up before it died. */
		if (!qs_patience_wait(patience))
			return qs_process_life(directory, process) == QS_DEAD ? QS_NOT_WAITING : QS_WAITING_OPENING;
	}
}

/* Looks at the rings from `ring` on; stops at the first that is in a section which began before. */
static void scan(void *with)
{
	struct looked *looked = with;
	for (; looked->ring < looked->rings; looked->ring++) {
		uint64_t announced = qs_load_relaxed(&looked->shared->rings[looked->ring].announced);
		if (announced != 0 && announced < looked->number)
			return;
	}
}

static bool pass(const struct qs_directory *directory, struct qs_process *process, uint64_t number,
		 struct qs_patience *patience)
{
	struct looked looked = { .shared = process->shared, .number = number, .rings = qs_process_rings(process) };
	unsigned looks = 0;
	for (;;) {
		if (!qs_guarded(scan, &looked) || looked.ring == looked.rings)
			return true;
		if (looks++ % 64 == 63 && qs_process_life(directory, process) == QS_DEAD)
			return true;
		if (!qs_patience_wait(patience))
			return qs_process_life(directory, process) == QS_DEAD;
	}
}

struct raised {
	struct qs_trace_control *control;
	uint64_t number;
};

static void raise_number(void *with)
{
	struct raised *raised = with;
	raised->number = qs_load_relaxed(&raised->control->gp) + 1;
	qs_store_relaxed(&raised->control->gp, raised->number);
}

bool qs_grace_period(const struct qs_directory *directory, const struct qs_processes *processes,
		     enum qs_waiting *waiting, struct qs_patience *patience)
{
	struct raised raised = { directory->control, 0 };
	bool all = true;
	QS_TRACE_STEP(GraceBegin);
	fence_e(directory);
	QS_TRACE_STEP(GraceRaise);
	QS_TRACE_SWITCH_STEP(RaiseGp);
	if (!qs_guarded(raise_number, &raised) || raised.number == 0)
		qs_fail(QS_EXIT_INPUT, directory->path, NULL, "control was cut off while it was in use");
	for (size_t i = 0; i < processes->count; i++) {
		QS_TRACE_STEP(GraceScan);
		QS_TRACE_SWITCH_STEP(Scan);
		if (!pass(directory, processes->list[i], raised.number, patience)) {
			waiting[i] = QS_WAITING_SECTION;
			all = false;
		}
	}
	QS_TRACE_SWITCH_STEP(Scan);
	fence_h();
	QS_TRACE_STEP(GraceEnd);
	return all;
}
