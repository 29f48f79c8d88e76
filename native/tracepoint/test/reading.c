/* SPDX-License-Identifier: MIT */
/* Descriptions, patterns and records, right ones and wrong ones. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "../../test/check.h"
#include "../controller/check_records.h"
#include "../controller/ctf.h"
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

/* The head that an event has which follows soon, and its two fields. */
enum { HEAD = 4, EVENT = HEAD + 5 };

/* Is this all right, from the position on? `room` bytes of it may be records, and all of these are here. */
static bool checked(struct qs_records *found, const struct qs_process *process, const uint8_t *bytes,
		    uint64_t position, size_t room, uint64_t after)
{
	const struct qs_piece piece = { bytes, room, position, position + room, false };
	return qs_records_check(found, process, &piece, after);
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
		CHECK(!checked(&found, process, bytes, 0, 2 * RECORD, 0));
		CHECK(found.count == 1 && found.length == EVENT && found.end == RECORD);
	}
	/* Across the ring's end there is no record, and padding of 8 bytes has no time. */
	put(bytes, RECORD, 0, now, 1);
	CHECK(!checked(&found, process, bytes, QS_TRACE_RING_MIN - 16, RECORD, 0));
	put(bytes, 8, QS_TRACE_PADDING, 0, 0);
	put(bytes + 8, RECORD, 0, now, 1);
	CHECK(checked(&found, process, bytes, QS_TRACE_RING_MIN - 8, 8 + RECORD, 0));
	CHECK(found.count == 1 && found.first == now && found.last == now);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

static uint32_t ending(uint64_t time)
{
	return (uint32_t)(time % (1u << QS_CTF_TIME_BITS));
}

/* The time in a short head, and the event's number, which is 0. */
static uint32_t time_of(const uint8_t *event)
{
	uint8_t head[HEAD];
	uint32_t time;
	CHECK(qs_ctf_event_head(head, 0, 0, 0) == HEAD);
	memcpy(&time, event, sizeof time);
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? time >> QS_CTF_EVENT_BITS : time;
}

/* A record may go on behind the piece that is looked at: then it is looked at in the next one. */
static void pieces(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct qs_records found;
	uint8_t bytes[3 * RECORD];
	const uint64_t now = qs_now();
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	CHECK(qs_process_events(processes.list[0]));
	for (uint32_t i = 0; i < 3; i++)
		put(bytes + i * RECORD, RECORD, 0, now, i);
	for (size_t length = 0; length <= sizeof bytes; length += 8) {
		const struct qs_piece piece = { bytes, length, 0, sizeof bytes, false };
		CHECK(qs_records_check(&found, processes.list[0], &piece, 0));
		CHECK(found.count == length / RECORD && found.end == length / RECORD * RECORD);
	}
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

/* Most of a ring may be padding, of which no more is copied than of the piece that it begins in. */
static void paddings(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct qs_records found;
	uint8_t bytes[2 * RECORD];
	const struct qs_piece piece = { bytes, sizeof bytes, 0, QS_TRACE_RING_MIN, false };
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	CHECK(qs_process_events(processes.list[0]));
	put(bytes, RECORD, 0, qs_now(), 1);
	put(bytes + RECORD, QS_TRACE_RING_MIN - RECORD, QS_TRACE_PADDING, 0, 0);
	CHECK(qs_records_check(&found, processes.list[0], &piece, 0));
	CHECK(found.count == 1 && found.end == QS_TRACE_RING_MIN);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

/* What a reader has to know of a time that isn't in the short head, it has from the event before. */
static void heads(void)
{
	const uint64_t whole = UINT64_C(0x123456789abcdef0), soon = UINT64_C(1) << QS_CTF_TIME_BITS;
	uint8_t head[QS_CTF_EVENT_HEAD_MAX];
	CHECK(qs_ctf_event_head(head, 4094, whole, whole) == HEAD && time_of(head) == ending(whole));
	CHECK(qs_ctf_event_head(head, 0, whole, whole - soon + 1) == HEAD);
	CHECK(qs_ctf_event_head(head, 0, whole, whole - soon) == sizeof head);
	CHECK(qs_ctf_event_head(head, 0, whole, 0) == sizeof head && memcmp(head + 4, &whole, sizeof whole) == 0);
	CHECK(qs_ctf_event_head(head, 4095, whole, whole) == sizeof head);
	CHECK(memcmp(head + 2, &(uint16_t){ 4095 }, 2) == 0);
}

/* A handler's record lies behind that of the thread that it has interrupted. */
static void order(void)
{
	struct test_trace trace;
	struct qs_processes processes = { 0 };
	struct qs_records found;
	uint8_t bytes[3 * RECORD];
	uint64_t now = qs_now();
	test_trace_make(&trace);
	qs_processes_list(&trace.directory, &processes);
	CHECK(qs_process_events(processes.list[0]));
	put(bytes, RECORD, 0, now - 1, 1);
	put(bytes + RECORD, RECORD, 0, now - 5, 2);
	put(bytes + 2 * RECORD, RECORD, 0, now - 3, 3);
	CHECK(checked(&found, processes.list[0], bytes, 0, sizeof bytes, now - 4));
	/* Sorted; and the first, which would lie before what has been recorded already, with its time. */
	CHECK(found.count == 3 && found.length == 3 * EVENT && found.first == now - 4 && found.last == now - 1);
	CHECK(time_of(found.bytes) == ending(now - 4) && time_of(found.bytes + EVENT) == ending(now - 3));
	CHECK(time_of(found.bytes + 2 * EVENT) == ending(now - 1));
	CHECK(found.bytes[HEAD] == 2 && found.bytes[EVENT + HEAD] == 3 && found.bytes[2 * EVENT + HEAD] == 1);
	qs_processes_close(&processes);
	test_trace_remove(&trace);
}

void reading_suite(void)
{
	check_run("descriptions are read, or refused", descriptions);
	check_run("patterns", patterns);
	check_run("the bytes that fields take", sizes_of_fields);
	check_run("records are believed one by one", records);
	check_run("a piece ends with its last whole record", pieces);
	check_run("padding is passed over without being copied", paddings);
	check_run("an event's head is short where it follows soon", heads);
	check_run("no time goes back", order);
}
