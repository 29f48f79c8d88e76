/* SPDX-License-Identifier: MIT */
/* Records as a process wrote them, looked at one by one: those that are whole become events, in the order of times. */
#ifndef QS_TRACE_CHECK_RECORDS_H
#define QS_TRACE_CHECK_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process.h"

/* What a ring had from `position` on, in our own memory: nobody changes it any more. */
struct qs_piece {
	const uint8_t *bytes;
	size_t length;          /* how many of them are here */
	uint64_t position, end; /* the last record may go on up to `end` */
	bool other_clock;       /* than ours is the one that its times are of */
};

struct qs_records {
	uint8_t *bytes; /* events of a stream (ctf.h), until the next call */
	size_t length;
	uint64_t count;
	uint64_t skipped; /* of events whose descriptions can't be read */
	uint64_t first, last; /* times; where there is no record, both are what `after` was, or now */
	uint64_t end;         /* the position up to which there were whole records */
	bool no_memory;
};

/*
 * Makes events of a piece's records. No time is before `after`. A last record of which the piece has only a part is
 * left for the next one. Records of events without a description that can be read are skipped. False where something is
 * wrong: then what came before is there, and the rest is left out.
 */
bool qs_records_check(struct qs_records *records, const struct qs_process *process, const struct qs_piece *piece,
		      uint64_t after);

#endif
