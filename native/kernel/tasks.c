/* SPDX-License-Identifier: MIT */
/* Our side of the tasks: starts the first, sends requests, and waits for what each of them does. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes.h"
#include "task.h"

/* A grace period of the kernel takes milliseconds; on a machine that is very busy, a second. */
enum { PATIENCE_MS = 60000, LOOK_MS = 1000 };

static enum { NOBODY, A_THREAD, A_PROCESS } second;
static bool vforked;
static pid_t first;
static int requests[QS_TASKS + 1], replies[QS_TASKS + 1]; /* our ends, by task */

static void close_all(void)
{
	for (int task = 1; task <= QS_TASKS; task++) {
		if (requests[task] > 0)
			close(requests[task]);
		if (replies[task] > 0)
			close(replies[task]);
		requests[task] = replies[task] = 0;
	}
}

/* Puts a pipe's end where the tasks expect it. */
static bool place(int from, int at)
{
	bool placed = dup2(from, at) == at;
	close(from);
	return placed;
}

static void serve_as_first(int ends[QS_TASKS + 1][2], const struct qs_self *self)
{
	close_all();
	for (int task = 1; task <= QS_TASKS; task++)
		if (!place(ends[task][0], qs_request_end(task)) || !place(ends[task][1], qs_reply_end(task)))
			_exit(1);
	qs_task_serve(1, self);
	_exit(0);
}

/* Waits for a message of the task, or of either of two; says whose it is, 0 when none comes. */
static int await(int one, int other, struct qs_reply *reply)
{
	struct pollfd from[2] = { { .fd = replies[one], .events = POLLIN },
				  { .fd = other ? replies[other] : -1, .events = POLLIN } };
	for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
		int ready = poll(from, 2, LOOK_MS);
		if (ready < 0 && errno != EINTR)
			return 0;
		for (int i = 0; i < 2 && ready > 0; i++)
			if (from[i].revents & POLLIN)
				return qs_pipe_read(from[i].fd, reply, sizeof(*reply)) ? (i ? other : one) : 0;
		siginfo_t ended = { .si_pid = 0 };
		if (waitid(P_PID, (id_t)first, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == first)
			return 0;
	}
	return 0;
}

bool qs_tasks_begin(const struct qs_self *self)
{
	int ends[QS_TASKS + 1][2];
	struct qs_reply reply;
	for (int task = 1; task <= QS_TASKS; task++) {
		int to[2], from[2];
		if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
			return false;
		requests[task] = to[1];
		ends[task][0] = to[0];
		replies[task] = from[0];
		ends[task][1] = from[1];
	}
	second = NOBODY;
	vforked = false;
	fflush(NULL); /* or a child would print it again */
	first = fork();
	if (first == 0)
		serve_as_first(ends, self);
	for (int task = 1; task <= QS_TASKS; task++) {
		close(ends[task][0]);
		close(ends[task][1]);
	}
	return first > 0 && await(1, 0, &reply) == 1 && reply.hello;
}

void qs_tasks_end(void)
{
	close_all(); /* both read the end of their pipe, and leave; the second leaves its parent's vfork, too */
	if (first <= 0)
		return;
	siginfo_t ended = { .si_pid = 0 };
	for (int tries = 0; tries < 200; tries++) {
		if (waitid(P_PID, (id_t)first, &ended, WEXITED | WNOHANG) == 0 && ended.si_pid == first)
			break;
		poll(NULL, 0, tries < 20 ? 1 : 20);
	}
	if (ended.si_pid != first) {
		kill(first, SIGKILL);
		waitpid(first, NULL, 0);
	}
	first = 0;
	/* A second task whose parent is gone is ours now, see PR_SET_CHILD_SUBREAPER in main.c. */
	while (waitpid(-1, NULL, __WALL) > 0)
		;
}

static bool ask(int task, struct qs_request request)
{
	return qs_pipe_write(requests[task], &request, sizeof(request));
}

static const struct qs_result SILENT = { QS_SILENT, 0 };

static struct qs_result answered(int value)
{
	return (struct qs_result){ QS_ANSWERED, value };
}

static struct qs_result impossible(int error)
{
	return (struct qs_result){ QS_IMPOSSIBLE, error };
}

/* Who starts another answers at once, except to a vfork; who was started says so. */
static struct qs_result start(int by, int action)
{
	struct qs_reply reply;
	bool there = false, told = action == QS_VFORK;
	while (!there || !told) {
		int who = await(by, 2, &reply);
		if (who == 0)
			return SILENT;
		if (who == 2) {
			there = true;
		} else {
			if (reply.answer < 0)
				return impossible(reply.answer);
			/* An emulation may take vfork for fork, and not wait. */
			if (action == QS_VFORK)
				return impossible(-ENOSYS);
			told = true;
		}
	}
	second = action == QS_THREAD ? A_THREAD : A_PROCESS;
	vforked = action == QS_VFORK;
	return answered(2);
}

/* Lets the first task go on that waited for its vfork. */
static bool end_vfork(void)
{
	struct qs_reply reply;
	if (!vforked)
		return true;
	vforked = false;
	return await(1, 0, &reply) == 1 && !reply.hello;
}

static struct qs_result leave(void)
{
	struct qs_reply reply;
	bool is_thread = second == A_THREAD;
	if (!end_vfork() || !ask(1, (struct qs_request){ .ask = QS_ASK_REAP, .what = is_thread }))
		return SILENT;
	second = NOBODY;
	if (await(1, 0, &reply) != 1)
		return SILENT;
	return reply.answer < 0 ? impossible(reply.answer) : answered(0);
}

static struct qs_result replace(int by, int leader)
{
	struct qs_reply reply;
	int who = await(leader, by == leader ? 0 : by, &reply);
	if (who == 0)
		return SILENT;
	if (!reply.hello)
		return impossible(reply.answer);
	if (by == 2 && second == A_PROCESS && !end_vfork())
		return SILENT;
	if (second == A_THREAD)
		second = NOBODY;
	return answered(leader);
}

struct qs_result qs_tasks_take(const struct qs_step *step)
{
	struct qs_reply reply;
	int leader = step->by == 2 && second == A_PROCESS ? 2 : 1;
	struct qs_request request = {
		.ask = QS_ASK_STEP,
		.what = step->action,
		.command = step->command,
		.flags = step->flags,
		.cpu = step->cpu,
		.leader = leader,
	};
	if (!ask(step->by, request))
		return SILENT;
	switch (step->action) {
	case QS_CALL:
		return await(step->by, 0, &reply) == step->by && !reply.hello ? answered(reply.answer) : SILENT;
	case QS_EXEC:
		return replace(step->by, leader);
	case QS_EXIT:
		return leave();
	default:
		return start(step->by, step->action);
	}
}
