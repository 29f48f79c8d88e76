/* SPDX-License-Identifier: MIT */
/* Writes recordings in the binary format of conformance/record/FORMAT.md. */
#ifndef QUIESCE_RECORD_WRITE_H
#define QUIESCE_RECORD_WRITE_H

#include <stdio.h>

#include "lane.h"

/* A recording: what its threads have left in their lanes. Several may stand in one file. */
struct qs_recording {
	const char *name;
	const char *made; /* JSON: what made it */
	const struct qs_ticks_facts *clock;
	uint64_t drain; /* ticks that each box is longer by, see lane.h */
	bool hung;      /* its threads had not ended when it was written */
	size_t lanes;
	const struct qs_lane *lane;
	const char *const *lane_name;
	size_t steps;
	const char *const *step_name;
	size_t names;
	const char *const *name_of_value; /* without the first, which stands for none */
	bool values_are_parameters;       /* of the step, and not words that were observed after it */
};

/*
 * Appends it. The file's own errors are for the caller to look at (ferror()).
 *
 * Where a lane had no room for all, the recording ends when that happened: events that begin later are left out, and
 * those that were not over lose their end, since nobody knows what they met.
 */
void qs_recording_write(FILE *file, const struct qs_recording *recording);

/* Says on standard error, as a line of JSON, what has come of it: the last of so many, which have so many events. */
void qs_recording_tell(const struct qs_recording *recording, uint64_t made, uint64_t events);

#endif
