/* SPDX-License-Identifier: MIT */
#include "lane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Thread_local struct qs_lane *qs_own_lane;

int qs_lane_make(struct qs_lane *lane, size_t capacity)
{
	lane->capacity = capacity;
	lane->ring = calloc(capacity, sizeof *lane->ring);
	if (!lane->ring)
		return -ENOMEM;
	/* Each page is there before it is needed: a page fault would widen a box. */
	memset(lane->ring, 0xff, capacity * sizeof *lane->ring);
	return 0;
}

void qs_lane_free(struct qs_lane *lane)
{
	free(lane->ring);
	lane->ring = NULL;
}

void qs_lane_observe(struct qs_lane *lane, unsigned int step, unsigned int name, int64_t value)
{
	uint64_t count = qs_load_relaxed(&lane->count);
	uint64_t kept = count < lane->capacity ? count : lane->capacity;
	/* A step that wasn't recorded, for want of room, has taken nobody else's place. */
	if (qs_load_relaxed(&lane->full) != 0)
		return;
	for (uint64_t back = 1; back <= kept; back++) {
		struct qs_lane_event *event = &lane->ring[(count - back) % lane->capacity];
		if (event->step != step)
			continue;
		event->name = (uint16_t)name;
		event->value = value;
		return;
	}
}
