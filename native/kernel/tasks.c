/* SPDX-License-Identifier: MIT */
/* Our side of the tasks: starts the first, sends requests, and waits for what each of them does. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes.h"
#include "task.h"
#include "wait.h"

/*
 * A grace period of the kernel takes milliseconds; on a machine that is very busy, a second. Once one has not answered
 * the result is not certain any more, and so that it comes soon the others are given less.
 */
enum { PATIENCE_MS = 20000, LATER_MS = 2000, LOOK_MS = 500, END_MS = 1000 };
static int patience_ms = PATIENCE_MS;
static int hangs, hangs_before; /* how often nobody has answered in time; and before these tasks */

static enum { NOBODY, A_THREAD, A_PROCESS } second;
static int second_ends = -1; /* becomes readable when the second task's process ends; -1 where nobody says */
static pid_t second_process; /* where it is a process; 0: it is none */
static int second_id; /* its id, where it is a thread; 0: not known, or about to change */
static bool somebody_ended;
static int ended_by; /* that signal, as far as it is known */
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

/* Is a task gone, which is no child of ours if it is the second, and will never answer? */
static bool has_ended(struct pollfd watch, bool asked_second)
{
	siginfo_t ended = { .si_pid = 0 };
	bool thread_gone = asked_second && second_id != 0 &&
			   syscall(SYS_tgkill, first, second_id, 0) != 0 && errno == ESRCH;
	bool second_gone = thread_gone || (watch.fd >= 0 && (watch.revents & POLLIN) != 0);
	bool first_gone = waitid(P_PID, (id_t)first, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
			  ended.si_pid == first;
	somebody_ended = first_gone || second_gone;
	ended_by = first_gone && ended.si_code != CLD_EXITED ? ended.si_status : 0;
	return somebody_ended;
}

/* Waits for a message of the task, or of either of two; says whose it is, 0 when none comes. */
static int await(int one, int other, struct qs_reply *reply)
{
	bool second_asked = one == 2 || other == 2;
	struct pollfd from[3] = { { .fd = replies[one], .events = POLLIN },
				  { .fd = other ? replies[other] : -1, .events = POLLIN },
				  { .fd = second_asked ? second_ends : -1, .events = POLLIN } };
	for (int waited = 0; waited < patience_ms; waited += LOOK_MS) {
		int ready = poll(from, 3, LOOK_MS);
		if (ready < 0 && errno != EINTR)
			return 0;
		for (int i = 0; i < 2 && ready > 0; i++) {
			if ((from[i].revents & (POLLIN | POLLHUP)) == 0)
				continue;
			if (qs_pipe_read(from[i].fd, reply, sizeof(*reply)))
				return i ? other : one;
			/* The pipe is closed a little before its process is gone. */
			for (int ms = 0; ms < END_MS && !has_ended(from[2], second_asked); ms++)
				poll(NULL, 0, 1);
			return 0;
		}
		if (has_ended(from[2], second_asked))
			return 0;
	}
	patience_ms = LATER_MS;
	hangs++;
	return 0;
}

int qs_tasks_hangs(void)
{
	return hangs;
}

/* Linux 5.3 and later; elsewhere a task that is killed is missed only after a while. */
static void watch_second(int process)
{
	enum { PIDFD_OPEN = 434 };
	second_ends = (int)syscall(PIDFD_OPEN, process, 0);
}

static void forget_second(void)
{
	if (second_ends >= 0)
		close(second_ends);
	second_ends = -1;
	second_id = 0;
	second_process = 0;
	second = NOBODY;
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
	second_ends = -1;
	second_id = 0;
	second_process = 0;
	somebody_ended = false;
	vforked = false;
	hangs_before = hangs;
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
	pid_t other = second_process;
	bool hung = hangs > hangs_before;
	forget_second();
	close_all(); /* both read the end of their pipe, and leave; the second leaves its parent's vfork, too */
	if (first <= 0)
		return;
	qs_wait_end(first, first, hung);
	first = 0;
	/* A second task whose parent is gone is ours now, see PR_SET_CHILD_SUBREAPER in main.c. */
	qs_wait_end(-1, other, hung);
}

static bool ask(int task, struct qs_request request)
{
	return qs_pipe_write(requests[task], &request, sizeof(request));
}

/* No answer has come. */
static struct qs_result silent(void)
{
	return (struct qs_result){ somebody_ended ? QS_ENDED : QS_SILENT, somebody_ended ? ended_by : 0 };
}

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
			return silent();
		if (who == 2) {
			there = true;
			if (action == QS_THREAD)
				second_id = reply.answer;
			else
				watch_second(second_process = reply.answer);
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
		return silent();
	forget_second();
	if (await(1, 0, &reply) != 1)
		return silent();
	return reply.answer < 0 ? impossible(reply.answer) : answered(0);
}

static struct qs_result replace(int by, int leader)
{
	struct qs_reply reply;
	int who;
	second_id = 0; /* it goes on under the first one's id */
	who = await(leader, by == leader ? 0 : by, &reply);
	if (who == 0)
		return silent();
	if (!reply.hello)
		return impossible(reply.answer);
	if (by == 2 && second == A_PROCESS && !end_vfork())
		return silent();
	if (second == A_THREAD)
		forget_second();
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
		return silent();
	switch (step->action) {
	case QS_CALL:
		return await(step->by, 0, &reply) == step->by && !reply.hello ? answered(reply.answer) : silent();
	case QS_EXEC:
		return replace(step->by, leader);
	case QS_EXIT:
		return leave();
	default:
		return start(step->by, step->action);
	}
}
