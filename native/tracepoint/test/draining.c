/* SPDX-License-Identifier: MIT */
/*
 * In which order a ring is read (test/door.h): letters AB, AC and AE, of which x86-64 needs no instruction, and what
 * the recorder makes of it when the thread overwrites what is being read.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../test/check.h"
#include "../../test/door.h"
#include "../../test/folder.h"
#include "../controller/drain.h"
#include "../controller/folder.h"
#include "../controller/grace.h"
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

static void write_record(unsigned index)
{
	const uint32_t head[] = { SIZE, 0 }, field = index;
	const uint64_t time = 1000 + index;
	memcpy(data() + index * SIZE, head, sizeof head);
	memcpy(data() + index * SIZE + 8, &time, sizeof time);
	memcpy(data() + index * SIZE + 16, &field, sizeof field);
	memcpy(data() + index * SIZE + 20, "x", 2);
}

/* Somebody who begins to record, where another may have done so. */
static void find(void)
{
	memset(&processes, 0, sizeof processes);
	qs_processes_list(&trace.directory, &processes);
	memset(&tapped, 0, sizeof tapped);
	if (processes.count != 1)
		abort();
	processes.list[0]->own = &tapped;
	if (qs_folder_find(&drain, processes.list[0]) != 0)
		abort();
}

static void lose(void)
{
	qs_drain_close(processes.list[0]);
	qs_folder_close(&tapped);
	processes.list[0]->own = NULL;
	qs_processes_close(&processes);
}

/* A ring with two events, which nobody has read. */
static void begin(bool overwrite)
{
	struct qs_trace_ring *ring;
	test_trace_make(&trace);
	if (!test_folder_make(out, sizeof out, NULL))
		abort();
	for (unsigned i = 0; i < RECORDS; i++)
		write_record(i);
	ring = &trace.shared->rings[0];
	qs_store_relaxed(&ring->overwrite, overwrite);
	qs_store_relaxed(&ring->owner, 1);
	qs_store_relaxed(&ring->use, 1);
	qs_store_relaxed(&ring->committed, RECORDS * SIZE);
	drain = (struct qs_drain){ .directory = &trace.directory,
				   .out = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	if (drain.out < 0)
		abort();
	find();
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
	lose();
	close(drain.out);
	test_folder_remove(out);
	test_trace_remove(&trace);
}

/* The first access from `from` on that has this address; `count` if there is none. */
static unsigned next_of(unsigned from, const volatile void *address)
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
	CHECK(next_of(0, &ring->committed) == 0 && is(0, "load acquire"));
	const unsigned read = next_of(0, &ring->consumed), stored = next_of(read + 1, &ring->consumed);
	CHECK(is(read, "load relaxed") && is(stored, "store release") && next_of(stored + 1, &ring->consumed) == count);
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
	unsigned fence = next_of(next_of(0, &ring->tail) + 1, NULL);
	while (fence < count && !is(fence, "acquire fence"))
		fence = next_of(fence + 1, NULL);
	CHECK(is(fence, "acquire fence") && is(next_of(fence, &ring->tail), "load relaxed"));
	CHECK(drain.totals.events == RECORDS && drain.totals.damaged == 0);
	end();
	begin(true);
	at_access = overwrites_and_says_so;
	drain_it();
	CHECK(drain.totals.events == RECORDS - 1 && drain.totals.damaged == 0);
	end();
}

/* Another recorder begins, in a folder of its own. */
static void record_elsewhere(const char *folder)
{
	qs_drain_close(processes.list[0]);
	qs_folder_close(&tapped);
	memset(&tapped, 0, sizeof tapped);
	tapped.folder = -1;
	strcpy(tapped.path, folder);
	drain.totals = (struct qs_totals){ 0 };
}

/* Also where a ring has nothing else to say, and for who has none. */
static void says_what_is_lost_once(void)
{
	begin(false);
	struct qs_trace_ring *ring = &trace.shared->rings[0];
	qs_store_relaxed(&ring->committed, 0);
	qs_store_relaxed(&ring->lost, 3);
	qs_store_relaxed(&trace.shared->header.lost, 20);
	drain_it();
	CHECK(drain.totals.events == 0 && drain.totals.lost == 23);
	record_elsewhere("second");
	qs_store_relaxed(&ring->lost, 4);
	qs_store_relaxed(&trace.shared->header.lost, 22);
	drain_it();
	CHECK(drain.totals.lost == 3);
	record_elsewhere("third");
	drain_it();
	CHECK(drain.totals.lost == 0);
	/* More than there are: somebody has scribbled on it. */
	record_elsewhere("fourth");
	qs_store_relaxed(&ring->told, 5);
	drain_it();
	CHECK(drain.totals.lost == 4);
	end();
}

