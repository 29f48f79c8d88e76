/* SPDX-License-Identifier: MIT */
/*
 * What the interpreter of filters says, for who has a second opinion: lines "TEXT\tFIELDS\tFILTER\n" of an event's
 * description, a record's fields and a filter, both in hexadecimal, give lines "1" (it passes) and "0".
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../filter.h"

/* Into memory of its size, so that a sanitizer sees what reads behind it. */
static unsigned char *bytes_of(const char *text, size_t *size)
{
	*size = strlen(text) / 2;
	unsigned char *bytes = malloc(*size + (*size == 0));
	if (!bytes)
		abort();
	for (size_t i = 0; i < *size; i++) {
		const char digits[3] = {text[2 * i], text[2 * i + 1], 0};
		bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
	}
	return bytes;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	while (getline(&line, &room, stdin) > 0) {
		struct qs_trace_described event = {0};
		size_t size, length;
		char *rest = line;
		line[strcspn(line, "\n")] = 0;
		const char *text = strsep(&rest, "\t"), *fields = strsep(&rest, "\t");
		if (!rest)
			return 2;
		unsigned char *record = bytes_of(fields, &size), *code = bytes_of(rest, &length);
		qs_trace_describe(&event, text);
		puts(qs_trace_filter(code, (uint32_t)length, &event, record, size) ? "1" : "0");
		free(record);
		free(code);
	}
	free(line);
	return 0;
}
