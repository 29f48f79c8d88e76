/* SPDX-License-Identifier: MIT */
/*
 * A program that is traced by the library itself, to be killed. Its events are numbered: a thread's next number is one
 * more when the last event was recorded or counted as lost, and only then.
 *
 *   victim DIR threads N pause US ring BYTES refused 1
 *                                                     hits until it is ended; says "open" when it is. With `refused`
 *                                                     its kernel has no membarrier, as in some containers
 *   victim DIR steps COUNT seed N ring BYTES          COUNT children, one after another, each of which is killed at an
 *                                                     instruction of its opening, its first hit, or a later one. Prints
 *                                                     a line a child: which of these, and the instruction's address
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <sys/user.h>
#endif

#include "../../src/membarrier.h"

#define QS_TRACEPOINT_DEFINE
#include "../traced/state.h"
#include "victim_events.h"

extern const char __executable_start[];

static struct qs_trace_options options = { .ring_size = 1 << 16 };
static unsigned pause_us;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "victim: %s: %s\n", what, errno ? strerror(errno) : qs_trace_problem());
	exit(1);
}

/* Letters, as many as the number says, and the number. */
static void write_text(char text[64], uint64_t n)
{
	memset(text, 'a' + (int)(n % 26), n % 41);
	snprintf(text + n % 41, 64 - n % 41, "%llu", (unsigned long long)n);
}

/* How many events of this thread were recorded or lost, in a number that grows with each. */
static uint64_t told(void)
{
	const struct qs_trace_own *own = qs_trace_self ? qs_trace_self->ring[0] : NULL;
	return own ? qs_load_relaxed(&own->reserved) + qs_load_relaxed(&own->lost) : 0;
}

/* Where the parent is to begin with its steps, and that it may. */
static enum place { NOWHERE, OPEN, HIT } place;

static void begin_steps(enum place here)
{
#if defined(__x86_64__)
	if (here == place) {
		place = NOWHERE;
		__asm__ __volatile__("int3" ::: "memory");
	}
#else
	(void)here;
#endif
}

static void hit(uint32_t thread, uint64_t *n)
{
	char text[64];
	const uint64_t before = told();
	write_text(text, *n);
	/* Off, there is little of it; but nobody may ever switch it on. */
	static _Thread_local unsigned tries;
	if (qs_tracepoint_enabled(victim, number) || tries++ > 2000)
		begin_steps(HIT);
	qs_tracepoint(victim, number, thread, *n, text);
	*n += told() != before;
}

static void *hit_for_ever(void *index)
{
	for (uint64_t n = 0;;) {
		hit((uint32_t)(uintptr_t)index, &n);
		if (pause_us)
			usleep(pause_us);
	}
	return NULL;
}

static void refuse_membarrier(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)qs_membarrier_number(), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = sizeof code / sizeof *code, .filter = code };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		die("seccomp");
}

static void run(unsigned threads)
{
	pthread_t id;
	/* Not longer than the test. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || qs_trace_open(&options) != 0)
		die(options.directory);
	printf("open%s\n", qs_trace_here()->fences ? ", with fences" : "");
	fflush(stdout);
	for (unsigned i = 1; i < threads; i++)
		if (pthread_create(&id, NULL, hit_for_ever, (void *)(uintptr_t)i) != 0)
			die("thread");
	hit_for_ever(NULL);
}

#if defined(__x86_64__)
enum part { OPENING, FIRST, LATER };

static uint64_t random_from(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static _Noreturn void be_stepped(enum part part, unsigned hits)
{
	uint64_t n = 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		die("ptrace");
	place = part == OPENING ? OPEN : NOWHERE;
	begin_steps(OPEN);
	if (qs_trace_open(&options) != 0)
		die(options.directory);
	for (unsigned i = 0; part == LATER && i < hits; i++)
		hit(0, &n);
	for (place = HIT;;)
		hit(0, &n);
}

static void step(pid_t child, unsigned steps)
{
	int status;
	for (unsigned i = 0; i <= steps; i++) {
		if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
			die("a child has ended by itself");
		if (i < steps && ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0)
			die("step");
	}
}

static void kill_one(uint64_t *state)
{
	static const char *const names[] = { "opening", "first", "later" };
	/* A hit takes about 300; the first one, and opening, some thousands, which are slow: the more, the seldomer. */
	static const unsigned most[] = { 6000, 3000, 400 };
	const enum part part = (enum part)(random_from(state) % 3);
	/* A ring of 4 KiB has room for about 70; then events are lost. */
	const unsigned hits = (unsigned)(random_from(state) % 80);
	const unsigned limit = part == LATER ? most[part] : (unsigned)(random_from(state) % most[part]) + 1;
	const unsigned steps = (unsigned)(random_from(state) % limit);
	struct user_regs_struct registers;
	const pid_t child = fork();
	if (child == 0)
		be_stepped(part, hits);
	step(child, steps);
	if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
		die("registers");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("%s %llx\n", names[part], registers.rip - (unsigned long long)(uintptr_t)__executable_start);
	fflush(stdout);
}

static void kill_children(unsigned count, uint64_t seed)
{
	cpu_set_t here;
	CPU_ZERO(&here);
	CPU_SET((size_t)sched_getcpu(), &here);
	/* On one processor the two take turns without delay. */
	(void)sched_setaffinity(0, sizeof here, &here);
	uint64_t state = UINT64_C(88172645463325252) + seed * UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 0; i < count; i++)
		kill_one(&state);
}
#else
static void kill_children(unsigned count, uint64_t seed)
{
	(void)seed;
	(void)count;
}
#endif

int main(int argc, char **argv)
{
	unsigned threads = 1, steps = 0, seed = 1;
	if (argc < 2)
		return 2;
	options.directory = argv[1];
	for (int i = 2; i + 1 < argc; i += 2) {
		const unsigned value = (unsigned)strtoul(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "threads") == 0)
			threads = value;
		else if (strcmp(argv[i], "pause") == 0)
			pause_us = value;
		else if (strcmp(argv[i], "ring") == 0)
			options.ring_size = value;
		else if (strcmp(argv[i], "steps") == 0)
			steps = value;
		else if (strcmp(argv[i], "seed") == 0)
			seed = value;
		else if (strcmp(argv[i], "refused") == 0)
			refuse_membarrier();
	}
	errno = 0;
	if (steps == 0)
		run(threads);
	kill_children(steps, seed);
	return 0;
}
