/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "check_records.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "grace.h"

enum { HEADER = 16, SKEW_NS = 1000000 };

struct head {
	uint32_t size, event;
	uint64_t time;
};

static uint64_t latest_time(const struct qs_process *process)
{
	struct timespec real;
	uint64_t now = qs_now();
	clock_gettime(CLOCK_REALTIME, &real);
	/* In another time namespace it is another time. */
	uint64_t there = (uint64_t)real.tv_sec * 1000000000 + (uint64_t)real.tv_nsec - (uint64_t)process->realtime;
	return (there > now && there - now < UINT64_C(1) << 62 ? there : now) + SKEW_NS;
}

/* The bytes that the record takes without what it has too much; 0: it is none. */
static uint32_t check(const struct qs_process *process, const struct head *head, const uint8_t *bytes)
{
	const struct qs_event *event = head->event < process->count ? &process->events[head->event] : NULL;
	if (head->size < HEADER || !event || !event->text)
		return 0;
	ptrdiff_t payload = qs_event_payload(event, bytes + HEADER, head->size - HEADER);
	return payload < 0 ? 0 : (uint32_t)(HEADER + payload + 7) & ~UINT32_C(7);
}

/* A handler's record lies behind that of the thread that it interrupted, and has the later time; seldom the earlier. */
static bool sort(struct qs_records *records)
{
	size_t count = 0;
	const uint8_t *end = records->bytes + records->length;
	struct head head;
	struct place {
		uint64_t time;
		const uint8_t *at;
		uint32_t size;
	} *places = malloc(records->count * sizeof *places);
	uint8_t *sorted = malloc(records->length);
	if (!places || !sorted) {
		free(places);
		free(sorted);
		return false;
	}
	for (const uint8_t *at = records->bytes; at < end; at += head.size) {
		memcpy(&head, at, sizeof head);
		size_t i = count++;
		for (; i > 0 && places[i - 1].time > head.time; i--)
			places[i] = places[i - 1];
		places[i] = (struct place){ head.time, at, head.size };
	}
	uint8_t *to = sorted;
	for (size_t i = 0; i < count; i++) {
		memcpy(to, places[i].at, places[i].size);
		to += places[i].size;
	}
	memcpy(records->bytes, sorted, records->length);
	free(places);
	free(sorted);
	return true;
}

/*
 * Records become events: the number of the event takes both its own place and the size's, and no time goes back,
 * which no reader would take.
 */
static void become_events(struct qs_records *records, const struct qs_process *process, uint64_t after)
{
	uint8_t *end = records->bytes + records->length;
	struct head head;
	records->first = records->last = after > 0 || records->length > 0 ? after : qs_now();
	for (uint8_t *at = records->bytes; at < end; at += head.size) {
		memcpy(&head, at, sizeof head);
		uint64_t event = head.event;
		if (head.time < after)
			head.time = after;
		if (at == records->bytes)
			records->first = head.time;
		after = records->last = head.time;
		memcpy(at, &event, sizeof event);
		memcpy(at + sizeof event, &head.time, sizeof head.time);
		/* What fills up the last one is no part of the content: it would be taken for an event's beginning. */
		if (at + head.size == end)
			records->content = records->length - head.size + HEADER +
					   (size_t)qs_event_payload(&process->events[head.event], at + HEADER,
								    head.size - HEADER);
	}
}

bool qs_records_check(struct qs_records *records, struct qs_process *process, const uint8_t *bytes, uint64_t position,
		      uint64_t end, uint64_t after)
{
	static uint8_t *room;
	static size_t rooms;
	const uint64_t latest = latest_time(process);
	const size_t length = (size_t)(end - position);
	uint64_t last = 0;
	bool right = true, ordered = true;
	if (length > rooms) {
		free(room);
		room = malloc(process->ring_size);
		rooms = room ? process->ring_size : 0;
	}
	*records = (struct qs_records){ .bytes = room, .no_memory = !room && length > 0 };
	for (size_t at = 0; !records->no_memory && right && at < length;) {
		struct head head = { 0 };
		memcpy(&head, bytes + at, length - at < sizeof head ? 8 : sizeof head);
		right = head.size >= 8 && head.size % 8 == 0 && head.size <= length - at &&
			(position + at) % process->ring_size + head.size <= process->ring_size;
		if (right && head.event != QS_TRACE_PADDING) {
			uint32_t size = check(process, &head, bytes + at);
			right = size != 0 && head.time <= latest;
			if (!right)
				break;
			memcpy(records->bytes + records->length, bytes + at, size);
			memcpy(records->bytes + records->length, &size, sizeof size);
			records->length += size;
			records->count++;
			ordered = ordered && head.time >= last;
			last = head.time;
		}
		at += head.size;
	}
	if (!ordered && !sort(records))
		records->no_memory = true;
	become_events(records, process, after);
	return right && !records->no_memory;
}
