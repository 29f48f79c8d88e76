/* SPDX-License-Identifier: MIT */
/* Records as a process wrote them, looked at one by one: those that are whole, in the order of their times. */
#ifndef QS_TRACE_CHECK_RECORDS_H
#define QS_TRACE_CHECK_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process.h"

struct qs_records {
	uint8_t *bytes; /* until the next call */
	size_t length;  /* a multiple of 8 */
	size_t content; /* the same without what fills up the last one */
	uint64_t count;
	uint64_t first, last; /* times; where there is no record, both are what `after` was, or now */
	bool no_memory;
};

/*
 * Looks at the bytes of [position, end) of a ring. No time is before `after`. False where something is wrong: then what
 * came before is there, and the rest is left out.
 */
bool qs_records_check(struct qs_records *records, struct qs_process *process, const uint8_t *bytes, uint64_t position,
		      uint64_t end, uint64_t after);

#endif
