/* SPDX-License-Identifier: MIT */
/*
 * Linux: membarrier(GLOBAL_EXPEDITED) passes over a process that has registered for it.
 *
 *     cc -O2 membarrier-global-expedited.c -pthread && ./a.out registration; ./a.out exit
 *
 *     registration   the process registers on one CPU while another one still has its address space loaded
 *     exit           a thread of the process has exited on the CPU on which another one goes on
 *
 * Store buffering between a caller and a process on another CPU that has registered:
 *
 *     caller:   y = i; membarrier(GLOBAL_EXPEDITED); r2 = x
 *     process:  x = i; compiler barrier; r1 = y
 *
 * Both loads may miss both stores only if the process was not interrupted. It plays many times: as registered processes
 * are promised to be found (control), in the way above, and without having registered (witness).
 *
 * Exit code: 0 it is found, 1 it is passed over, 2 can't tell (one CPU, an emulation, others ran meanwhile: try when
 * the machine is idle). Built with -DMENDED, it registers where it runs and no thread exits: never 1.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef TIME_MS
#define TIME_MS 4000 /* for each of the three ways, at most */
#endif
enum { PAGE = 4096, LITTER = 16 << 20, TOUCHES = 48, ROUNDS = 400, ENOUGH = 10, QUIET = 10 };
enum way { CONTROL, REGISTRATION, EXIT, WITNESS };
enum { READY = 1, REFUSED };

static struct table {
	_Alignas(128) atomic_int x;
	_Alignas(128) atomic_int y;
	_Alignas(128) atomic_int go; /* the round that may be played */
	_Alignas(128) atomic_int done; /* the round that has been played */
	_Alignas(128) atomic_int state;
	_Alignas(128) int seen; /* what the load of y found */
	bool quiet;
} *table;
static char *litter; /* stores to it wait for memory, and the store to x waits behind them */

struct tally {
	long rounds, misses, quiet;
	bool failed;
};

static int membarrier(int command)
{
	return (int)syscall(SYS_membarrier, command, 0, 0);
}

static bool pin(int cpu)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one) == 0;
}

static void spin(int turns)
{
	for (volatile int i = 0; i < turns; i++)
		;
}

static long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *nothing(void *unused)
{
	return unused;
}

/* Whoever else runs replaces the address space that a CPU has kept, and so closes the gap for a while. */
static bool nobody_else_runs(void)
{
	int running = 0;
	FILE *load = fopen("/proc/loadavg", "r");
	bool read = load != NULL && fscanf(load, "%*s %*s %*s %d/", &running) == 1;
	if (load != NULL)
		fclose(load);
	return read && running <= 2;
}

static bool prepare(enum way way, int caller, int here)
{
	pthread_t sibling; /* inherits the CPU */
	if (!pin(here))
		return false;
	if (way == REGISTRATION) {
		spin(300000); /* runs here, so that this CPU has the address space loaded when it goes */
		if (!pin(caller))
			return false;
		usleep(0);
	}
	if (way != WITNESS && membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED) != 0)
		return false;
	table->quiet = nobody_else_runs();
	if (way == REGISTRATION && !pin(here))
		return false;
	return way != EXIT ||
	       (pthread_create(&sibling, NULL, nothing, NULL) == 0 && pthread_join(sibling, NULL) == 0);
}

static void play(enum way way, int caller, int here)
{
	uint64_t random = 88172645463325252U;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (size_t at = 0; at < LITTER; at += PAGE)
		((volatile char *)litter)[at] = 1;
	bool ready = prepare(way, caller, here);
	atomic_store_explicit(&table->state, ready ? READY : REFUSED, memory_order_release);
	for (int i = 1; ready && i <= ROUNDS; i++) {
		size_t at[TOUCHES];
		for (int k = 0; k < TOUCHES; k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			at[k] = (size_t)(random % LITTER);
		}
		while (atomic_load_explicit(&table->go, memory_order_acquire) != i)
			;
		for (int k = 0; k < TOUCHES; k++)
			*(volatile char *)(litter + at[k]) = 1;
		atomic_store_explicit(&table->x, i, memory_order_relaxed);
		atomic_signal_fence(memory_order_seq_cst);
		table->seen = atomic_load_explicit(&table->y, memory_order_relaxed);
		atomic_store_explicit(&table->done, i, memory_order_release);
	}
	_exit(0);
}

