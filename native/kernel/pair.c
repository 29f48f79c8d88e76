/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "pair.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "quiesce/atomic.h"
#include "task.h"
#include "wait.h"

enum { LINE = 128, PAGE = 4096, TOUCHES = 48 };
/* More than a cache holds, so that the target's stores wait for memory, and its store to x waits behind them. */
enum { LITTER = 16 << 20 };

enum { CANT_PIN = 1, CANT_REGISTER, CALL_FAILED, TARGET_GONE, NO_MEMORY, HANGS };

struct table {
	alignas(LINE) qs_atomic(uint64_t) x;
	alignas(LINE) qs_atomic(uint64_t) y;
	alignas(LINE) qs_atomic(uint64_t) go; /* the round that the target may play */
	alignas(LINE) qs_atomic(uint64_t) done; /* the round that it has played */
	alignas(LINE) qs_atomic(uint32_t) state; /* 0, then READY, or a problem with FAILED added */
	alignas(LINE) uint64_t seen; /* what the target's load of y found in this round */
	bool quiet; /* see struct qs_pair_outcome */
};
enum { READY = 1, FAILED = 16 };
#define STOP UINT64_MAX /* in `go` */
/* How many rounds are played between two looks at the clock, which takes longer than a round where it is a call. */
enum { LOOK_EVERY = 16 };

static struct table *table;
static char *litter;
static const struct qs_pair *playing;

static bool pin(int cpu)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one) == 0;
}

/* A process that plays asks nobody whether it should go on, so it must not be left alone. */
static void end_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static void spin(int turns)
{
	for (volatile int i = 0; i < turns; i++)
		;
}

static void *nothing(void *unused)
{
	return unused;
}

/* A thread that runs here and exits, while its process is registered and nobody of it runs. */
static bool lose_a_sibling(void)
{
	pthread_t sibling; /* inherits the processor */
	return pthread_create(&sibling, NULL, nothing, NULL) == 0 && pthread_join(sibling, NULL) == 0;
}

/*
 * Does nobody run but the one who asks, and at most the caller, who looks now and then whether the target is ready?
 * Where somebody else does, that one's address space replaces the one that a processor has kept.
 */
static bool nobody_else_runs(void)
{
	int running = 0;
	FILE *load = fopen("/proc/loadavg", "r");
	bool read = load != NULL && fscanf(load, "%*s %*s %*s %d/", &running) == 1;
	if (load != NULL)
		fclose(load);
	return read && running <= 2;
}

static int prepare(const struct qs_pair *pair)
{
	bool elsewhere = pair->target == QS_TARGET_REGISTERS_ELSEWHERE;
	if (!pin(pair->on))
		return CANT_PIN;
	if (elsewhere) {
		spin(300000); /* runs here, so that this processor has the address space loaded when it leaves */
		if (!pin(pair->caller))
			return CANT_PIN;
		usleep(0);
	}
	if (pair->registration != 0 && qs_kernel_call(pair->registration, 0, 0) != 0)
		return CANT_REGISTER;
	table->quiet = nobody_else_runs();
	if (elsewhere && !pin(pair->on))
		return CANT_PIN;
	if (pair->target == QS_TARGET_SIBLING_EXITS && !lose_a_sibling())
		return NO_MEMORY;
	return 0;
}

static void play(const struct qs_pair *pair)
{
	uint64_t random = 88172645463325252U;
	size_t at[TOUCHES];
	for (uint64_t i = 1; i <= (uint64_t)pair->rounds; i++) {
		for (int k = 0; k < TOUCHES; k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			at[k] = (size_t)(random % LITTER);
		}
		uint64_t go;
		while ((go = qs_load_acquire(&table->go)) != i)
			if (go == STOP) /* who waits alone is ended with its parent */
				return;
		for (int k = 0; k < TOUCHES; k++)
			*(volatile char *)(litter + at[k]) = 1;
		qs_store_relaxed(&table->x, i);
		qs_compiler_barrier();
		table->seen = qs_load_relaxed(&table->y);
		qs_store_release(&table->done, i);
	}
}

static void *target(void *unused)
{
	/*
	 * The first write to each page is a fault, not a store that waits. It comes before the registration: what else
	 * runs here while this one is in the kernel would close the gap that a test is about.
	 */
	for (size_t at = 0; at < LITTER; at += PAGE)
		((volatile char *)litter)[at] = 1;
	int problem = prepare(playing);
	qs_store_release(&table->state, (uint32_t)(problem ? FAILED + problem : READY));
	if (problem == 0)
		play(playing);
	return unused;
}

