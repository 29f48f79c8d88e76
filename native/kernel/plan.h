/* SPDX-License-Identifier: MIT */
/* The types of generated/plan.h, which is made from the state graph of the specification's module Api. */
#ifndef QS_KERNEL_PLAN_H
#define QS_KERNEL_PLAN_H

/* What a task does in one step of the specification. */
enum qs_action { QS_CALL, QS_THREAD, QS_CLONE, QS_VFORK, QS_FORK, QS_EXEC, QS_EXIT };

/* Which processor a call names. The specification says that it does not matter. */
enum qs_cpu { QS_CPU_OWN, QS_CPU_OTHER, QS_CPU_OFFLINE, QS_CPU_BEYOND, QS_CPU_NEGATIVE };

struct qs_step {
	unsigned char by; /* the task: 1 or 2 */
	unsigned char action;
	int command;
	unsigned int flags;
	unsigned char cpu;
};

struct qs_move {
	unsigned short step, before; /* in QS_STEPS, in QS_STATES */
	short answer; /* of the specification: a mask, 0, or a negated error */
	unsigned char first; /* no move before this one has taken the same edge */
};

struct qs_path {
	int kernel; /* the mask that QUERY answers, as far as the suite has it in play; -1: there is no such call */
	int first, count; /* in QS_MOVES */
};

struct qs_suite {
	const char *claim;
	int mask; /* the bits of QUERY's answer that it has in play */
	int first, count; /* in QS_PATHS */
};

#endif
