/* SPDX-License-Identifier: MIT */
/* A task's own side: it reads a request, does it, and answers. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes.h"
#include "processors.h"
#include "task.h"

static const struct qs_self *self_of_tasks;
static pthread_t thread;

static void answer(int task, int value)
{
	struct qs_reply reply = { .hello = 0, .answer = value };
	if (!qs_pipe_write(qs_reply_end(task), &reply, sizeof(reply)))
		_exit(1);
}

static int be_second(void *unused)
{
	(void)unused;
	qs_task_serve(2, self_of_tasks);
	return 0;
}

static void *second_thread(void *unused)
{
	be_second(unused);
	return NULL;
}

/* A child that shares our memory needs a stack of its own, also while we wait for its vfork to end. */
static int start_sharing(int flags)
{
	static _Alignas(64) char stack[1 << 16];
	return clone(be_second, stack + sizeof(stack), CLONE_VM | flags | SIGCHLD, NULL);
}

static int start_fork(void)
{
	pid_t child = fork();
	if (child == 0) {
		be_second(NULL);
		_exit(0);
	}
	return child;
}

static void execute(int task, int leader)
{
	char number[2] = { (char)('0' + leader), '\0' };
	char option[] = "--task";
	char *program = (char *)(size_t)self_of_tasks->program, *through = (char *)(size_t)self_of_tasks->through;
	char through_option[] = "--through";
	if (through != NULL) {
		char *words[] = { through, program, option, number, through_option, through, NULL };
		execv(through, words);
	} else {
		char *words[] = { program, option, number, NULL };
		execv(program, words);
	}
	answer(task, -errno);
}

static void begin(int task, int action)
{
	int started = 0;
	switch (action) {
	case QS_THREAD:
		started = -pthread_create(&thread, NULL, second_thread, NULL);
		break;
	case QS_CLONE:
		started = start_sharing(0);
		break;
	case QS_VFORK:
		started = start_sharing(CLONE_VFORK);
		break;
	case QS_FORK:
		started = start_fork();
		break;
	default:
		break;
	}
	if (started == -1)
		started = -errno;
	answer(task, started < 0 ? started : 0);
}

static void reap(int task, int is_thread)
{
	int gone = is_thread ? -pthread_join(thread, NULL) : waitpid(-1, NULL, __WALL) < 0 ? -errno : 0;
	answer(task, gone);
}

void qs_task_serve(int task, const struct qs_self *self)
{
	struct qs_reply hello = { .hello = 1, .answer = (int)syscall(SYS_gettid) };
	struct qs_request request;
	self_of_tasks = self;
	if (!qs_pipe_write(qs_reply_end(task), &hello, sizeof(hello)))
		_exit(1);
	while (qs_pipe_read(qs_request_end(task), &request, sizeof(request))) {
		if (request.ask == QS_ASK_REAP)
			reap(task, request.what);
		else if (request.what == QS_CALL)
			answer(task, qs_kernel_call(request.command, request.flags,
						    qs_processor((enum qs_cpu)request.cpu)));
		else if (request.what == QS_EXEC)
			execute(task, request.leader);
		else if (request.what == QS_EXIT)
			return;
		else
			begin(task, request.what);
	}
	/* Whoever asks is gone, so nobody needs this task or those that it shares its memory with. */
	_exit(0);
}
