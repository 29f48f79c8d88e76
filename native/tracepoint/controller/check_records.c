/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "check_records.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctf.h"
#include "grace.h"

enum { HEADER = 16, SKEW_NS = 1000000 };

/* By how much CLOCK_REALTIME may have been set since a process was opened whose clock isn't ours. */
static const uint64_t DAY_NS = UINT64_C(86400000000000);

struct head {
	uint32_t size, event;
	uint64_t time;
};

/* A record that is right. */
struct place {
	uint64_t time;
	const uint8_t *fields;
	uint32_t length; /* of its fields */
	uint32_t event;
};

static uint64_t latest_time(const struct qs_process *process, const struct qs_piece *piece)
{
	struct timespec real;
	if (!piece->other_clock)
		return qs_now() + SKEW_NS;
	/* Of another clock only the distance to CLOCK_REALTIME is known. */
	clock_gettime(CLOCK_REALTIME, &real);
	return (uint64_t)real.tv_sec * 1000000000 + (uint64_t)real.tv_nsec - (uint64_t)process->realtime + DAY_NS;
}

/* The bytes that its fields take; -1: it is no record. `event` has a description that could be read. */
static ptrdiff_t check(const struct qs_event *event, const struct head *head, const uint8_t *bytes)
{
	if (head->size < HEADER)
		return -1;
	return qs_event_payload(event, bytes + HEADER, head->size - HEADER);
}

/* A handler's record lies behind that of the thread that it interrupted, and has the later time; seldom the earlier. */
static void sort(struct place *places, uint64_t count)
{
	for (uint64_t n = 1; n < count; n++) {
		const struct place place = places[n];
		uint64_t i = n;
		for (; i > 0 && places[i - 1].time > place.time; i--)
			places[i] = places[i - 1];
		places[i] = place;
	}
}

/* No time goes back, which no reader would take. */
static void become_events(struct qs_records *records, const struct place *places, uint64_t after)
{
	uint8_t *to = records->bytes;
	records->first = records->last = after > 0 || records->count > 0 ? after : qs_now();
	if (records->count > 0 && places[0].time > after)
		records->first = records->last = places[0].time;
	for (uint64_t i = 0; i < records->count; i++) {
		const uint64_t time = places[i].time > after ? places[i].time : after;
		to += qs_ctf_event_head(to, places[i].event, time, records->last);
		memcpy(to, places[i].fields, places[i].length);
		to += places[i].length;
		records->last = time;
	}
	records->length = (size_t)(to - records->bytes);
}

/* Room for what the largest piece so far becomes: an event is never longer than its record. */
static struct place *make_room(struct qs_records *records, size_t length)
{
	static uint8_t *bytes;
	static struct place *places;
	static size_t room;
	if (length > room) {
		free(bytes);
		free(places);
		bytes = malloc(length);
		places = malloc(length / HEADER * sizeof *places + sizeof *places);
		room = bytes && places ? length : 0;
	}
	records->bytes = bytes;
	records->no_memory = room == 0 && length > 0;
	return places;
}

QS_STATIC_ASSERT((int)HEADER >= (int)QS_CTF_EVENT_HEAD_MAX, "an event is never longer than its record");

bool qs_records_check(struct qs_records *records, const struct qs_process *process, const struct qs_piece *piece,
		      uint64_t after)
{
	const uint64_t latest = latest_time(process, piece), all = piece->end - piece->position;
	uint64_t last = 0;
	size_t at = 0;
	bool right = true, ordered = true;
	*records = (struct qs_records){ .end = piece->position };
	struct place *places = make_room(records, piece->length);
	if (records->no_memory)
		return false;
	while (at < piece->length) {
		const size_t left = piece->length - at;
		struct head head = { 0 };
		memcpy(&head, piece->bytes + at, left < sizeof head ? 8 : sizeof head);
		right = head.size >= 8 && head.size % 8 == 0 && head.size <= all - at &&
			(piece->position + at) % process->ring_size + head.size <= process->ring_size;
		/* Of padding there is nothing to be seen. */
		if (!right || (head.size > left && head.event != QS_TRACE_PADDING))
			break;
		const struct qs_event *event = head.event < process->count ? &process->events[head.event] : NULL;
		if (event && !event->text) {
			records->skipped++;
		} else if (head.event != QS_TRACE_PADDING) {
			const ptrdiff_t length = event ? check(event, &head, piece->bytes + at) : -1;
			right = length >= 0 && head.time <= latest;
			if (!right)
				break;
			places[records->count++] = (struct place){ head.time, piece->bytes + at + HEADER,
								   (uint32_t)length, head.event };
			ordered = ordered && head.time >= last;
			last = head.time;
		}
		at += head.size;
	}
	records->end += at;
	if (!ordered)
		sort(places, records->count);
	become_events(records, places, after);
	return right;
}
