/* SPDX-License-Identifier: MIT */
/*
 * What a lock, a dereference and an unlock cost, in a loop, alone on a processor. Options: ms.
 * Result: ns, the median of many short loops; best, the least.
 */
#define READER_CANNOT_SLEEP
#include "reader.h"

/* A sample is so short that most of them are over before another program gets the processor. */
enum { PAIRS = 1000, SAMPLE_NS = 50000, TRIALS = 9, SAMPLES = 65536 };

static double samples[SAMPLES];

/* Nanoseconds of a pair. */
static double sample(side_reader *reader, unsigned loops)
{
	uint64_t start = bench_now();
	for (unsigned i = 0; i < loops; i++) {
		reader_pairs(reader, PAIRS);
		side_quiescent(reader);
	}
	return (double)(bench_now() - start) / ((double)PAIRS * loops);
}

static unsigned loops_in_a_sample(side_reader *reader)
{
	for (int i = 0; i < TRIALS; i++)
		samples[i] = sample(reader, 1);
	double loops = SAMPLE_NS / (bench_median(samples, TRIALS) * PAIRS);
	return loops < 1 ? 1 : (unsigned)loops;
}

int main(int argc, char **argv)
{
	size_t count = 0;
	bench_start(argc, argv);
	bench_pin(1);
	side_start(4);
	side_publish(&reader_pointer, &reader_value);
	side_reader *reader = side_register();
	double ms = bench_option("ms", 50);
	/* A fifth of the time for the processor to wake up and to learn the loop. */
	uint64_t warm = bench_now() + (uint64_t)(ms * 2e5), end = warm + (uint64_t)(ms * 8e5);
	while (bench_now() < warm)
		sample(reader, 1);
	unsigned loops = loops_in_a_sample(reader);
	do
		samples[count++] = sample(reader, loops);
	while (bench_now() < end && count < SAMPLES);
	side_unregister(reader);
	bench_result("ns", bench_median(samples, count));
	bench_result("best", samples[0]);
	bench_end();
}
