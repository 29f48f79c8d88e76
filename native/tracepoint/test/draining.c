/* SPDX-License-Identifier: MIT */
/*
 * In which order a ring is read (test/door.h): letters AB, AC and AE, of which x86-64 needs no instruction, and what
 * the recorder makes of it when the thread overwrites what is being read.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../test/check.h"
#include "../../test/door.h"
#include "../../test/folder.h"
#include "../controller/drain.h"
#include "../controller/folder.h"
#include "suites.h"
#include "trace.h"

enum { SIZE = 24, RECORDS = 2, ACCESSES = 256 };

static struct test_trace trace;
static struct qs_processes processes;
static struct qs_tapped tapped;
static struct qs_drain drain;
static char out[64];

/* What was accessed of the ring, in order, and fences. */
static struct access {
	const char *what;
	const volatile void *address;
} accesses[ACCESSES];
static unsigned count;
static void (*at_access)(const char *what, const volatile void *address);

static void on_access(const char *what, const volatile void *address)
{
	const struct qs_trace_ring *ring = &processes.list[0]->shared->rings[0];
	const char *at = (const char *)(uintptr_t)address;
	if (address && (at < (const char *)ring || at >= (const char *)(ring + 1)))
		return;
	if (count < ACCESSES)
		accesses[count++] = (struct access){ what, address };
	if (at_access)
		at_access(what, address);
}

static unsigned char *data(void)
{
	return (unsigned char *)trace.shared + sizeof *trace.shared;
}

/* A ring with two events, which nobody has read. */
static void begin(bool overwrite)
{
	struct qs_trace_ring *ring;
	test_trace_make(&trace);
	memset(&processes, 0, sizeof processes);
	qs_processes_list(&trace.directory, &processes);
	if (processes.count != 1 || !test_folder_make(out, sizeof out, NULL))
		abort();
	for (unsigned i = 0; i < RECORDS; i++) {
		const uint32_t head[] = { SIZE, 0 }, field = i;
		const uint64_t time = 1000 + i;
		memcpy(data() + i * SIZE, head, sizeof head);
		memcpy(data() + i * SIZE + 8, &time, sizeof time);
		memcpy(data() + i * SIZE + 16, &field, sizeof field);
		memcpy(data() + i * SIZE + 20, "x", 2);
	}
	ring = &trace.shared->rings[0];
	qs_store_relaxed(&ring->overwrite, overwrite);
	qs_store_relaxed(&ring->owner, 1);
	qs_store_relaxed(&ring->use, 1);
	qs_store_relaxed(&ring->committed, RECORDS * SIZE);
	drain = (struct qs_drain){ .directory = &trace.directory,
				   .out = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	memset(&tapped, 0, sizeof tapped);
	processes.list[0]->own = &tapped;
	if (drain.out < 0 || qs_folder_find(&drain, processes.list[0]) != 0)
		abort();
	count = 0;
}

static void drain_it(void)
{
	door_hook = on_access;
	CHECK(qs_drain_process(&drain, processes.list[0], true));
	door_hook = NULL;
	at_access = NULL;
}

static void end(void)
{
	qs_drain_close(processes.list[0]);
	close(tapped.folder);
	close(drain.out);
	processes.list[0]->own = NULL;
	qs_processes_close(&processes);
	test_folder_remove(out);
	test_trace_remove(&trace);
}

/* The first access from `from` on that has this address; `count` if there is none. */
static unsigned find(unsigned from, const volatile void *address)
{
	while (from < count && accesses[from].address != address)
		from++;
	return from;
}

static bool is(unsigned access, const char *what)
{
	return access < count && strcmp(accesses[access].what, what) == 0;
}

static uint64_t recorded_then;

static void when_consumed(const char *what, const volatile void *address)
{
	(void)what;
	if (address == &processes.list[0]->shared->rings[0].consumed && strncmp(what, "store", 5) == 0)
		recorded_then = drain.totals.events;
}

/* AB: what is seen as committed is there. AC: what was read has been read before it may be overwritten. */
static void is_read_between_committed_and_consumed(void)
{
	begin(false);
	const struct qs_trace_ring *ring = &processes.list[0]->shared->rings[0];
	at_access = when_consumed;
	recorded_then = 0;
	drain_it();
	CHECK(find(0, &ring->committed) == 0 && is(0, "load acquire"));
	const unsigned read = find(0, &ring->consumed), stored = find(read + 1, &ring->consumed);
	CHECK(is(read, "load relaxed") && is(stored, "store release") && find(stored + 1, &ring->consumed) == count);
	CHECK(qs_load_relaxed(&ring->consumed) == RECORDS * SIZE);
	CHECK(drain.totals.events == RECORDS && recorded_then == RECORDS && drain.totals.damaged == 0);
	end();
}

static void overwrites(const char *what, const volatile void *address)
{
	(void)address;
	if (strcmp(what, "acquire fence") == 0)
		memset(data(), 0xff, SIZE);
}

static void overwrites_and_says_so(const char *what, const volatile void *address)
{
	if (strcmp(what, "acquire fence") == 0)
		qs_store_relaxed(&trace.shared->rings[0].tail, SIZE);
	overwrites(what, address);
}

/* AE: the second look at the tail comes when all has been copied, and what it says isn't whole is left out. */
static void looks_again_when_it_has_copied(void)
{
	begin(true);
	const struct qs_trace_ring *ring = &processes.list[0]->shared->rings[0];
	/* Nobody says so, though: the copy has been made before, and is whole. */
	at_access = overwrites;
	drain_it();
	unsigned fence = find(find(0, &ring->tail) + 1, NULL);
	while (fence < count && !is(fence, "acquire fence"))
		fence = find(fence + 1, NULL);
	CHECK(is(fence, "acquire fence") && is(find(fence, &ring->tail), "load relaxed"));
	CHECK(drain.totals.events == RECORDS && drain.totals.damaged == 0);
	end();
	begin(true);
	at_access = overwrites_and_says_so;
	drain_it();
	CHECK(drain.totals.events == RECORDS - 1 && drain.totals.damaged == 0);
	end();
}

void draining_suite(void)
{
	check_run("a ring is read between committed and consumed", is_read_between_committed_and_consumed);
	check_run("the tail is looked at again when all is copied", looks_again_when_it_has_copied);
}
