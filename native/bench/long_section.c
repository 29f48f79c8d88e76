/* SPDX-License-Identifier: MIT */
/*
 * One grace period behind a long section whose reader sleeps, while another reader has short sections.
 * Options: section_ms (500). Result: membarriers; busy_ms, the processor time of the updater; ms, how long it took.
 */
#include "reader.h"

static struct reader readers[2];

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	bench_pin(0);
	side_start(2);
	readers[0].kind = READER_SHORT;
	readers[0].rank = 1;
	reader_start(&readers[0]);
	readers[1].kind = READER_SLEEPS;
	readers[1].times = 1;
	readers[1].section_ns = (uint64_t)(bench_option("section_ms", 500) * 1e6);
	reader_start(&readers[1]);

	unsigned long membarriers = bench_membarriers();
	uint64_t start = bench_now(), busy = bench_thread_time();
	if (!readers[1].inside)
		bench_fail("the long section was over before the grace period began");
	side_synchronize();
	busy = bench_thread_time() - busy;
	uint64_t took = bench_now() - start;
	membarriers = bench_membarriers() - membarriers;
	if (readers[1].inside)
		bench_fail("the grace period ended before the section did");
	reader_stop_all(readers, 2);

	bench_result("membarriers", (double)membarriers);
	bench_result("busy_ms", (double)busy / 1e6);
	bench_result("ms", (double)took / 1e6);
	bench_end();
}
