/* SPDX-License-Identifier: MIT */
/* What the header promises, of one process and its threads. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "events.h"
#include "second.h"

#ifndef TEST_THREADS
#define TEST_THREADS 10000
#endif

static struct qs_trace_process *process;

struct seen {
	long records;
	char text[QS_TRACE_TEXT_MAX];
	uint32_t size;
	unsigned char fields[512];
};

static void see(const struct second_record *record, void *data)
{
	struct seen *seen = data;
	seen->records++;
	strcpy(seen->text, record->text);
	seen->size = record->size;
	memcpy(seen->fields, record->fields, record->size - 16 < 512 ? record->size - 16 : 512);
}

/* What is recorded now, from an empty ring. */
static struct seen last(void)
{
	struct seen seen = {0};
	CHECK(second_read_all(process, see, &seen) == seen.records);
	return seen;
}

static int evaluated;

static uint64_t evaluate(void)
{
	return (uint64_t)++evaluated;
}

static void off_until_a_rule_says_so(void)
{
	qs_tracepoint(test, one, evaluate());
	CHECK(evaluated == 1); /* the first hit finds out that nobody traces */
	qs_tracepoint(test, one, evaluate());
	CHECK(evaluated == 1 && !qs_tracepoint_enabled(test, one));
	CHECK(qs_trace_open(NULL) == 0 && *qs_trace_problem() == 0);
	CHECK(qs_trace_open(NULL) == 0);
	process = second_process(getpid());
	if (!process || !second_control())
		abort();
	CHECK(second_count(".trace") == 1 && second_count(".life") == 1 && second_is_alive(getpid()));
	CHECK(process->header.events == 7 && process->header.rings == 0 && process->header.applied != 0);
	CHECK(qs_load_relaxed(&process->header.magic) == QS_TRACE_MAGIC && process->header.pid == getpid());
	qs_tracepoint(test, one, evaluate());
	CHECK(evaluated == 1 && process->header.rings == 0);
	second_config(1, 0, 1, NULL, 0);
	second_rule("test", "on?", 1);
	qs_tracepoint(test, one, evaluate());
	qs_tracepoint(test, none);
	CHECK(evaluated == 2 && last().records == 1);
	second_rule("test", "two", 1);
	qs_tracepoint(test, one, evaluate());
	CHECK(evaluated == 2 && last().records == 0);
}

static void records_each_type(void)
{
	static const unsigned char integers[] = {1,    2, 0,    3, 0, 0,    0, 4, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0xff,
						 0xfd, 0xff, 0xff, 0xff, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff,
						 0xff, 0xff};
	second_rule("*", "*", 1);
	(void)last();
	qs_tracepoint(test, integers, 1, 2, 3, 4, -1, -2, -3, -4, 5, 6, 7, 8);
	struct seen seen = last();
	CHECK(seen.records == 1 && strcmp(seen.text,
		"test:integers;6;u1 a;u2 b;u4 c;u8 d;i1 e;i2 f;i4 g;i8 h;x1 i;x2 j;"
						     "x4 k;x8 l") == 0);
	CHECK(seen.size == 64 && memcmp(seen.fields, integers, sizeof(integers)) == 0 && seen.fields[30] == 5);

	const uint16_t parts[] = {7, 8, 9};
	const double weights[] = {0.5};
	qs_tracepoint(test, mixed, 1.5f, -2.25, "a path", -1, parts, 3, weights, 1);
	seen = last();
	float small;
	double large, weight;
	int32_t state;
	uint32_t count;
	memcpy(&small, seen.fields, 4);
	memcpy(&large, seen.fields + 4, 8);
	memcpy(&state, seen.fields + 19, 4);
	memcpy(&count, seen.fields + 23, 4);
	memcpy(&weight, seen.fields + 37, 8);
	CHECK(small == 1.5f && large == -2.25 && strcmp((char *)seen.fields + 12, "a path") == 0 && state == -1);
	CHECK(count == 3 && memcmp(seen.fields + 27, parts, 6) == 0 && weight == 0.5 && seen.size == 64);

	qs_tracepoint(test, mixed, 0, 0, NULL, 0, NULL, 0, NULL, 0);
	seen = last();
	CHECK(strcmp((char *)seen.fields + 12, "(null)") == 0 && seen.size == 48);

	const uint64_t many[] = {1, UINT64_MAX};
	qs_tracepoint(test, sixteen, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, many, 2);
	seen = last();
	CHECK(seen.fields[14] == 14 && memcmp(seen.fields + 19, many, 16) == 0);
	qs_tracepoint(test, none);
	seen = last();
	CHECK(seen.size == 16 && strcmp(seen.text, "test:none;14") == 0);
}

static void samples(void)
{
	second_config(2, 0, 10, NULL, 0);
	second_rule("test", "one", 2);
	for (int i = 0; i < 1000; i++)
		qs_tracepoint(test, one, 1);
	CHECK(last().records == 100);
}

/* test:one passes when its number is greater than 90. */
static const uint8_t greater_than_90[] = {0x04, 0x66, 0x0f, 0x93, 0x41, 0x01, 90, 0, 0, 0, 0, 0, 0, 0, 0x14};

