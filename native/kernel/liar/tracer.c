/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tracer.h"

#include <elf.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define RESULT(registers) ((registers).rax)
#define CLONE_FLAGS(registers) ((registers).rdi)
#define IS_CLONE(registers) ((registers).orig_rax == SYS_clone)
#elif defined(__aarch64__)
/* The result has taken the place of the first argument, so flags are not known: see EVENT_FORK below. */
#error "the liar is written for x86-64: elsewhere its tests are skipped"
#else
#error "the liar is written for x86-64: elsewhere its tests are skipped"
#endif

struct task {
	pid_t id; /* 0: free */
	int space; /* 0: stopped before its parent told about it */
	int command, cpu;
	unsigned int flags;
};

enum { TASKS = 64 };
static struct task tasks[TASKS];
static int calls; /* that were made so far */

static void give_up(const char *what)
{
	fprintf(stderr, "liar: %s: errno %d\n", what, errno);
	exit(3); /* PTRACE_O_EXITKILL ends all that we trace */
}

static struct task *find(pid_t id)
{
	for (int i = 0; i < TASKS; i++)
		if (tasks[i].id == id)
			return &tasks[i];
	return NULL;
}

static struct task *add(pid_t id, int space)
{
	struct task *task = find(0);
	if (task == NULL)
		give_up("too many tasks");
	*task = (struct task){ .id = id, .space = space };
	return task;
}

static void go_on(int request, pid_t id, int signal)
{
	/* A task may be killed while it is stopped. */
	if (ptrace((enum __ptrace_request)request, id, NULL, (void *)(intptr_t)signal) != 0 && errno != ESRCH)
		give_up("a task can't go on");
}

static unsigned long message_of(pid_t id)
{
	unsigned long message = 0;
	if (ptrace(PTRACE_GETEVENTMSG, id, NULL, &message) != 0)
		give_up("an event has no message");
	return message;
}

static bool get_registers(pid_t id, struct user_regs_struct *registers)
{
	struct iovec all = { registers, sizeof(*registers) };
	return ptrace(PTRACE_GETREGSET, id, (void *)NT_PRSTATUS, &all) == 0;
}

/* Who starts another: vfork and threads have events of their own, a clone with CLONE_VM has that of a fork. */
static enum qs_start how_started(pid_t id, int event)
{
	struct user_regs_struct registers;
	if (event == PTRACE_EVENT_VFORK)
		return QS_START_VFORK;
	if (event == PTRACE_EVENT_CLONE)
		return QS_START_THREAD;
	if (!get_registers(id, &registers))
		give_up("a clone has no registers");
	return IS_CLONE(registers) && (CLONE_FLAGS(registers) & CLONE_VM) ? QS_START_CLONE : QS_START_FORK;
}

static void started(const struct qs_emulation *kernel, struct task *parent, int event)
{
	pid_t id = (pid_t)message_of(parent->id);
	int space = qs_emulate_start(kernel, how_started(parent->id, event), parent->space);
	struct task *child = find(id);
	if (child == NULL) {
		add(id, space);
		return;
	}
	child->space = space;
	go_on(PTRACE_CONT, id, 0); /* it has been waiting for this */
}

/* After an exec the task has the name of its process; the other threads are gone. */
static void executed(const struct qs_emulation *kernel, pid_t id)
{
	pid_t former = (pid_t)message_of(id);
	struct task *task = find(former);
	struct task *leader = find(id);
	if (task == NULL)
		give_up("an unknown task has executed a program");
	int space = qs_emulate_exec(kernel, task->space);
	if (leader != NULL && leader != task)
		leader->id = 0;
	task->id = id;
	task->space = space;
}

static void called(struct task *task)
{
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->id, (void *)sizeof(info), &info) <= 0)
		give_up("a call has no arguments");
	task->command = (int)info.seccomp.args[0];
	task->flags = (unsigned int)info.seccomp.args[1];
	task->cpu = (int)info.seccomp.args[2];
}

static void returns(const struct qs_emulation *kernel, struct task *task)
{
	struct user_regs_struct registers;
	struct iovec all = { &registers, sizeof(registers) };
	if (!get_registers(task->id, &registers))
		give_up("a return has no registers");
	int answer = qs_emulate_call(kernel, task->space, task->command, task->flags, task->cpu);
	RESULT(registers) = (unsigned long long)(long long)answer;
	if (ptrace(PTRACE_SETREGSET, task->id, (void *)NT_PRSTATUS, &all) != 0)
		give_up("an answer can't be given");
}

static void stopped(const struct qs_emulation *kernel, pid_t id, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status);
	struct task *task = find(id);
	if (task == NULL && event != PTRACE_EVENT_EXEC) {
		add(id, 0);
		return; /* until its parent tells about it */
	}
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		started(kernel, task, event);
		break;
	case PTRACE_EVENT_EXEC:
		executed(kernel, id);
		break;
	case PTRACE_EVENT_SECCOMP:
		if (kernel->hangs_from > 0 && ++calls >= kernel->hangs_from)
			return; /* it stays in front of its call, until somebody kills it */
		called(task);
		go_on(PTRACE_SYSCALL, id, 0);
		return;
	case PTRACE_EVENT_STOP:
		break;
	default:
		if (signal == (SIGTRAP | 0x80)) {
			returns(kernel, task);
			break;
		}
		go_on(PTRACE_CONT, id, signal);
		return;
	}
	go_on(PTRACE_CONT, id, 0);
}

int qs_trace(pid_t child, const struct qs_emulation *kernel)
{
	int status;
	long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
		       PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		give_up("the child is not there");
	if (ptrace(PTRACE_SEIZE, child, NULL, (void *)options) != 0)
		give_up("the child can't be traced");
	add(child, qs_emulate_exec(kernel, 0));
	kill(child, SIGCONT);
	for (;;) {
		pid_t id = waitpid(-1, &status, __WALL);
		if (id < 0)
			give_up("no task is left");
		if (WIFSTOPPED(status)) {
			stopped(kernel, id, status);
			continue;
		}
		struct task *task = find(id);
		if (task != NULL)
			task->id = 0;
		if (id == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}
