/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "QSREC1\r\n"

/* What of a lane goes into the file: the events from `first` to before `last`. */
struct part {
	uint64_t first, last, lost;
};

/* When the first lane had no room left; UINT64_MAX: all had. */
static uint64_t end_of(const struct qs_recording *recording)
{
	uint64_t end = UINT64_MAX;
	for (size_t i = 0; i < recording->lanes; i++) {
		uint64_t full = qs_load_acquire(&recording->lane[i].full);
		if (full != 0 && full < end)
			end = full;
	}
	return end;
}

static const struct qs_lane_event *event_of(const struct qs_lane *lane, uint64_t place)
{
	return &lane->ring[place % lane->capacity];
}

static struct part part_of(const struct qs_lane *lane, uint64_t end)
{
	struct part part = { 0 };
	part.last = qs_load_acquire(&lane->count);
	if (part.last > lane->capacity)
		part.first = part.lost = part.last - lane->capacity;
	while (part.last > part.first && event_of(lane, part.last - 1)->start >= end) {
		part.last--;
		part.lost++;
	}
	return part;
}

/* Groups of seven bits, the lowest first; the highest bit says that more follow. */
static void put_number(FILE *file, uint64_t number)
{
	while (number >= 0x80) {
		(void)putc((int)(number & 0x7f) | 0x80, file);
		number >>= 7;
	}
	(void)putc((int)number, file);
}

static void put_signed(FILE *file, int64_t number)
{
	put_number(file, ((uint64_t)number << 1) ^ (uint64_t)(number >> 63));
}

/* A list of none or one. */
static void put_value(FILE *file, const struct qs_lane_event *event, bool here)
{
	put_number(file, here ? 1 : 0);
	if (!here)
		return;
	put_number(file, 4u * (event->name - 1u)); /* a whole number */
	put_signed(file, event->value);
}

static void put_event(FILE *file, const struct qs_recording *recording, const struct qs_lane_event *event,
		      uint64_t before, uint64_t end)
{
	bool over = event->end != QS_NO_END && event->end < end;
	bool has_value = event->name != 0;
	put_number(file, event->step);
	put_number(file, event->start - before);
	put_number(file, over ? event->end + recording->drain - event->start + 1 : 0);
	put_value(file, event, has_value && recording->values_are_parameters);
	put_value(file, event, has_value && !recording->values_are_parameters);
}

static void put_names(FILE *file, const char *key, size_t count, const char *const *name)
{
	(void)fprintf(file, ",\"%s\":[", key);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(file, "%s\"%s\"", i == 0 ? "" : ",", name[i]);
	(void)fputs("]", file);
}

static void put_header(FILE *file, const struct qs_recording *recording, const struct part *part)
{
	uint64_t lost = 0;
	for (size_t i = 0; i < recording->lanes; i++)
		lost += part[i].lost;
	(void)fprintf(file,
		      "{\"format\":\"quiesce-recording\",\"version\":1,\"name\":\"%s\",\"ticksPerSecond\":%" PRIu64
		      ",\"drain\":%" PRIu64 ",\"hung\":%s,\"lost\":%" PRIu64 ",\"made\":%s,\"lanes\":[",
		      recording->name, recording->clock->per_second, recording->drain,
		      recording->hung ? "true" : "false", lost, recording->made);
	for (size_t i = 0; i < recording->lanes; i++)
		(void)fprintf(file, "%s{\"name\":\"%s\",\"events\":%" PRIu64 ",\"missing\":%" PRIu64 "}",
			      i == 0 ? "" : ",", recording->lane_name[i], part[i].last - part[i].first,
			      part[i].first);
	(void)fputs("]", file);
	put_names(file, "steps", recording->steps, recording->step_name);
	put_names(file, "names", recording->names, recording->name_of_value);
	(void)fputs("}", file);
}

static void put_length(FILE *file, size_t length)
{
	for (int shift = 0; shift < 32; shift += 8)
		(void)putc((int)((length >> shift) & 0xff), file);
}

/* The header stands behind its length. */
static void put_headed(FILE *file, const struct qs_recording *recording, const struct part *part)
{
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);
	if (!memory)
		abort();
	put_header(memory, recording, part);
	if (fclose(memory) != 0)
		abort();
	(void)fputs(MAGIC, file);
	put_length(file, length);
	(void)fwrite(text, 1, length, file);
	free(text);
}

static void put_lane(FILE *file, const struct qs_recording *recording, size_t lane, const struct part *part,
		     uint64_t origin)
{
	uint64_t end = end_of(recording), before = origin;
	for (uint64_t place = part->first; place < part->last; place++) {
		const struct qs_lane_event *event = event_of(&recording->lane[lane], place);
		put_event(file, recording, event, before, end);
		before = event->start;
	}
}

void qs_recording_write(FILE *file, const struct qs_recording *recording)
{
	uint64_t origin = UINT64_MAX, end = end_of(recording);
	struct part *part = calloc(recording->lanes, sizeof *part);
	if (!part)
		abort();
	for (size_t i = 0; i < recording->lanes; i++) {
		part[i] = part_of(&recording->lane[i], end);
		if (part[i].first < part[i].last && event_of(&recording->lane[i], part[i].first)->start < origin)
			origin = event_of(&recording->lane[i], part[i].first)->start;
	}
	put_headed(file, recording, part);
	for (size_t i = 0; i < recording->lanes; i++)
		put_lane(file, recording, i, &part[i], origin);
	free(part);
}

void qs_recording_tell(const struct qs_recording *recording, uint64_t made, uint64_t events)
{
	const struct qs_ticks_facts *clock = recording->clock;
	(void)fprintf(stderr,
		      "{\"recordings\":%" PRIu64 ",\"events\":%" PRIu64 ",\"hung\":%s,\"ticksPerSecond\":%" PRIu64
		      ",\"causal\":%s,\"stampMedian\":%" PRIu64 ",\"seenMedian\":%" PRIu64 ",\"seenMost\":%" PRIu64
		      "}\n",
		      made, events, recording->hung ? "true" : "false", clock->per_second,
		      clock->causal ? "true" : "false", clock->stamp_median, clock->seen_median, clock->seen_most);
}