/* One process, and all of its rounds. */
static void run_one(enum way way, int caller, int here, struct tally *tally)
{
	int state;
	memset((void *)table, 0, sizeof(*table));
	fflush(NULL);
	pid_t process = fork();
	if (process == 0)
		play(way, caller, here);
	tally->failed = process < 0;
	while (process > 0 && (state = atomic_load_explicit(&table->state, memory_order_acquire)) != READY) {
		tally->failed = state == REFUSED || waitpid(process, NULL, WNOHANG) == process;
		if (tally->failed)
			break;
		usleep(100);
	}
	for (int i = 1; !tally->failed && i <= ROUNDS; i++) {
		atomic_store_explicit(&table->go, i, memory_order_release);
		spin(i * 97 % 256 * 2); /* meets the other one at any distance */
		atomic_store_explicit(&table->y, i, memory_order_relaxed);
		tally->failed = membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED) != 0;
		atomic_signal_fence(memory_order_seq_cst);
		int other = atomic_load_explicit(&table->x, memory_order_relaxed);
		while (atomic_load_explicit(&table->done, memory_order_acquire) != i)
			;
		tally->misses += other != i && table->seen != i;
		tally->rounds++;
	}
	tally->quiet += table->quiet;
	if (process > 0) {
		kill(process, SIGKILL);
		waitpid(process, NULL, 0);
	}
}

static struct tally run(enum way way, int caller, int here)
{
	static const char *const NAMES[] = { "registered where it runs", "registered elsewhere", "a thread has exited",
					     "never registered" };
	struct tally tally = { 0 };
	/* The control has to be as long as what is compared with it, which stops when it has seen enough. */
	long enough = way == CONTROL ? 0 : ENOUGH, start = now_ms(), processes = 0;
	for (; !tally.failed && now_ms() - start < TIME_MS && (enough == 0 || tally.misses < enough); processes++)
		run_one(way, caller, here, &tally);
	printf("%-26s both loads missed both stores in %ld of %ld rounds, %ld processes\n", NAMES[way], tally.misses,
	       tally.rounds, processes);
	return tally;
}

static int two_cpus(int *caller, int *here)
{
	cpu_set_t allowed;
	int found = 0;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return 0;
	for (size_t cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			*(found++ == 0 ? caller : here) = (int)cpu;
	return found;
}

int main(int argc, char **argv)
{
	int caller = 0, here = 0, sharing = MAP_SHARED | MAP_ANONYMOUS;
	enum way way = argc == 2 && strcmp(argv[1], "exit") == 0 ? EXIT : REGISTRATION;
	if (argc != 2 || (way == REGISTRATION && strcmp(argv[1], "registration") != 0)) {
		puts("can't tell: say registration, or exit");
		return 2;
	}
#ifdef MENDED
	way = CONTROL;
#endif
	table = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, sharing, -1, 0);
	litter = mmap(NULL, LITTER, PROT_READ | PROT_WRITE, sharing, -1, 0);
	if (table == MAP_FAILED || litter == MAP_FAILED || two_cpus(&caller, &here) < 2 || !pin(caller) ||
	    membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED) != 0) {
		puts("can't tell: there is one CPU only, not enough memory, or no membarrier(GLOBAL_EXPEDITED)");
		return 2;
	}
	struct tally witness = run(WITNESS, caller, here), tried = run(way, caller, here);
	struct tally control = way == CONTROL ? tried : run(CONTROL, caller, here);
	if (control.failed || tried.failed || witness.failed || control.misses > 0) {
		puts("can't tell: a call failed, or misses even a process that registered where it runs");
		return 2;
	}
	if (tried.misses > 0) {
		puts("shown: a registered process is passed over");
		return 1;
	}
	if (witness.misses * tried.rounds < ENOUGH * witness.rounds || tried.quiet < QUIET) {
		puts("can't tell: a process that is passed over would not have been seen here, or others ran meanwhile");
		return 2;
	}
	puts("not shown: no registered process is passed over");
	return 0;
}
