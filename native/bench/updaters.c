/* SPDX-License-Identifier: MIT */
/*
 * Several updaters in a loop, beside one reader. Options: updaters, reader and section_us as in grace_period.c, ms;
 * apart=1: the updaters share one processor, and the reader has another one, so that it is not held up between two
 * sections by those who wait for it. Without it, the kernel places them.
 * Result: calls_ms, grace periods asked for and got in a millisecond; slowest_ms, the slowest call of all updaters;
 * fewest, the calls of the updater with the fewest; membarriers, for one call.
 */
#include "reader.h"

enum { UPDATERS = 64 };

struct updater {
	pthread_t thread;
	uint64_t calls, slowest;
	char apart[READER_LINE];
};

static struct updater updaters[UPDATERS];
static struct reader reader;
static _Atomic bool go, stop;
static bool apart;

static void *update(void *argument)
{
	struct updater *self = argument;
	if (apart)
		bench_pin(0);
	while (!go)
		bench_sleep_ns(100000);
	while (!stop) {
		uint64_t start = bench_now();
		side_synchronize();
		uint64_t took = bench_now() - start;
		if (took > self->slowest)
			self->slowest = took;
		self->calls++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	unsigned count = (unsigned)bench_option("updaters", 2);
	uint64_t calls = 0, slowest = 0, fewest = UINT64_MAX;
	if (count > UPDATERS)
		bench_fail("too many updaters");
	side_start(2);
	reader.kind = reader_kind_of("reader");
	apart = bench_option("apart", 0) > 0;
	reader.rank = apart ? 1 : ANYWHERE;
	reader.section_ns = (uint64_t)(bench_option("section_us", 1000) * 1e3);
	reader_start(&reader);
	for (unsigned i = 0; i < count; i++) {
		if (pthread_create(&updaters[i].thread, NULL, update, &updaters[i]) != 0)
			bench_fail("a thread can't be started");
	}

	unsigned long membarriers = bench_membarriers();
	uint64_t start = bench_now();
	go = true;
	bench_sleep_ns((uint64_t)(bench_option("ms", 500) * 1e6));
	stop = true;
	for (unsigned i = 0; i < count; i++) {
		pthread_join(updaters[i].thread, NULL);
		calls += updaters[i].calls;
		if (updaters[i].slowest > slowest)
			slowest = updaters[i].slowest;
		if (updaters[i].calls < fewest)
			fewest = updaters[i].calls;
	}
	uint64_t took = bench_now() - start;
	membarriers = bench_membarriers() - membarriers;
	reader_stop_all(&reader, 1);

	bench_result("calls_ms", (double)calls / ((double)took / 1e6));
	bench_result("slowest_ms", (double)slowest / 1e6);
	bench_result("fewest", (double)fewest);
	bench_result("membarriers", (double)membarriers / (double)calls);
	bench_end();
}
