/* SPDX-License-Identifier: MIT */
/*
 * Tasks that do what they are asked to: the first is a child process of ours, the second is started by the first as a
 * thread, by clone(CLONE_VM), by vfork or by fork. Requests and answers go through pipes, so a task may share its
 * memory with another or replace it by exec.
 */
#ifndef QS_KERNEL_TASK_H
#define QS_KERNEL_TASK_H

#include <stdbool.h>

#include "plan.h"

enum { QS_TASKS = 2 };

/* What a request came to. */
enum qs_outcome {
	QS_ANSWERED,
	QS_IMPOSSIBLE, /* this machine can't start such a task: `answer` is the error */
	QS_SILENT, /* no answer came in time, or no task can be started */
	QS_ENDED /* a task has ended meanwhile; `answer` is the signal that ended it, 0 when that is not known */
};

struct qs_result {
	enum qs_outcome outcome;
	int answer;
};

/* How exec reaches this program again: itself, or another program (an emulator) with this one as its argument. */
struct qs_self {
	const char *program;
	const char *through; /* NULL: none */
};

/* Starts the first task, which has registered for nothing. False when that is not possible. */
bool qs_tasks_begin(const struct qs_self *self);
/* Takes one step in its task, and answers once it is over: who was started is there, who has left is gone. */
struct qs_result qs_tasks_take(const struct qs_step *step);
/* Ends all tasks. */
void qs_tasks_end(void);
/* How many requests have had no answer in time, of all tasks that there were. Each takes seconds. */
int qs_tasks_hangs(void);

/* What a task does after an exec: serves requests. Returns only from a thread that leaves. */
void qs_task_serve(int task, const struct qs_self *self);

/* membarrier(2): an answer, or a negated error. */
int qs_kernel_call(int command, unsigned int flags, int cpu);

#endif