static void filters(void)
{
	uint8_t code[sizeof(greater_than_90)];
	uint32_t hash = UINT32_C(2166136261);
	for (const char *name = "number"; *name; name++)
		hash = (hash ^ (uint8_t)*name) * UINT32_C(16777619);
	memcpy(code, greater_than_90, sizeof(code));
	memcpy(code + 1, &hash, 4);
	second_config(3, 0, 1, code, sizeof(code));
	second_rule("test", "one", 3);
	for (unsigned i = 1; i <= 100; i++)
		qs_tracepoint(test, one, i);
	struct seen seen = last();
	CHECK(seen.records == 10 && seen.fields[0] == 100);
}

static void loses_the_newest(void)
{
	second_config(1, 0, 1, NULL, 0);
	second_rule("test", "one", 1);
	(void)last();
	const uint64_t lost = process->rings[0].lost;
	const unsigned room = process->header.ring_size / 24;
	for (unsigned i = 0; i < room + 1000; i++)
		qs_tracepoint(test, one, i);
	struct seen seen = last();
	uint64_t number;
	memcpy(&number, seen.fields, 8);
	CHECK(seen.records + (long)(process->rings[0].lost - lost) == (long)room + 1000);
	CHECK(number == (uint64_t)seen.records - 1 && (unsigned)seen.records >= room - 2);
	/* And there is room again. */
	qs_tracepoint(test, one, 5);
	CHECK(last().records == 1);
}

static void refuses_what_never_fits(void)
{
	const uint64_t lost = process->rings[0].lost, error = (uint64_t)errno;
	static uint64_t many[1 << 16];
	second_rule("test", "*", 1);
	qs_tracepoint(test, sixteen, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, many, 1 << 16);
	qs_tracepoint(test, sixteen, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, many, SIZE_MAX);
	qs_tracepoint(test, sixteen, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, many, SIZE_MAX / 8 - 4);
	CHECK(process->rings[0].lost == lost + 3 && (uint64_t)errno == error && last().records == 0);
	char text[2000];
	memset(text, 'x', sizeof(text));
	text[1999] = 0;
	for (unsigned i = 0; i < 1000; i++) {
		text[1999 - i] = 0;
		qs_tracepoint(test, text, text);
		if (i % 100 == 0)
			CHECK(last().records >= 1);
	}
	CHECK(last().records == 99);
}

/* A configuration of the second channel is one ring more, and in overwrite mode. */
struct order {
	uint64_t first, last, records;
	bool gap;
};

static void see_order(const struct second_record *record, void *data)
{
	struct order *order = data;
	uint64_t number;
	memcpy(&number, record->fields, 8);
	if (order->records++ == 0)
		order->first = number;
	else if (number != order->last + 1)
		order->gap = true;
	order->last = number;
}

static void overwrites_the_oldest(void)
{
	second_overwrite(1, true);
	second_config(4, 1, 1, NULL, 0);
	second_rule("test", "one", 4);
	for (unsigned i = 0; i < 100000; i++)
		qs_tracepoint(test, one, i);
	CHECK(process->header.rings == 2 && process->rings[1].overwrite == 1 && process->rings[1].channel == 1);
	struct order order = {0};
	CHECK(second_look(process, 1, see_order, &order) == (long)order.records);
	CHECK(order.last == 99999 && !order.gap && order.records >= process->header.ring_size / 24 - 2);
	CHECK(process->rings[1].lost == order.first);
}

/* Handlers that interrupt hits, and each other. */
static qs_atomic(long) handled; /* they interrupt each other as they count */

static void handler(int number)
{
	const int kept = errno;
	const long count = qs_fetch_add(&handled, 1) + 1;
	qs_tracepoint(test, text, number == SIGALRM ? "alarm" : "user");
	if (number == SIGALRM && count % 4 == 0)
		(void)raise(SIGUSR1);
	errno = kept;
}

struct storm {
	uint64_t expected;
	long hits, handled;
	bool wrong;
};

static void see_storm(const struct second_record *record, void *data)
{
	struct storm *storm = data;
	if (strncmp(record->text, "test:one", 8) == 0) {
		uint64_t number;
		memcpy(&number, record->fields, 8);
		/* Behind one that was lost, which is counted: on a slow machine handlers may fill the ring. */
		storm->wrong = storm->wrong || number < storm->expected;
		storm->expected = number + 1;
		storm->hits++;
	} else {
		storm->handled++;
	}
}

