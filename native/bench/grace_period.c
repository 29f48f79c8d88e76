/* SPDX-License-Identifier: MIT */
/*
 * What a grace period takes, and what it asks of others. The updater has one processor, the readers the others.
 * Options: reader=none|asleep|short|spins|sleeps, section_us, readers (1), capacity (64), ms.
 * Result: us (the median), slowest_us, interrupts and membarriers, each for one grace period; calls, and kept, the
 * share of the batches that count: on a busy machine others had the updater's or the reader's processor.
 */
#include "reader.h"

enum { SAMPLES = 65536, READERS = 64, TRIALS = 63, BACKGROUND_PARTS = 3, PATIENCE = 3 };

/* Below the first, a call is too short for the clock; then batches of the second are timed. */
#define SHORT_NS 1000.0
#define BATCH_NS 20000.0

static double samples[SAMPLES];
static struct reader readers[READERS];
static unsigned reader_count;

static uint64_t progress(void)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < reader_count; i++)
		sum += readers[i].progress;
	return sum;
}

/*
 * Nanoseconds of `calls` grace periods. False: they don't count, since meanwhile no reader ran that would run if it had
 * a processor, or another program had the updater's. Where there are as many readers as processors or more, they take
 * it from each other, and all of them count.
 */
static bool grace_periods(unsigned calls, uint64_t *nanoseconds)
{
	long preemptions = bench_preemptions();
	uint64_t before = progress(), start = bench_now();
	for (unsigned i = 0; i < calls; i++)
		side_synchronize();
	*nanoseconds = bench_now() - start;
	if (reader_count < bench_processors() && bench_preemptions() != preemptions)
		return false;
	return readers[0].kind == READER_ASLEEP || progress() != before;
}

/* So many that looking at the clock doesn't matter. */
static unsigned calls_in_a_batch(void)
{
	uint64_t spent, end = bench_now() + 300000000;
	size_t trials = 0;
	grace_periods(1, &spent);
	while (trials < TRIALS && (trials == 0 || bench_now() < end)) {
		if (grace_periods(1, &spent) || bench_now() >= end)
			samples[trials++] = (double)spent;
	}
	double median = bench_median(samples, trials);
	return median > SHORT_NS ? 1 : (unsigned)(BATCH_NS / (median > 1 ? median : 1));
}

/* Interrupts of the whole machine in a nanosecond while nobody here asks for a grace period; negative: not known. */
static double background(uint64_t nanoseconds)
{
	double before = bench_interrupts();
	uint64_t start = bench_now();
	while (bench_now() - start < nanoseconds)
		continue;
	return before < 0 ? -1 : (bench_interrupts() - before) / (double)(bench_now() - start);
}

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	bench_pin(0);
	unsigned count = (unsigned)bench_option("readers", 1);
	if (count == 0 || count > READERS)
		bench_fail("readers is a number from 1 to 64");
	side_start((uint32_t)bench_option("capacity", READERS));
	for (; reader_count < count; reader_count++) {
		readers[reader_count].kind = reader_kind_of("reader");
		readers[reader_count].rank = 1 + reader_count;
		readers[reader_count].section_ns = (uint64_t)(bench_option("section_us", 20) * 1e3);
		reader_start(&readers[reader_count]);
	}

	uint64_t ns = (uint64_t)(bench_option("ms", 100) * 1e6), spent, kept = 0;
	unsigned batch = calls_in_a_batch();
	double quiet = background(ns / BACKGROUND_PARTS);
	double interrupts = bench_interrupts(), slowest = 0, membarriers = 0;
	size_t taken = 0, batches = 0;
	uint64_t start = bench_now();
	while (kept < ns && bench_now() - start < PATIENCE * ns && taken < SAMPLES) {
		unsigned long before = bench_membarriers();
		batches++;
		if (!grace_periods(batch, &spent))
			continue;
		kept += spent;
		membarriers += (double)(bench_membarriers() - before);
		samples[taken] = (double)spent / batch;
		if (samples[taken] > slowest)
			slowest = samples[taken];
		taken++;
	}
	/* Who does not run is not interrupted: so they belong to the batches that count. */
	interrupts = bench_interrupts() - interrupts - quiet * (double)(bench_now() - start);
	reader_stop_all(readers, count);
	if (taken == 0)
		bench_fail("the readers had no processor during any of the grace periods");

	double calls = (double)taken * batch;
	bench_result("us", bench_median(samples, taken) / 1e3);
	bench_result("slowest_us", slowest / 1e3);
	/* Where others cause more than we do, what is left may be less than nothing. */
	bench_result("interrupts", quiet < 0 ? -1 : interrupts < 0 ? 0 : interrupts / calls);
	bench_result("membarriers", membarriers / calls);
	bench_result("calls", calls);
	bench_result("kept", (double)taken / (double)batches);
	bench_end();
}
