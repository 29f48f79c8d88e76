/* SPDX-License-Identifier: MIT */
/* A caller and a target, each on its own processor, that play store buffering for many rounds. */
#ifndef QS_KERNEL_PAIR_H
#define QS_KERNEL_PAIR_H

#include <stdbool.h>
#include <stdint.h>

enum qs_target {
	QS_TARGET_THREAD, /* of the caller's process */
	QS_TARGET_PROCESS, /* registers on the processor on which it runs */
	/* Runs on its processor, registers on the caller's, and comes back: its own has kept its address space. */
	QS_TARGET_REGISTERS_ELSEWHERE,
	QS_TARGET_SIBLING_EXITS /* registers, and then a thread of it exits on its processor */
};

struct qs_pair {
	int command; /* QUERY, which is no barrier, makes a witness */
	int registration; /* of the target, and of the caller if they are threads; 0: none */
	unsigned int flags; /* with 1, the call names the target's processor */
	enum qs_target target;
	int caller, on; /* the processors of the caller and of the target */
	long rounds;
	long limit_ms; /* ends after that long, with the rounds that were played */
};

struct qs_pair_outcome {
	int problem; /* 0, or what is wrong, for qs_pair_problem; then the rest means nothing */
	long misses; /* rounds in which both loads missed */
	long rounds; /* that were played */
	bool quiet; /* nobody else ran while the target prepared itself */
};

/* Milliseconds; what the limits are measured by. */
int64_t qs_pair_clock(void);

/* Runs it in processes of its own. */
struct qs_pair_outcome qs_pair_run(const struct qs_pair *pair);
const char *qs_pair_problem(int result);
/* Is it a call that does not return? Another one may not, either, and that takes long to find out. */
bool qs_pair_hangs(int result);

#endif
