/* SPDX-License-Identifier: MIT */
/* What goes through the pipes between us and a task, and where their ends are. */
#ifndef QS_KERNEL_PIPES_H
#define QS_KERNEL_PIPES_H

#include <stdbool.h>
#include <stddef.h>

enum qs_ask {
	QS_ASK_STEP, /* the action in `what` */
	QS_ASK_REAP /* wait until the second task, which is a thread (`what` 1) or a process (0), is gone */
};

struct qs_request {
	int ask, what, command;
	unsigned int flags;
	int cpu, leader;
};

struct qs_reply {
	int hello; /* 1: a task begins to serve; 0: the answer to a request */
	int answer; /* the answer; or, in a greeting, the thread's id */
};

/* A task's ends have fixed numbers, so that they are known after exec. */
enum { QS_FIRST_DESCRIPTOR = 40 };
static inline int qs_request_end(int task)
{
	return QS_FIRST_DESCRIPTOR + 2 * task;
}
static inline int qs_reply_end(int task)
{
	return QS_FIRST_DESCRIPTOR + 2 * task + 1;
}

/* Whole messages; false at the end of the pipe. A message is shorter than PIPE_BUF, so it comes in one piece. */
bool qs_pipe_read(int descriptor, void *message, size_t size);
bool qs_pipe_write(int descriptor, const void *message, size_t size);

#endif
