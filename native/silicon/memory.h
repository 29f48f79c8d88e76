/* SPDX-License-Identifier: MIT */
/*
 * The memory of a batch of rounds. Each round has words of its own; which words are neighbours, and in whose cache a
 * line is, changes from batch to batch, as what a processor shows depends on it.
 */
#ifndef QUIESCE_SILICON_MEMORY_H
#define QUIESCE_SILICON_MEMORY_H

#include "random.h"
#include "run.h"

struct qs_memory {
	const struct qs_test *test;
	uint32_t rounds;       /* how many there are in a batch */
	char *lines;           /* all words, and room between them */
	qs_word **words;       /* by round and word */
	uint32_t *order;       /* for shuffling */
	qs_value *results[QS_MOST_THREADS];
};

/* Ends the program where there is no memory. */
void qs_memory_make(struct qs_memory *memory, const struct qs_test *test, uint32_t rounds);
void qs_memory_free(struct qs_memory *memory);

/* Puts every word somewhere else. */
void qs_memory_shuffle(struct qs_memory *memory, struct qs_random *random);

/* Gives some rounds' words their first values; from `begin` to below `end`. */
void qs_memory_reset(struct qs_memory *memory, uint32_t begin, uint32_t end);

/* Reads some of the words, so that their lines are in the caller's cache. */
void qs_memory_touch(const struct qs_memory *memory, struct qs_random *random);

static inline qs_word *const *qs_memory_words(const struct qs_memory *memory, uint32_t round)
{
	return memory->words + (size_t)round * memory->test->words;
}

static inline qs_value *qs_memory_results(const struct qs_memory *memory, uint32_t thread, uint32_t round)
{
	return memory->results[thread] + (size_t)round * memory->test->results[thread];
}

#endif
