/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE 64

static void *room(size_t count, size_t size)
{
	/* Whole lines, and at least one. */
	size_t bytes = (count * size / LINE + 1) * LINE;
	void *made = aligned_alloc(LINE, bytes);
	if (made)
		return made;
	fprintf(stderr, "there is no memory for %zu bytes of words and results\n", bytes);
	exit(3);
}

void qs_memory_make(struct qs_memory *memory, const struct qs_test *test, uint32_t rounds)
{
	size_t count = (size_t)rounds * test->words;
	memory->test = test;
	memory->rounds = rounds;
	memory->lines = room(count, LINE);
	memory->words = room(count, sizeof(*memory->words));
	memory->order = room(count, sizeof(*memory->order));
	for (uint32_t n = 0; n < count; n++)
		memory->order[n] = n;
	for (uint32_t thread = 0; thread < test->threads; thread++)
		memory->results[thread] = room((size_t)rounds * test->results[thread], sizeof(qs_value));
}

void qs_memory_free(struct qs_memory *memory)
{
	free(memory->lines);
	free(memory->words);
	free(memory->order);
	for (uint32_t thread = 0; thread < memory->test->threads; thread++)
		free(memory->results[thread]);
}

void qs_memory_shuffle(struct qs_memory *memory, struct qs_random *random)
{
	uint32_t words = memory->test->words, count = memory->rounds * words;
	/* One time in eight the words of a round are on one line, else each word has its own, in any order. */
	bool together = words <= LINE / sizeof(qs_word) && qs_random_below(random, 8) == 0;
	if (!together && qs_random_below(random, 2) == 0)
		for (uint32_t n = count; n > 1; n--) {
			uint32_t other = qs_random_below(random, n), kept = memory->order[n - 1];
			memory->order[n - 1] = memory->order[other];
			memory->order[other] = kept;
		}
	for (uint32_t n = 0; n < count; n++) {
		size_t place = together ? (size_t)(n / words) * LINE + (n % words) * sizeof(qs_word)
					: (size_t)memory->order[n] * LINE;
		memory->words[n] = (qs_word *)(void *)(memory->lines + place);
	}
}

void qs_memory_reset(struct qs_memory *memory, uint32_t begin, uint32_t end)
{
	const struct qs_test *test = memory->test;
	for (uint32_t round = begin; round < end; round++) {
		qs_word *const *words = qs_memory_words(memory, round);
		for (uint32_t n = 0; n < test->words; n++) {
			const struct qs_initial *initial = &test->initial[n];
			qs_value value = initial->value;
			qs_write_once(words[n], initial->is_address ? QS_ADDRESS(words[value]) : value);
		}
	}
}

void qs_memory_touch(const struct qs_memory *memory, struct qs_random *random)
{
	uint32_t count = memory->rounds * memory->test->words;
	for (uint32_t n = 0; n < count; n += 1 + qs_random_below(random, 4))
		(void)qs_read_once(memory->words[n]);
}
