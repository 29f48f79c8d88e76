/* SPDX-License-Identifier: MIT */
/* Several readers at once, no updater. Options: readers, ms. Result: pairs_us, read pairs of all in a microsecond. */
#include "reader.h"

enum { READERS = 64, PAIRS = 1000 };

struct loop {
	unsigned rank;
	pthread_t thread;
	uint64_t pairs;
	char apart[READER_LINE];
};

static struct loop loops[READERS];
static _Atomic bool go, stop;

static void *loop_main(void *argument)
{
	struct loop *self = argument;
	bench_pin(self->rank);
	side_reader *reader = side_register();
	while (!go)
		bench_sleep_ns(100000);
	while (!stop) {
		reader_pairs(reader, PAIRS);
		side_quiescent(reader);
		self->pairs += PAIRS;
	}
	side_unregister(reader);
	return NULL;
}

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	unsigned count = (unsigned)bench_option("readers", 2);
	uint64_t pairs = 0;
	if (count > READERS)
		bench_fail("too many readers");
	side_start(READERS);
	side_publish(&reader_pointer, &reader_value);
	for (unsigned i = 0; i < count; i++) {
		loops[i].rank = i;
		if (pthread_create(&loops[i].thread, NULL, loop_main, &loops[i]) != 0)
			bench_fail("a thread can't be started");
	}
	uint64_t start = bench_now();
	go = true;
	bench_sleep_ns((uint64_t)(bench_option("ms", 100) * 1e6));
	stop = true;
	for (unsigned i = 0; i < count; i++) {
		pthread_join(loops[i].thread, NULL);
		pairs += loops[i].pairs;
	}
	uint64_t took = bench_now() - start;
	bench_result("pairs_us", (double)pairs / ((double)took / 1e3));
	bench_end();
}