static void survives_a_storm_of_signals(void)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_NODEFER};
	const struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
	struct storm storm = {0};
	const uint64_t lost = process->rings[0].lost;
	second_rule("test", "*", 1);
	(void)last();
	(void)sigaction(SIGALRM, &action, NULL);
	(void)sigaction(SIGUSR1, &action, NULL);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	unsigned hits = 0;
	while (qs_load_relaxed(&handled) < 20000 && hits < 4000000) {
		qs_tracepoint(test, one, hits);
		/* In time, so that hardly anything is lost. */
		if (++hits % 1000 == 0 && second_read(process, 0, see_storm, &storm) < 0)
			storm.wrong = true;
	}
	(void)setitimer(ITIMER_REAL, &never, NULL);
	CHECK(second_read(process, 0, see_storm, &storm) >= 0);
	CHECK(!storm.wrong && qs_load_relaxed(&handled) > 100);
	CHECK(storm.hits + storm.handled + (long)(process->rings[0].lost - lost) ==
	      (long)hits + qs_load_relaxed(&handled));
	CHECK(process->rings[0].announced == 0);
}

static void survives_a_storm_in_overwrite_mode(void)
{
	const struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
	const long before = qs_load_relaxed(&handled);
	second_rule("test", "*", 4);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	for (unsigned i = 0; qs_load_relaxed(&handled) < before + 5000 && i < 2000000; i++) {
		qs_tracepoint(test, one, i);
		if (i % 20000 == 0) {
			sigset_t alarm, old;
			(void)sigemptyset(&alarm);
			(void)sigaddset(&alarm, SIGALRM);
			(void)pthread_sigmask(SIG_BLOCK, &alarm, &old);
			CHECK(second_look(process, 1, NULL, NULL) > 100);
			(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
		}
	}
	(void)setitimer(ITIMER_REAL, &never, NULL);
	CHECK(second_look(process, 1, NULL, NULL) > 100 && process->rings[1].announced == 0);
	second_rule("test", "*", 0);
}

/* Threads that come and go. */
static void *one_hit(void *number)
{
	qs_tracepoint(other, count, 1, (uint64_t)(uintptr_t)number, 2);
	return NULL;
}

static void gives_rings_back(void)
{
	long records = 0;
	second_rule("other", "count", 1);
	(void)last();
	for (unsigned i = 0; i < TEST_THREADS; i += 4) {
		pthread_t threads[4];
		for (unsigned j = 0; j < 4; j++)
			CHECK(pthread_create(&threads[j], NULL, one_hit, (void *)(uintptr_t)(i + j)) == 0);
		for (unsigned j = 0; j < 4; j++)
			CHECK(pthread_join(threads[j], NULL) == 0);
		records += last().records;
	}
	CHECK(records == TEST_THREADS && process->header.lost == 0 && process->header.rings <= 8);
}

static void *many_hits(void *stop)
{
	uint64_t number = 0;
	while (!qs_load_relaxed((qs_atomic(uint32_t) *)stop)) {
		qs_tracepoint(other, count, 7, number, number * UINT64_C(0x9e3779b97f4a7c15));
		number++;
	}
	return NULL;
}

static void see_count(const struct second_record *record, void *torn)
{
	uint32_t thread;
	uint64_t number, check;
	memcpy(&thread, record->fields, 4);
	memcpy(&number, record->fields + 4, 8);
	memcpy(&check, record->fields + 12, 8);
	*(bool *)torn = *(bool *)torn || thread != 7 || check != number * UINT64_C(0x9e3779b97f4a7c15);
}

static void is_read_while_it_writes(void)
{
	static qs_atomic(uint32_t) stop;
	pthread_t threads[3];
	bool torn = false;
	long records = 0;
	for (unsigned j = 0; j < 3; j++)
		CHECK(pthread_create(&threads[j], NULL, many_hits, &stop) == 0);
	for (unsigned i = 0; i < 300 || records < 1000; i++) {
		second_rule("other", "count", i % 3 ? 1 : 0);
		second_grace(process);
		const long count = second_read_all(process, see_count, &torn);
		CHECK(count >= 0);
		if (count < 0)
			break;
		records += count;
	}
	qs_store_relaxed(&stop, 1);
	for (unsigned j = 0; j < 3; j++)
		(void)pthread_join(threads[j], NULL);
	CHECK(second_read_all(process, see_count, &torn) >= 0);
	CHECK(!torn);
	second_rule("*", "*", 0);
}

int main(void)
{
	alarm(TEST_PATIENCE * 10);
	(void)second_begin();
	/* It is to be full soon, and as it was asked for. */
	if (setenv("QUIESCE_TRACE_RING", "262144", 1) != 0)
		return 1;
	check_run("nothing is recorded, and no argument evaluated, until a rule says so", off_until_a_rule_says_so);
	check_run("each type is recorded as it is described", records_each_type);
	check_run("one of so many is recorded", samples);
	check_run("what a filter refuses is not recorded", filters);
	check_run("a full ring loses the newest, and counts them", loses_the_newest);
	check_run("what never fits is lost, and counted", refuses_what_never_fits);
	check_run("a full ring loses the oldest where that is asked for", overwrites_the_oldest);
	check_run("handlers that interrupt hits lose and tear nothing", survives_a_storm_of_signals);
	check_run("and neither where the oldest is overwritten", survives_a_storm_in_overwrite_mode);
	check_run("threads that end give their rings back", gives_rings_back);
	check_run("events are whole while they are switched and read", is_read_while_it_writes);
	second_end();
	return check_end();
}
