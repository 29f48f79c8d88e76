/* SPDX-License-Identifier: MIT */
/*
 * Deferred freeing, with a worker that does it. A registered reader sleeps meanwhile.
 * Options: what=many: objects (1000000), ms. Result: enqueue_ns, one object's; freed_ns, from the first object's
 * enqueuing to the end of the last one's callback, divided by the objects.
 * what=one: times (10). Result: one_ms, from the enqueuing of one object, with a worker that has nothing else to do,
 * to its callback.
 */
#include "reader.h"

enum { SAMPLES = 4096 };

static double enqueue_samples[SAMPLES], freed_samples[SAMPLES];
static struct reader reader;
static _Atomic uint64_t freed_at;
static uint64_t freed; /* by the worker alone, read after a barrier */

struct object {
	side_head head;
	uint64_t value;
};

static void count_freed(side_head *head)
{
	bench_keep(head);
	freed++;
}

static void tell_time(side_head *head)
{
	bench_keep(head);
	freed_at = bench_now();
}

static void many(void)
{
	size_t objects = (size_t)bench_option("objects", 1000000), taken = 0;
	struct object *all = calloc(objects, sizeof(*all));
	if (!all)
		bench_fail("no memory for the objects");
	for (size_t i = 0; i < objects; i++)
		all[i].value = i;
	uint64_t end = bench_now() + (uint64_t)(bench_option("ms", 100) * 1e6);
	do {
		uint64_t start = bench_now();
		for (size_t i = 0; i < objects; i++)
			side_defer(&all[i].head, count_freed);
		uint64_t enqueued = bench_now();
		side_barrier();
		freed_samples[taken] = (double)(bench_now() - start) / (double)objects;
		enqueue_samples[taken++] = (double)(enqueued - start) / (double)objects;
		if (freed != taken * objects)
			bench_fail("the barrier came back before everything was freed");
	} while (bench_now() < end && taken < SAMPLES);
	bench_result("enqueue_ns", bench_median(enqueue_samples, taken));
	bench_result("freed_ns", bench_median(freed_samples, taken));
}

static void one(void)
{
	static struct object object;
	size_t times = (size_t)bench_option("times", 10);
	if (times > SAMPLES)
		bench_fail("too many times");
	for (size_t i = 0; i < times; i++) {
		/* At no fixed distance from the last one, and long enough for the worker to fall asleep. */
		bench_sleep_ns(12000000 + i % 7 * 1300000);
		uint64_t start = bench_now();
		freed_at = 0;
		side_defer(&object.head, tell_time);
		while (freed_at == 0)
			bench_sleep_ns(1000);
		freed_samples[i] = (double)(freed_at - start) / 1e6;
		side_barrier();
	}
	bench_result("one_ms", bench_median(freed_samples, times));
}

int main(int argc, char **argv)
{
	static struct object first;
	bench_start(argc, argv);
	side_start(4);
	reader.kind = READER_ASLEEP;
	reader.rank = 1;
	reader_start(&reader);
	/* The worker is started, if that is not done yet. */
	side_defer(&first.head, count_freed);
	side_barrier();
	freed = 0;
	/* Only now, since the worker would be pinned, too. */
	bench_pin(0);
	if (bench_is("what", "one"))
		one();
	else
		many();
	reader_stop_all(&reader, 1);
	bench_end();
}
