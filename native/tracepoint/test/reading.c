/* SPDX-License-Identifier: MIT */
/* Descriptions, patterns and records, right ones and wrong ones. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "../../test/check.h"
#include "../controller/check_records.h"
#include "../controller/event.h"
#include "../controller/grace.h"
#include "suites.h"
#include "trace.h"

static bool reads(const char *text)
{
	struct qs_event event;
	bool right = qs_event_read(&event, text, strlen(text));
	if (right)
		qs_event_free(&event);
	return right;
}

static void descriptions(void)
{
	CHECK(reads("a:b;0") && reads("a.b_c:d;14;") && reads("a:b;6;u1 x;i8 y;f4 z;x2 h;s t;q:f8 u;e4{A=-1,B=2} v"));
	CHECK(!reads("") && !reads("a:b") && !reads(":b;1") && !reads("a:;1") && !reads("a.:b;1") && !reads("a:b;15"));
	CHECK(!reads("a:b;1;u3 x") && !reads("a:b;1;f2 x") && !reads("a:b;1;u4x") && !reads("a:b;1;u4 x;u4 x"));
	CHECK(!reads("a:b;1;q:s x") && !reads("a:b;1;e4{} x") && !reads("a:b;1;e4{A=2147483648} x"));
	CHECK(!reads("a:b;1;e4{A=1 x") && !reads("a:b;1;u4 \"") && !reads("a:b;1;u4 9x") && !reads("a:b;-1"));
	CHECK(reads("a:b;1;u1 a;u1 b;u1 c;u1 d;u1 e;u1 f;u1 g;u1 h;u1 i;u1 j;u1 k;u1 l;u1 m;u1 n;u1 o;u1 p"));
	CHECK(!reads("a:b;1;u1 a;u1 b;u1 c;u1 d;u1 e;u1 f;u1 g;u1 h;u1 i;u1 j;u1 k;u1 l;u1 m;u1 n;u1 o;u1 p;u1 q"));
}

static void patterns(void)
{
	CHECK(qs_event_matches("*", "") && qs_event_matches("a*c*", "abcbc") && qs_event_matches("?b", "ab"));
	CHECK(qs_event_matches("*aab", "aaab") && qs_event_matches("a**", "a"));
	CHECK(!qs_event_matches("", "a") && !qs_event_matches("?", "") && !qs_event_matches("a*b", "abc"));
	CHECK(!qs_event_matches("*aab", "aaba"));
}


static ptrdiff_t takes(const char *text, const void *bytes, size_t room)
{
	struct qs_event event;
	CHECK(qs_event_read(&event, text, strlen(text)));
	ptrdiff_t size = qs_event_payload(&event, bytes, room);
	qs_event_free(&event);
	return size;
}

static void sizes_of_fields(void)
{
	const uint32_t three[] = { 2, 5, 6 };
	CHECK(takes("a:b;1;u4 a;u1 b", three, 12) == 5 && takes("a:b;1;u4 a;u1 b", three, 4) == -1);
	CHECK(takes("a:b;1;q:u4 a", three, 12) == 12 && takes("a:b;1;q:u4 a", three, 11) == -1);
	CHECK(takes("a:b;1;q:u4 a", three, 3) == -1);
	CHECK(takes("a:b;1;q:u8 a", "\xff\xff\xff\xff", 4) == -1);
	CHECK(takes("a:b;1;s a", "abc", 4) == 4 && takes("a:b;1;s a", "abc", 3) == -1);
	CHECK(takes("a:b;1;s a;u1 b", "abc", 4) == -1 && takes("a:b;1", "", 0) == 0);
}

enum { RECORD = 24 };

/* A record of the event of test_trace_make(), at `at`. */
static void put(uint8_t *bytes, uint32_t size, uint32_t event, uint64_t time, uint32_t number)
{
	memset(bytes, 0, RECORD);
	memcpy(bytes, &size, 4);
	memcpy(bytes + 4, &event, 4);
	memcpy(bytes + 8, &time, 8);
	memcpy(bytes + 16, &number, 4);
}

struct wrong {
	uint32_t size, event;
	uint64_t later;
};

/* The first record is right, so it stays; the second isn't, and nothing after it is believed. */
static void records(void)
{
	static const struct wrong wrongs[] = {
		{ 0, 0, 0 },  { 4, 0, 0 },  { 20, 0, 0 }, { 8, 0, 0 },  { 16, 0, 0 },        { RECORD, 1, 0 },
		{ 56, 0, 0 }, { UINT32_MAX & ~7u, 0, 0 }, { RECORD, 0, UINT64_C(3600000000000) },
	};
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct qs_records found;
	uint8_t bytes[QS_TRACE_RING_MIN] = { 0 };
	uint64_t now = qs_now();
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	struct qs_process *process = processes.list[0];
	CHECK(qs_process_events(process) && process->count == 1);
	for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
		put(bytes, RECORD, 0, now, 1);
		put(bytes + RECORD, wrongs[i].size, wrongs[i].event, now + wrongs[i].later, 2);
		CHECK(!qs_records_check(&found, process, bytes, 0, 2 * RECORD, 0));
		CHECK(found.count == 1 && found.length == RECORD && found.content == RECORD - 3);
	}
	/* Across the ring's end there is no record, and padding of 8 bytes has no time. */
	put(bytes, RECORD, 0, now, 1);
	CHECK(!qs_records_check(&found, process, bytes, QS_TRACE_RING_MIN - 16, QS_TRACE_RING_MIN + 8, 0));
	put(bytes, 8, QS_TRACE_PADDING, 0, 0);
	put(bytes + 8, RECORD, 0, now, 1);
	CHECK(qs_records_check(&found, process, bytes, QS_TRACE_RING_MIN - 8, QS_TRACE_RING_MIN + RECORD, 0));
	CHECK(found.count == 1 && found.first == now && found.last == now);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

/* A handler's record lies behind that of the thread that it has interrupted. */
static void order(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct qs_records found;
	uint8_t bytes[3 * RECORD];
	uint64_t now = qs_now(), times[3];
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	CHECK(qs_process_events(processes.list[0]));
	put(bytes, RECORD, 0, now - 1, 1);
	put(bytes + RECORD, RECORD, 0, now - 5, 2);
	put(bytes + 2 * RECORD, RECORD, 0, now - 3, 3);
	CHECK(qs_records_check(&found, processes.list[0], bytes, 0, sizeof bytes, now - 4));
	for (int i = 0; i < 3; i++)
		memcpy(&times[i], found.bytes + i * RECORD + 8, 8);
	/* Sorted; and the first, which would lie before what has been recorded already, with its time. */
	CHECK(times[0] == now - 4 && times[1] == now - 3 && times[2] == now - 1);
	CHECK(found.bytes[16] == 2 && found.bytes[RECORD + 16] == 3 && found.bytes[2 * RECORD + 16] == 1);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

void reading_suite(void)
{
	check_run("descriptions are read, or refused", descriptions);
	check_run("patterns", patterns);
	check_run("the bytes that fields take", sizes_of_fields);
	check_run("records are believed one by one", records);
	check_run("no time goes back", order);
}