/* Waits for the target's word; false when it is gone, which only a process can be. */
static bool there(const qs_atomic(uint64_t) *word, uint64_t value, pid_t process)
{
	for (unsigned int turn = 1; qs_load_acquire((qs_atomic(uint64_t) *)(uintptr_t)word) != value; turn++)
		if (turn % 100000 == 0 && process > 0 && waitpid(process, NULL, WNOHANG) == process)
			return false;
	return true;
}

int64_t qs_pair_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Where others run on these processors, a round takes as long as it takes until both have their turn. */
static int call_all_rounds(const struct qs_pair *pair, pid_t process, struct qs_pair_outcome *outcome)
{
	const int64_t start = qs_pair_clock();
	for (uint64_t i = 1; i <= (uint64_t)pair->rounds; i++) {
		if (i % LOOK_EVERY == 0 && qs_pair_clock() - start > pair->limit_ms) {
			qs_store_release(&table->go, STOP);
			return 0;
		}
		qs_store_release(&table->go, i);
		/* How long the target takes is not known: the caller meets it at any distance, also in a short run. */
		spin((int)(i * 97 % 256) * 2);
		qs_store_relaxed(&table->y, i);
		if (qs_kernel_call(pair->command, pair->flags, pair->on) < 0)
			return CALL_FAILED;
		qs_compiler_barrier();
		uint64_t other = qs_load_relaxed(&table->x);
		if (!there(&table->done, i, process))
			return TARGET_GONE;
		outcome->misses += other != i && table->seen != i;
		outcome->rounds++;
	}
	return 0;
}

/* The caller, in a process of its own, so that a registration is forgotten afterwards. */
static int call(const struct qs_pair *pair, struct qs_pair_outcome *outcome)
{
	pid_t process = 0;
	pthread_t thread;
	uint32_t state;
	playing = pair;
	if (!pin(pair->caller))
		return CANT_PIN;
	if (pair->target == QS_TARGET_THREAD) {
		if (pthread_create(&thread, NULL, target, NULL) != 0)
			return NO_MEMORY;
	} else {
		process = fork();
		if (process < 0)
			return NO_MEMORY;
		if (process == 0) {
			end_with_parent();
			target(NULL);
			_exit(0);
		}
	}
	while ((state = qs_load_acquire(&table->state)) == 0) {
		if (process > 0 && waitpid(process, NULL, WNOHANG) == process)
			return TARGET_GONE;
		usleep(100);
	}
	int problem = state == READY ? call_all_rounds(pair, process, outcome) : (int)state - FAILED;
	if (process > 0)
		waitpid(process, NULL, 0);
	else if (problem == 0)
		pthread_join(thread, NULL);
	return problem;
}

struct qs_pair_outcome qs_pair_run(const struct qs_pair *pair)
{
	struct qs_pair_outcome result = { .problem = NO_MEMORY };
	int sharing = MAP_SHARED | MAP_ANONYMOUS;
	size_t size = (sizeof(struct table) + PAGE) / PAGE * PAGE;
	struct qs_pair_outcome *outcome = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, sharing, -1, 0);
	table = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing, -1, 0);
	litter = mmap(NULL, LITTER, PROT_READ | PROT_WRITE, sharing, -1, 0);
	if (outcome != MAP_FAILED && table != MAP_FAILED && litter != MAP_FAILED) {
		fflush(NULL);
		outcome->problem = TARGET_GONE;
		pid_t caller = fork();
		if (caller == 0) {
			end_with_parent();
			outcome->problem = call(pair, outcome);
			outcome->quiet = table->quiet;
			_exit(0);
		}
		if (caller > 0) {
			bool ended = qs_wait_playing(caller, &outcome->rounds);
			result = *outcome;
			if (!ended)
				result.problem = HANGS;
		}
	}
	if (outcome != MAP_FAILED)
		munmap(outcome, PAGE);
	if (table != MAP_FAILED)
		munmap(table, size);
	if (litter != MAP_FAILED)
		munmap(litter, LITTER);
	return result;
}

bool qs_pair_hangs(int result)
{
	return result == HANGS;
}

const char *qs_pair_problem(int result)
{
	static const char *const WORDS[] = {
		[CANT_PIN] = "a thread can't be kept on one processor",
		[CANT_REGISTER] = "the registration is refused",
		[CALL_FAILED] = "the call is refused",
		[TARGET_GONE] = "a process of the test has ended",
		[NO_MEMORY] = "there is not enough memory, or no process can be started",
		[HANGS] = "a call does not return",
	};
	return WORDS[result];
}
