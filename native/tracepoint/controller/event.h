/* SPDX-License-Identifier: MIT */
/* An event's description, read from its text and checked: layout.h says how it is written. */
#ifndef QS_TRACE_EVENT_H
#define QS_TRACE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../layout.h"

enum { QS_EVENT_FIELDS = 16, QS_EVENT_LABELS = 128, QS_EVENT_NAME = 64, QS_EVENT_LEVEL_MAX = 14 };

struct qs_event_label {
	char name[QS_EVENT_NAME];
	int32_t value;
};

struct qs_event_field {
	char name[QS_EVENT_NAME];
	char kind;     /* u i x f s e; a sequence has its elements' kind */
	uint8_t width; /* bytes of a number or of an element */
	bool sequence;
	uint16_t labels, first_label; /* e */
};

struct qs_event {
	uint32_t word;
	uint8_t level;
	uint8_t count; /* of fields */
	bool varies;   /* the fields of two records may take different numbers of bytes */
	uint16_t fixed; /* that number, where they don't */
	char provider[QS_EVENT_NAME];
	char name[QS_EVENT_NAME];
	struct qs_event_field fields[QS_EVENT_FIELDS];
	struct qs_event_label *label; /* all fields'; NULL if there are none */
	char *text; /* NULL: what was there is no description */
};

/* Reads `length` bytes; false where they are no description. What it returns is given back with qs_event_free(). */
bool qs_event_read(struct qs_event *event, const char *text, size_t length);

void qs_event_free(struct qs_event *event);

/*
 * The bytes that the fields of a record take, of `room` at most: -1 where they don't fit, or a string has no end.
 */
ptrdiff_t qs_event_payload(const struct qs_event *event, const uint8_t *bytes, size_t room);

/* True where the text fits the pattern, in which * is any text and ? any one character. */
bool qs_event_matches(const char *pattern, const char *text);

#endif