/* An event is described once; what is described anew isn't recorded, or what has been recorded couldn't be read. */
static void keeps_what_was_described(void)
{
	static const char *const texts[] = { "test:event;6;u4 a;u4 b", "test:event;6;u4 a;s b" };
	begin(false);
	drain_it();
	CHECK(drain.totals.events == RECORDS && drain.totals.damaged == 0);
	for (unsigned i = 0; i < 2; i++) {
		struct qs_trace_event *event = &trace.shared->events[0];
		lose();
		write_record(RECORDS + i);
		qs_store_relaxed(&trace.shared->rings[0].committed, (RECORDS + 1 + i) * SIZE);
		strcpy(event->text, texts[i]);
		qs_store_relaxed(&event->length, (uint32_t)strlen(texts[i]));
		drain.totals = (struct qs_totals){ 0 };
		find();
		drain_it();
		/* The first is another one: a warning, and a record that is left out. The second is as it was. */
		CHECK(drain.totals.damaged == (i == 0 ? 1 : 0) && drain.totals.lost == 1 - i);
		CHECK(drain.totals.events == i);
	}
	end();
}

/* A module is loaded, and one of its events hit, when the ring is about to be looked at. */
static void describes_and_hits(const char *what, const volatile void *address)
{
	static const char text[] = "test:late;6";
	static const uint32_t head[] = { 16, 1 };
	static const uint64_t time = 2000;
	struct qs_trace_process *shared = trace.shared;
	if (address != &processes.list[0]->shared->rings[0].committed || strcmp(what, "load acquire") != 0)
		return;
	at_access = NULL;
	memcpy(shared->events[1].text, text, sizeof text - 1);
	qs_store_relaxed(&shared->events[1].length, sizeof text - 1);
	qs_store_release(&shared->header.events, 2);
	memcpy(data() + (size_t)RECORDS * SIZE, head, sizeof head);
	memcpy(data() + (size_t)RECORDS * SIZE + sizeof head, &time, sizeof time);
	qs_store_release(&shared->rings[0].committed, RECORDS * SIZE + 16);
}

/* What is committed has been described before: so the descriptions are read after it. */
static void events_of_a_new_module_are_known(void)
{
	begin(false);
	at_access = describes_and_hits;
	drain_it();
	CHECK(drain.totals.events == RECORDS + 1 && drain.totals.damaged == 0);
	end();
}

/* The file that holds what was recorded of this use. */
static ino_t part_of(uint32_t use)
{
	char name[48];
	struct stat status;
	snprintf(name, sizeof name, "stream_0_%u_0", use);
	return fstatat(tapped.folder, name, &status, 0) == 0 ? status.st_ino : 0;
}

/* Somebody has scribbled on it. */
static void a_use_that_goes_back_replaces_nothing(void)
{
	begin(false);
	struct qs_trace_ring *ring = &trace.shared->rings[0];
	ino_t first = 0;
	for (uint32_t i = 0; i < 3; i++) {
		write_record(RECORDS + i);
		qs_store_relaxed(&ring->begin, (RECORDS + i) * SIZE);
		qs_store_relaxed(&ring->use, 4 + i % 2);
		qs_store_relaxed(&ring->committed, (RECORDS + 1 + i) * SIZE);
		drain_it();
		first = i == 0 ? part_of(4) : first;
	}
	CHECK(first != 0 && part_of(4) == first && part_of(5) != 0);
	CHECK(drain.totals.events == RECORDS + 3 && drain.totals.damaged == 1);
	end();
}

/* Where there is little, more is waited for; not where that would keep a ring from another thread. */
static void little_waits_for_more(void)
{
	begin(false);
	struct qs_trace_ring *ring = &trace.shared->rings[0];
	CHECK(qs_drain_process(&drain, processes.list[0], false) && drain.totals.packets == 1);
	write_record(RECORDS);
	qs_store_relaxed(&ring->committed, (RECORDS + 1) * SIZE);
	/* It was just now, however busy the machine is. */
	tapped.taps[0].appended = qs_now() + UINT64_C(3600000000000);
	CHECK(qs_drain_process(&drain, processes.list[0], false) && drain.totals.packets == 1);
	qs_store_relaxed(&ring->owner, 0);
	CHECK(qs_drain_process(&drain, processes.list[0], false) && drain.totals.packets == 2);
	CHECK(drain.totals.events == RECORDS + 1);
	end();
}

void draining_suite(void)
{
	/* The first, since a recorder that has copied something has memory to copy to. */
	check_run("what is lost is said once", says_what_is_lost_once);
	check_run("an event stays what it was", keeps_what_was_described);
	check_run("an event that is described meanwhile is known", events_of_a_new_module_are_known);
	check_run("a ring is read between committed and consumed", is_read_between_committed_and_consumed);
	check_run("a use that goes back replaces nothing", a_use_that_goes_back_replaces_nothing);
	check_run("little waits for more", little_waits_for_more);
	check_run("the tail is looked at again when all is copied", looks_again_when_it_has_copied);
}
