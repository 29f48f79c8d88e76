/* SPDX-License-Identifier: MIT */
/* The grace period across processes, against a reader in another process, which has no fence of its own. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/membarrier.h"
#include "../../test/check.h"
#include "../controller/grace.h"
#include "trace.h"

enum { ROUNDS = 10000, SPIN = 4000, YIELD = 2000, DEADLINE_MS = 600000, SOON_MS = 20, GLOBAL_EXPEDITED = 1 << 1 };

/* In words of 8 bytes: 64 megabytes, a page and a line apart. */
enum { FAR = 1 << 23, STRIDE = (4096 + 64) / 8, STORES = 100 };

/* What the two share beside the trace: who is in which round, and what the reader has seen. */
struct game {
	_Alignas(128) qs_atomic(uint32_t) round; /* begun by the controller */
	_Alignas(128) qs_atomic(uint32_t) ready; /* by the reader */
	_Alignas(128) qs_atomic(uint32_t) ended; /* the round's grace period */
	_Alignas(128) qs_atomic(uint32_t) early; /* grace periods that ended in a section which had seen the old word */
};

static void wait_for(const qs_atomic(uint32_t) *number, uint32_t round)
{
	for (int i = 1; qs_load_acquire(number) < round; i++)
		if (i % YIELD == 0)
			sched_yield();
}

/*
 * Stores that miss the caches: as long as they wait for their lines, that of `announced`, which comes after them, isn't
 * seen by anybody.
 */
static void write_far(qs_atomic(uint64_t) *far, uint32_t round)
{
	for (uint32_t i = 0; i < STORES; i++)
		qs_store_relaxed(&far[(round * STORES + i) * STRIDE % FAR], round);
}

static void play_reader(const struct test_trace *trace, struct game *game)
{
	struct qs_trace_ring *ring = &trace->shared->rings[1];
	qs_atomic(uint32_t) *word = &trace->shared->words[0][0];
	qs_atomic(uint64_t) *far = calloc(FAR, sizeof *far);
	if (!far)
		abort();
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		qs_store_release(&game->ready, round);
		wait_for(&game->round, round);
		uint64_t number = qs_load_relaxed(&trace->directory.control->gp);
		/* Sooner or later, so that each order of the two is tried. */
		for (uint32_t i = 0; i < round % 64; i++)
			qs_compiler_barrier();
		write_far(far, round);
		qs_store_relaxed(&ring->announced, number);
		qs_compiler_barrier();
		if (qs_load_relaxed(word) != 0)
			for (int i = 0; i < SPIN; i++)
				if (qs_load_acquire(&game->ended) == round) {
					qs_fetch_add(&game->early, 1);
					break;
				}
		qs_store_release(&ring->announced, 0);
	}
}

static bool is_global(const struct test_trace *trace)
{
	return (trace->directory.flags & QS_TRACE_GLOBAL) != 0;
}

static void play_controller(struct test_trace *trace, struct game *game, struct qs_processes *processes)
{
	for (uint32_t round = 1; round <= ROUNDS && qs_load_relaxed(&game->early) == 0; round++) {
		enum qs_waiting waiting[1] = { QS_NOT_WAITING };
		struct qs_patience patience = qs_patience_of(DEADLINE_MS);
		wait_for(&game->ready, round);
		qs_store_relaxed(&trace->shared->words[0][0], 1);
		qs_store_release(&game->round, round);
		for (uint32_t i = 0; i < round / 64 % 64 * 64; i++)
			qs_compiler_barrier();
		qs_store_relaxed(&trace->shared->words[0][0], 0);
		CHECK(qs_grace_period(&trace->directory, processes, waiting, &patience));
		qs_store_release(&game->ended, round);
	}
}

