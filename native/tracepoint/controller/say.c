/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "say.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	char *text;
	size_t length, room;
	bool comma;
} line;

static void put(const char *text, size_t length)
{
	if (line.length + length > line.room) {
		size_t room = (line.length + length) * 2 + 256;
		char *more = realloc(line.text, room);
		if (!more) {
			static const char sorry[] = "quiesce-trace: out of memory\n";
			ssize_t ignored = write(STDERR_FILENO, sorry, sizeof sorry - 1);
			(void)ignored;
			_exit(QS_EXIT_MACHINE);
		}
		line.text = more;
		line.room = room;
	}
	memcpy(line.text + line.length, text, length);
	line.length += length;
}

static void put_string(const char *text)
{
	put("\"", 1);
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		char escaped[8];
		if (byte == '"' || byte == '\\') {
			escaped[0] = '\\';
			escaped[1] = (char)byte;
			put(escaped, 2);
		} else if (byte < 0x20 || byte >= 0x7f) {
			put(escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", byte));
		} else {
			put(text, 1);
		}
	}
	put("\"", 1);
}

static void put_key(const char *key)
{
	if (line.comma)
		put(",", 1);
	line.comma = true;
	if (!key)
		return;
	put_string(key);
	put(":", 1);
}

void qs_say_open(const char *key, char bracket)
{
	if (line.length > 0)
		put_key(key);
	put(&bracket, 1);
	line.comma = false;
}

void qs_say_close(char bracket)
{
	put(&bracket, 1);
	line.comma = true;
}

void qs_say_text(const char *key, const char *text)
{
	put_key(key);
	put_string(text);
}

void qs_say_hex(const char *key, const uint8_t *bytes, size_t count)
{
	put_key(key);
	put("\"", 1);
	for (size_t i = 0; i < count; i++) {
		char two[3];
		put(two, (size_t)snprintf(two, sizeof two, "%02x", bytes[i]));
	}
	put("\"", 1);
}

void qs_say_bool(const char *key, bool value)
{
	put_key(key);
	put(value ? "true" : "false", value ? 4 : 5);
}

void qs_say_null(const char *key)
{
	put_key(key);
	put("null", 4);
}

static const uint64_t EXACT = UINT64_C(1) << 53;

void qs_say_number(const char *key, uint64_t value)
{
	char digits[32];
	put_key(key);
	put(digits, (size_t)snprintf(digits, sizeof digits, value > EXACT ? "\"%" PRIu64 "\"" : "%" PRIu64, value));
}

void qs_say_signed(const char *key, int64_t value)
{
	char digits[32];
	bool exact = value <= (int64_t)EXACT && value >= -(int64_t)EXACT;
	put_key(key);
	put(digits, (size_t)snprintf(digits, sizeof digits, exact ? "%" PRId64 : "\"%" PRId64 "\"", value));
}

bool qs_say_line(void)
{
	size_t done = 0;
	put("\n", 1);
	while (done < line.length) {
		ssize_t written = write(STDOUT_FILENO, line.text + done, line.length - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break;
		done += (size_t)written;
	}
	bool whole = done == line.length;
	line.length = 0;
	line.comma = false;
	return whole;
}

static void report(const char *kind, const char *where, const char *hint, const char *message)
{
	if (isatty(STDOUT_FILENO)) {
		fprintf(stderr, "quiesce-trace: %s%s%s%s\n", strcmp(kind, "error") == 0 ? "" : "warning: ",
			where ? where : "", where ? ": " : "", message);
		if (hint)
			fprintf(stderr, "  %s\n", hint);
		return;
	}
	/* What was begun of another line is of no use to anybody. */
	line.length = 0;
	line.comma = false;
	qs_say_open(NULL, '{');
	qs_say_open(kind, '{');
	qs_say_text("message", message);
	qs_say_text("where", where ? where : "");
	qs_say_text("hint", hint ? hint : "");
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
}

void qs_say_warning(const char *where, const char *hint, const char *format, ...)
{
	char message[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	report("warning", where, hint, message);
}

_Noreturn void qs_fail(enum qs_exit code, const char *where, const char *hint, const char *format, ...)
{
	char message[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	report("error", where, hint, message);
	exit((int)code);
}
