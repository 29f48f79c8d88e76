/* SPDX-License-Identifier: MIT */
/* How often each outcome was there, and in which round first. */
#ifndef QUIESCE_SILICON_TALLY_H
#define QUIESCE_SILICON_TALLY_H

#include <stdio.h>

#include "run.h"

/* More different outcomes than this are not told apart; a test has a few dozen at most. */
#define QS_MOST_OUTCOMES 4096

/* A value of this or the next ones is the address of the word 0, 1, ...: no test has such numbers. */
#define QS_FIRST_ADDRESS INTPTR_MIN

struct qs_outcome {
	uint64_t count, first; /* a count of 0: nothing is here */
};

struct qs_tally {
	const struct qs_test *test;
	struct qs_outcome *outcomes;
	qs_value *values; /* by outcome and place */
	uint32_t used;
	uint64_t lost; /* rounds whose outcome found no room */
};

void qs_tally_make(struct qs_tally *tally, const struct qs_test *test);
void qs_tally_free(struct qs_tally *tally);

/* Counts an outcome `count` times, with the round in which it was first. */
void qs_tally_add(struct qs_tally *tally, const qs_value *values, uint64_t count, uint64_t first);

/* Adds all that another tally has. */
void qs_tally_merge(struct qs_tally *tally, const struct qs_tally *other);

/* A line each, the most frequent first: `N  0:r0=1; x=2;` for people; for a program `seen N FIRST 1 &0`. */
void qs_tally_print(const struct qs_tally *tally, FILE *file, bool for_program);

#endif
