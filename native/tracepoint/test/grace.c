/* SPDX-License-Identifier: MIT */
/* The grace period across processes, step by step. Against a reader that runs at the same time: overlap.c. */
#define _GNU_SOURCE
#include <unistd.h>

#include "../../src/membarrier.h"
#include "../../test/check.h"
#include "../controller/grace.h"
#include "suites.h"
#include "trace.h"

enum { SOON_MS = 20, GLOBAL_EXPEDITED = 1 << 1 };

static bool is_global(const struct test_trace *trace)
{
	return (trace->directory.flags & QS_TRACE_GLOBAL) != 0;
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

/* That another one doesn't do, overlap.c shows, where it has two processors. */
static void the_barrier_is_the_global_one(void)
{
	struct test_trace trace;
	test_trace_make(&trace);
	/* Only for the mutant that runs it in place of the global one. */
	(void)qs_membarrier_usable(QS_PRIVATE_EXPEDITED);
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
	/* The dead open nothing, also where nobody has patience any more. */
	qs_store_relaxed(&trace.shared->header.applied, 0);
	CHECK(qs_wait_opened(&trace.directory, processes.list[0], &patience) == QS_WAITING_OPENING);
	patience.looks |= 1; /* not one of the looks at its life */
	close(trace.life);
	trace.life = -1;
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
	check_run("the barrier is the global one", the_barrier_is_the_global_one);
	check_run("every ring is looked at", every_ring_is_looked_at);
	check_run("only the dead are left out", only_the_dead_are_left_out);
	check_run("who opens itself is waited for", who_opens_itself_is_waited_for);
	check_run("a file that is cut off is nobody's", a_file_that_is_cut_off_is_nobodys);
}
