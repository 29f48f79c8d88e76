/* SPDX-License-Identifier: MIT */
/*
 * Memory. Options: capacity (4096). Result: reader_bytes, what a registered reader occupies (its slot, or its
 * thread-local structure); domain_kib, what becomes resident when a domain for that many readers is made and one
 * registers.
 */
#define READER_CANNOT_SLEEP
#include "reader.h"

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	double before = bench_resident();
	side_start((uint32_t)bench_option("capacity", 4096));
	side_publish(&reader_pointer, &reader_value);
	side_reader *reader = side_register();
	reader_pairs(reader, 1);
	double after = bench_resident();
	side_unregister(reader);
	bench_result("reader_bytes", (double)SIDE_READER_BYTES);
	bench_result("domain_kib", before < 0 || after < 0 ? -1 : (after - before) / 1024);
	bench_end();
}