/* With one processor the two never run at once, and nothing can be seen. */
static void no_section_is_missed(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct game *game = mmap(NULL, sizeof *game, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_trace_make(&trace);
	if (game == MAP_FAILED)
		abort();
	qs_processes_list(&trace.directory, &processes);
	CHECK(processes.count == 1);
	pid_t reader = fork();
	if (reader == 0) {
		if (is_global(&trace))
			(void)qs_membarrier_usable(QS_GLOBAL_EXPEDITED);
		play_reader(&trace, game);
		_exit(0);
	}
	/* Only for the mutant that runs it in place of the global one. */
	(void)qs_membarrier_usable(QS_PRIVATE_EXPEDITED);
	if (is_global(&trace))
		play_controller(&trace, game, &processes);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	CHECK(qs_load_relaxed(&game->early) == 0);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
	munmap(game, sizeof *game);
}

static bool passes(struct test_trace *trace)
{
	struct qs_processes processes = { 0 };
	enum qs_waiting waiting[1] = { QS_NOT_WAITING };
	struct qs_patience patience = qs_patience_of(SOON_MS);
	qs_processes_list(&trace->directory, &processes);
	bool all = qs_grace_period(&trace->directory, &processes, waiting, &patience);
	CHECK(all == (waiting[0] == QS_NOT_WAITING));
	qs_processes_close(&processes);
	return all;
}

static uint32_t commands;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, long a, long b, long c);

/* The library's membarrier() goes through syscall(). */
long __wrap_syscall(long number, long a, long b, long c)
{
	if (number == qs_membarrier_number())
		commands |= (uint32_t)a;
	return __real_syscall(number, a, b, c);
}

/* The test above needs two idle processors to see that another one doesn't do; this one doesn't. */
static void the_barrier_is_the_global_one(void)
{
	struct test_trace trace;
	test_trace_make(&trace);
	commands = 0;
	CHECK(passes(&trace));
	CHECK(commands == (is_global(&trace) ? GLOBAL_EXPEDITED : 0));
	test_trace_remove(&trace);
}

static void every_ring_is_looked_at(void)
{
	struct test_trace trace;
	test_trace_make(&trace);
	CHECK(passes(&trace));
	for (int ring = 0; ring < 2; ring++) {
		qs_store_relaxed(&trace.shared->rings[ring].announced, qs_load_relaxed(&trace.directory.control->gp));
		CHECK(!passes(&trace));
		qs_store_relaxed(&trace.shared->rings[ring].announced, 0);
		CHECK(passes(&trace));
	}
	test_trace_remove(&trace);
}

/* The page of a living process's life is open for writing; the dead have no sections. */
static void only_the_dead_are_left_out(void)
{
	struct test_trace trace;
	test_trace_make(&trace);
	qs_store_relaxed(&trace.shared->rings[0].announced, 1);
	CHECK(!passes(&trace));
	close(trace.life);
	trace.life = -1;
	CHECK(passes(&trace));
	test_trace_remove(&trace);
}

static void who_opens_itself_is_waited_for(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct qs_patience patience = qs_patience_of(SOON_MS);
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	qs_store_relaxed(&trace.shared->header.applied, 0);
	CHECK(qs_wait_opened(&trace.directory, processes.list[0], &patience) == QS_WAITING_OPENING);
	qs_store_relaxed(&trace.shared->header.applied, 1);
	CHECK(qs_wait_opened(&trace.directory, processes.list[0], &patience) == QS_NOT_WAITING);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

/* Whoever cuts the file off kills nobody. */
static void a_file_that_is_cut_off_is_nobodys(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	enum qs_waiting waiting[1] = { QS_NOT_WAITING };
	struct qs_patience patience = qs_patience_of(SOON_MS);
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	CHECK(ftruncate(processes.list[0]->fd, 0) == 0);
	CHECK(qs_grace_period(&trace.directory, &processes, waiting, &patience));
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

void grace_suite(void)
{
	check_run("no section of another process is missed", no_section_is_missed);
	check_run("the barrier is the global one", the_barrier_is_the_global_one);
	check_run("every ring is looked at", every_ring_is_looked_at);
	check_run("only the dead are left out", only_the_dead_are_left_out);
	check_run("who opens itself is waited for", who_opens_itself_is_waited_for);
	check_run("a file that is cut off is nobody's", a_file_that_is_cut_off_is_nobodys);
}
