/* SPDX-License-Identifier: MIT */
/*
 * What an event costs that is switched off, or recorded to memory. Options: event (off, none, four, eight, string),
 * threads, rounds, events (of a round), a_us (how many events come a microsecond; 0: as many as can). Result:
 * ns_min, ns_median, ns_max of an event, over the rounds of all threads, events_us of all threads together, and
 * kb_thread, memory that a thread more costs; events and us, how many in what time, from which whoever runs the
 * program beside a recorder knows the rate.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include SIDE

enum { THREADS = 64, ROUNDS = 4096 };

static unsigned events;
static uint64_t round_ns; /* a round takes no less */
static size_t rounds;
static _Atomic unsigned ready;
static _Atomic bool go, stay = true;
static double took[THREADS * ROUNDS];
static const char text[] = "a string of thirty-two bytes ...";

enum event { OFF, NONE, FOUR, EIGHT, STRING };
static enum event event;

/* What is resident, shared memory included, in KiB: the rings are shared. */
static double resident(void)
{
	unsigned long size, pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (!file || fscanf(file, "%lu %lu", &size, &pages) != 2)
		pages = 0;
	if (file)
		fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static void run(void)
{
	switch (event) {
	case OFF:
		for (unsigned i = 0; i < events; i++)
			side_tracepoint(off, i);
		break;
	case NONE:
		for (unsigned i = 0; i < events; i++)
			side_tracepoint(none);
		break;
	case FOUR:
		for (unsigned i = 0; i < events; i++)
			side_tracepoint(four, i, 2, 3, 4);
		break;
	case EIGHT:
		for (unsigned i = 0; i < events; i++)
			side_tracepoint(eight, i, 2, 3, 4, 5, 6, 7, 8);
		break;
	case STRING:
		for (unsigned i = 0; i < events; i++)
			side_tracepoint(string, text);
		break;
	}
}

static void *thread_main(void *argument)
{
	const unsigned rank = (unsigned)(uintptr_t)argument;
	bench_pin(rank);
	run();
	ready++;
	while (!go)
		bench_sleep_ns(100000);
	for (size_t round = 0; round < rounds; round++) {
		const uint64_t start = bench_now();
		run();
		took[rank * rounds + round] = (double)(bench_now() - start) / events;
		while (bench_now() - start < round_ns)
			;
	}
	ready++;
	while (stay)
		bench_sleep_ns(100000);
	return NULL;
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"off", "none", "four", "eight", "string"};
	pthread_t threads[THREADS];
	bench_start(argc, argv);
	const unsigned count = (unsigned)bench_option("threads", 1);
	rounds = (size_t)bench_option("rounds", 200);
	events = (unsigned)bench_option("events", 1000);
	const uint64_t a_us = (uint64_t)bench_option("a_us", 0);
	round_ns = a_us ? events * UINT64_C(1000) / a_us : 0;
	for (unsigned i = 0; i < 5; i++)
		if (bench_is("event", names[i]))
			event = (enum event)i;
	if (count > THREADS || rounds > ROUNDS)
		bench_fail("too many threads or rounds");
	side_begin();
	if (!side_enabled(none)) {
		side_end();
		bench_fail("the events aren't switched on");
	}
	const double before = resident();
	for (unsigned i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, thread_main, (void *)(uintptr_t)i) != 0)
			bench_fail("a thread can't be started");
	while (ready < count)
		bench_sleep_ns(100000);
	const uint64_t start = bench_now();
	go = true;
	while (ready < 2 * count)
		bench_sleep_ns(100000);
	const double all = (double)(bench_now() - start);
	bench_result("kb_thread", (resident() - before) / count);
	stay = false;
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	side_end();
	const double median = bench_median(took, count * rounds);
	bench_result("ns_min", took[0]);
	bench_result("ns_median", median);
	bench_result("ns_max", took[count * rounds - 1]);
	const double sum = (double)events * (double)(rounds + 1) * count;
	bench_result("events_us", (double)events * (double)rounds * count / (all / 1e3));
	bench_result("events", sum);
	bench_result("us", all / 1e3);
	bench_end();
}
