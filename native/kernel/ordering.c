/* SPDX-License-Identifier: MIT */
/*
 * Store buffering, between a caller and a target on another processor:
 *
 *     caller: y = i; membarrier; r2 = x          target: x = i; compiler barrier; r1 = y
 *
 * Without a barrier in the target both loads may miss both stores. With it they may not: that is the promise. Each
 * command is tried beside a witness, which calls QUERY instead: that takes a system call's time, and is no barrier for
 * anybody else. Where the witness sees no miss, a command that does nothing would not be seen either, so nothing is
 * certain: under an emulation a call takes so long that the target's store is there by then.
 */
#define _GNU_SOURCE
#include "ordering.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>

#include "generated/membarrier_commands.h"
#include "pair.h"
#include "tap.h"

/* So many misses of the witness make it unlikely that a broken command's would all be missed: e^-10. */
enum { ENOUGH = 10, TRIES = 5 };
/*
 * On a machine that is busy each test ends after so long, with what has been seen, and all of them within a minute: for
 * the usual rounds; who asks for more gets more. A call of GLOBAL takes milliseconds.
 */
enum { TRY_MS = 1500, ROW_MS = 2500, GLOBAL_MS = 9000, GAP_MS = 7000, USUAL_ROUNDS = 5000 };
/*
 * A gap lasts until something else runs on the target's processor, so it takes many short-lived processes to see one
 * on a machine that does other things, too. A few misses are enough.
 */
enum { GAP_PROCESSES = 100, GAP_ROUNDS_OF = 12, GAP_MISSES = 20, GAP_QUIET = 10 };

struct row {
	const char *name;
	int command, registration;
	unsigned int flags;
	enum qs_target target;
	const char *gap; /* the claim that says that today's kernels miss here */
	bool swapped; /* the two change places: a processor that is named by chance is not always the right one */
};

