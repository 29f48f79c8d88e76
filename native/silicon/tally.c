/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void qs_tally_make(struct qs_tally *tally, const struct qs_test *test)
{
	tally->test = test;
	tally->used = 0;
	tally->lost = 0;
	tally->outcomes = calloc(QS_MOST_OUTCOMES, sizeof(*tally->outcomes));
	tally->values = calloc((size_t)QS_MOST_OUTCOMES * (test->places + 1), sizeof(*tally->values));
	if (tally->outcomes && tally->values)
		return;
	fprintf(stderr, "there is no memory to count outcomes in\n");
	exit(3);
}

void qs_tally_free(struct qs_tally *tally)
{
	free(tally->outcomes);
	free(tally->values);
}

static qs_value *values_of(const struct qs_tally *tally, uint32_t n)
{
	return tally->values + (size_t)n * tally->test->places;
}

void qs_tally_add(struct qs_tally *tally, const qs_value *values, uint64_t count, uint64_t first)
{
	uint32_t places = tally->test->places;
	uint64_t hash = 1;
	for (uint32_t n = 0; n < places; n++)
		hash = (hash ^ (uint64_t)values[n]) * 0x9e3779b97f4a7c15u;
	uint32_t at = (uint32_t)(hash >> 40) % QS_MOST_OUTCOMES;
	size_t bytes = places * sizeof(qs_value);
	while (tally->outcomes[at].count != 0 && memcmp(values_of(tally, at), values, bytes) != 0)
		at = (at + 1) % QS_MOST_OUTCOMES;
	struct qs_outcome *outcome = &tally->outcomes[at];
	if (outcome->count == 0) {
		/* One place stays free, where a search ends. */
		if (tally->used + 1 == QS_MOST_OUTCOMES) {
			tally->lost += count;
			return;
		}
		tally->used++;
		outcome->first = first;
		memcpy(values_of(tally, at), values, bytes);
	}
	outcome->count += count;
	if (first < outcome->first)
		outcome->first = first;
}

void qs_tally_merge(struct qs_tally *tally, const struct qs_tally *other)
{
	tally->lost += other->lost;
	for (uint32_t n = 0; n < QS_MOST_OUTCOMES; n++) {
		const struct qs_outcome *outcome = &other->outcomes[n];
		if (outcome->count != 0)
			qs_tally_add(tally, values_of(other, n), outcome->count, outcome->first);
	}
}

static void print_value(const struct qs_tally *tally, qs_value value, FILE *file, bool for_program)
{
	qs_value word = value - QS_FIRST_ADDRESS;
	bool address = value < QS_FIRST_ADDRESS + (qs_value)tally->test->words;
	if (!address)
		fprintf(file, "%" PRIdPTR, value);
	else if (for_program)
		fprintf(file, "&%" PRIdPTR, word);
	else
		fprintf(file, "&%s", tally->test->word_names[word]);
}

static void print_one(const struct qs_tally *tally, uint32_t n, FILE *file, bool for_program)
{
	const struct qs_outcome *outcome = &tally->outcomes[n];
	if (for_program)
		fprintf(file, "seen %" PRIu64 " %" PRIu64, outcome->count, outcome->first);
	else
		fprintf(file, "%-12" PRIu64, outcome->count);
	for (uint32_t place = 0; place < tally->test->places; place++) {
		if (for_program)
			fputc(' ', file);
		else
			fprintf(file, " %s=", tally->test->outcome[place].name);
		print_value(tally, values_of(tally, n)[place], file, for_program);
		if (!for_program)
			fputc(';', file);
	}
	fputc('\n', file);
}

void qs_tally_print(const struct qs_tally *tally, FILE *file, bool for_program)
{
	uint64_t below = UINT64_MAX;
	/* By falling counts: there are few outcomes, and this is no hurry. */
	for (;;) {
		uint64_t next = 0;
		for (uint32_t n = 0; n < QS_MOST_OUTCOMES; n++) {
			uint64_t count = tally->outcomes[n].count;
			if (count < below && count > next)
				next = count;
		}
		if (next == 0)
			break;
		for (uint32_t n = 0; n < QS_MOST_OUTCOMES; n++)
			if (tally->outcomes[n].count == next)
				print_one(tally, n, file, for_program);
		below = next;
	}
	if (tally->lost > 0)
		fprintf(file, "lost %" PRIu64 "%s\n", tally->lost, for_program ? "" : " rounds: too many outcomes");
}
