/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <stdlib.h>
#include <string.h>

/* What is left to read. */
struct rest {
	const char *at, *end;
};

static bool take(struct rest *rest, char wanted)
{
	if (rest->at == rest->end || *rest->at != wanted)
		return false;
	rest->at++;
	return true;
}

static void skip_spaces(struct rest *rest)
{
	while (take(rest, ' '))
		;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_name(struct rest *rest, char name[QS_EVENT_NAME], bool dots)
{
	size_t length = 0;
	while (rest->at < rest->end && length < QS_EVENT_NAME - 1) {
		char c = *rest->at;
		if (!is_letter(c) && !(length > 0 && (is_digit(c) || (dots && c == '.'))))
			break;
		name[length++] = c;
		rest->at++;
	}
	name[length] = 0;
	return length > 0 && name[length - 1] != '.';
}

static bool take_number(struct rest *rest, int64_t min, int64_t max, int64_t *number)
{
	bool negative = take(rest, '-');
	int64_t value = 0;
	const char *first = rest->at;
	for (; rest->at < rest->end && is_digit(*rest->at) && rest->at - first < 12; rest->at++)
		value = value * 10 + (*rest->at - '0');
	if (rest->at == first)
		return false;
	*number = negative ? -value : value;
	return *number >= min && *number <= max;
}

static bool take_simple(struct rest *rest, struct qs_event_field *field)
{
	if (rest->end - rest->at < 2 || !strchr("uixf", *rest->at) || *rest->at == 0)
		return false;
	field->kind = *rest->at;
	field->width = (uint8_t)(rest->at[1] - '0');
	rest->at += 2;
	if (field->width != 4 && field->width != 8)
		return field->kind != 'f' && (field->width == 1 || field->width == 2);
	return true;
}

static bool take_labels(struct rest *rest, struct qs_event *event, struct qs_event_field *field)
{
	uint16_t count = field->first_label;
	if (!event->label)
		event->label = calloc(QS_EVENT_LABELS, sizeof *event->label);
	if (!event->label)
		return false;
	do {
		struct qs_event_label label;
		int64_t value;
		skip_spaces(rest);
		if (count == QS_EVENT_LABELS || !take_name(rest, label.name, false))
			return false;
		skip_spaces(rest);
		if (!take(rest, '='))
			return false;
		skip_spaces(rest);
		if (!take_number(rest, INT32_MIN, INT32_MAX, &value))
			return false;
		skip_spaces(rest);
		label.value = (int32_t)value;
		event->label[count++] = label;
	} while (take(rest, ','));
	field->labels = (uint16_t)(count - field->first_label);
	return take(rest, '}');
}

static bool take_type(struct rest *rest, struct qs_event *event, struct qs_event_field *field)
{
	if (take(rest, 's')) {
		field->kind = 's';
		return true;
	}
	if (rest->end - rest->at > 2 && memcmp(rest->at, "q:", 2) == 0) {
		rest->at += 2;
		field->sequence = true;
		return take_simple(rest, field);
	}
	if (rest->end - rest->at > 3 && memcmp(rest->at, "e4{", 3) == 0) {
		rest->at += 3;
		field->kind = 'e';
		field->width = 4;
		return take_labels(rest, event, field);
	}
	return take_simple(rest, field);
}

static bool is_new(const struct qs_event *event, const char *name)
{
	for (uint8_t i = 0; i < event->count; i++)
		if (strcmp(event->fields[i].name, name) == 0)
			return false;
	return true;
}

static bool take_field(struct rest *rest, struct qs_event *event)
{
	struct qs_event_field field = { 0 };
	if (event->count == QS_EVENT_FIELDS)
		return false;
	if (event->count > 0) {
		const struct qs_event_field *last = &event->fields[event->count - 1];
		field.first_label = (uint16_t)(last->first_label + last->labels);
	}
	if (!take_type(rest, event, &field) || !take(rest, ' ') || !take_name(rest, field.name, false) ||
	    !is_new(event, field.name))
		return false;
	event->varies = event->varies || field.kind == 's' || field.sequence;
	event->fixed = (uint16_t)(event->fixed + field.width);
	event->fields[event->count++] = field;
	return true;
}

static bool take_event(struct rest *rest, struct qs_event *event)
{
	int64_t level;
	if (!take_name(rest, event->provider, true) || !take(rest, ':') || !take_name(rest, event->name, false) ||
	    !take(rest, ';') || !take_number(rest, 0, QS_EVENT_LEVEL_MAX, &level))
		return false;
	event->level = (uint8_t)level;
	while (take(rest, ';'))
		if (rest->at != rest->end && !take_field(rest, event))
			return false;
	return rest->at == rest->end;
}

bool qs_event_read(struct qs_event *event, const char *text, size_t length)
{
	struct rest rest = { text, text + length };
	memset(event, 0, sizeof *event);
	if (length > QS_TRACE_TEXT_MAX)
		return false;
	event->text = calloc(1, length + 1);
	if (!event->text || !take_event(&rest, event)) {
		qs_event_free(event);
		return false;
	}
	memcpy(event->text, text, length);
	return true;
}

void qs_event_free(struct qs_event *event)
{
	free(event->label);
	free(event->text);
	memset(event, 0, sizeof *event);
}

ptrdiff_t qs_event_payload(const struct qs_event *event, const uint8_t *bytes, size_t room)
{
	size_t used = 0;
	if (!event->varies)
		return event->fixed <= room ? event->fixed : -1;
	for (uint8_t i = 0; i < event->count; i++) {
		const struct qs_event_field *field = &event->fields[i];
		size_t size = field->width;
		if (field->kind == 's') {
			const uint8_t *end = used < room ? memchr(bytes + used, 0, room - used) : NULL;
			if (!end)
				return -1;
			size = (size_t)(end - (bytes + used)) + 1;
		} else if (field->sequence) {
			uint32_t count;
			if (room - used < sizeof count)
				return -1;
			memcpy(&count, bytes + used, sizeof count);
			size = sizeof count + (size_t)count * field->width;
		}
		if (room - used < size)
			return -1;
		used += size;
	}
	return (ptrdiff_t)used;
}

bool qs_event_matches(const char *pattern, const char *text)
{
	/* After a star: where to go on when what comes after it doesn't fit. */
	const char *star = NULL, *retry = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == 0;
}