static const struct row ROWS[] = {
	{ "GLOBAL", QS_CMD_GLOBAL, 0, 0, QS_TARGET_THREAD, NULL, false },
	{ "PRIVATE_EXPEDITED", QS_CMD_PRIVATE_EXPEDITED, QS_CMD_REGISTER_PRIVATE_EXPEDITED, 0,
	  QS_TARGET_THREAD, NULL, false },
	{ "PRIVATE_EXPEDITED_SYNC_CORE", QS_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
	  QS_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, QS_TARGET_THREAD, NULL, false },
	{ "PRIVATE_EXPEDITED_RSEQ", QS_CMD_PRIVATE_EXPEDITED_RSEQ,
	  QS_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, QS_TARGET_THREAD, NULL, false },
	{ "PRIVATE_EXPEDITED_RSEQ for one CPU", QS_CMD_PRIVATE_EXPEDITED_RSEQ,
	  QS_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 1, QS_TARGET_THREAD, NULL, false },
	{ "PRIVATE_EXPEDITED_RSEQ for the other CPU", QS_CMD_PRIVATE_EXPEDITED_RSEQ,
	  QS_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 1, QS_TARGET_THREAD, NULL, true },
	{ "GLOBAL_EXPEDITED", QS_CMD_GLOBAL_EXPEDITED, QS_CMD_REGISTER_GLOBAL_EXPEDITED, 0,
	  QS_TARGET_PROCESS, NULL, false },
	{ "GLOBAL_EXPEDITED, registered where the CPU keeps the old address space",
	  QS_CMD_GLOBAL_EXPEDITED, QS_CMD_REGISTER_GLOBAL_EXPEDITED, 0, QS_TARGET_REGISTERS_ELSEWHERE,
	  "membarrier/registration/Registration-today.1.TRUE", false },
	{ "GLOBAL_EXPEDITED, after a thread of the target has exited", QS_CMD_GLOBAL_EXPEDITED,
	  QS_CMD_REGISTER_GLOBAL_EXPEDITED, 0, QS_TARGET_SIBLING_EXITS,
	  "membarrier/registration/Registration-exit", false },
};
enum { ROW_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

struct tally {
	long misses, rounds;
	int quiet; /* tries in which nobody else ran */
	int tries; /* that there was time for */
	int problem; /* of the last try: 0, or why it has no result */
	bool cut; /* the time was up */
};

static bool calls_hang; /* a call has not returned: no other is tried */

/* Tries until the pair has missed `enough` times, or `tries` or the time is used up. */
static struct tally attempt(const struct qs_pair *base, int tries, long enough, long limit_ms)
{
	struct tally tally = { 0 };
	struct qs_pair pair = *base;
	const int64_t start = qs_pair_clock();
	for (int i = 0; i < tries && tally.misses < enough && tally.problem == 0 && !calls_hang; i++) {
		struct qs_pair_outcome outcome;
		pair.limit_ms = limit_ms - (long)(qs_pair_clock() - start);
		if (pair.limit_ms <= 0) {
			tally.cut = true;
			break;
		}
		outcome = qs_pair_run(&pair);
		tally.problem = outcome.problem;
		calls_hang = qs_pair_hangs(outcome.problem);
		if (outcome.problem == 0) {
			tally.tries++;
			tally.misses += outcome.misses;
			tally.rounds += outcome.rounds;
			tally.quiet += outcome.quiet;
			tally.cut |= outcome.rounds < pair.rounds;
		}
	}
	return tally;
}

static bool waits_patiently;

/* How long so many rounds may take, where the usual ones may take `usual_ms`. */
static long limit_of(long usual_ms, long rounds)
{
	if (waits_patiently)
		return LONG_MAX;
	return rounds > USUAL_ROUNDS ? usual_ms * (rounds / USUAL_ROUNDS + 1) : usual_ms;
}

static long usual_ms(const struct row *row)
{
	return row->gap ? GAP_MS : row->command == QS_CMD_GLOBAL ? GLOBAL_MS : ROW_MS;
}

/* A miss where a gap is known is that gap, unless the command has missed without it, too. Says whether it missed. */
static bool try_row(const struct row *row, const struct qs_pair *base, long witness, long witness_rounds, bool broken)
{
	struct qs_pair pair = *base;
	char name[256], why[256];
	pair.command = row->command;
	pair.registration = row->registration;
	pair.flags = row->flags;
	pair.target = row->target;
	if (row->swapped) {
		pair.caller = base->on;
		pair.on = base->caller;
	}
	/* As many rounds as let a command that does nothing miss often enough; a call of GLOBAL takes milliseconds. */
	if (row->command == QS_CMD_GLOBAL) {
		pair.rounds = witness > 0 ? 5 * ENOUGH * witness_rounds / witness : 0;
		if (pair.rounds < base->rounds / 100)
			pair.rounds = base->rounds / 100;
		if (pair.rounds > base->rounds / 10)
			pair.rounds = base->rounds / 10;
	}
	if (row->gap)
		pair.rounds = base->rounds / GAP_ROUNDS_OF;
	if (calls_hang) {
		snprintf(name, sizeof(name), "ordering %s: both loads missed in 0 of 0 rounds", row->name);
		qs_tap_inconclusive("not tried, since a call did not return", name);
		return false;
	}
	struct tally tally =
		attempt(&pair, row->gap ? GAP_PROCESSES : 1, GAP_MISSES, limit_of(usual_ms(row), base->rounds));
	snprintf(name, sizeof(name), "ordering %s: both loads missed in %ld of %ld rounds", row->name, tally.misses,
		 tally.rounds);
	if (tally.problem != 0) {
		snprintf(why, sizeof(why), "the test can't run: %s", qs_pair_problem(tally.problem));
		qs_tap_inconclusive(why, name);
	} else if (tally.misses > 0 && row->gap != NULL && !broken) {
		qs_tap_gap(row->gap, name);
	} else if (tally.misses > 0) {
		qs_tap_fail("%s", name);
		qs_tap_details_begin();
		qs_tap_detail("call", row->name);
		qs_tap_detail("expected", "0 misses");
		snprintf(why, sizeof(why), "%ld misses in %ld rounds", tally.misses, tally.rounds);
		qs_tap_detail("answer", why);
		qs_tap_details_end();
	} else if (tally.cut && witness * tally.rounds < ENOUGH * witness_rounds) {
		snprintf(why, sizeof(why),
			 "others run on its processors, so that only %ld rounds were played in the time: a command "
			 "that does nothing could go unnoticed. Try when the machine is idle, or with --patient",
			 tally.rounds);
		qs_tap_inconclusive(why, name);
	} else if (witness_rounds == 0 || witness * tally.rounds < ENOUGH * witness_rounds) {
		snprintf(why, sizeof(why),
			 "with QUERY instead, both loads missed in only %ld of %ld rounds, so a command that does "
			 "nothing could go unnoticed",
			 witness, witness_rounds);
		qs_tap_inconclusive(why, name);
	} else if (row->gap != NULL && tally.quiet < GAP_QUIET) {
		snprintf(why, sizeof(why),
			 "others ran meanwhile in all but %d of %d processes, which hides this: try when the machine "
			 "is idle",
			 tally.quiet, tally.tries);
		qs_tap_inconclusive(why, name);
	} else {
		qs_tap_pass("%s", name);
	}
	return tally.misses > 0;
}

/* Two processors that this process may run on. */
static int two_processors(int *caller, int *target)
{
	cpu_set_t allowed;
	int found = 0;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return 0;
	for (size_t cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			*(found++ == 0 ? caller : target) = (int)cpu;
	return found;
}

void qs_ordering_all(int mask, long rounds, bool gaps, bool patient)
{
	struct qs_pair pair = { .rounds = rounds, .command = QS_CMD_QUERY };
	waits_patiently = patient;
	if (two_processors(&pair.caller, &pair.on) < 2) {
		qs_tap_inconclusive("there is one processor only, on which nothing can be out of order", "ordering");
		return;
	}
	long witness[2] = { 0, 0 }, of[2] = { 0, 0 };
	static const enum qs_target WITNESS[2] = { QS_TARGET_THREAD, QS_TARGET_PROCESS };
	for (int i = 0; i < 2; i++) {
		pair.target = WITNESS[i];
		struct tally tally = attempt(&pair, TRIES, ENOUGH, limit_of(TRY_MS * TRIES, rounds));
		witness[i] = tally.misses;
		of[i] = tally.rounds;
		qs_tap_say("witness: QUERY instead, %s: both loads missed in %ld of %ld rounds",
			   i ? "another process" : "a thread", witness[i], of[i]);
	}
	int broken = 0; /* commands that have missed where there is no gap */
	for (int i = 0; i < ROW_COUNT; i++) {
		const struct row *row = &ROWS[i];
		int needed = row->command | row->registration, kind = row->target != QS_TARGET_THREAD;
		if ((mask & needed) == needed && (gaps || row->gap == NULL))
			if (try_row(row, &pair, witness[kind], of[kind], (broken & row->command) != 0))
				broken |= row->gap == NULL ? row->command : 0;
	}
}
