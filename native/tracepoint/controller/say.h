/* SPDX-License-Identifier: MIT */
/*
 * What the program says: one JSON object a line on standard output, written in one piece when the line ends. Errors and
 * warnings are lines as well; where standard output is a terminal, they are text on standard error.
 */
#ifndef QS_TRACE_SAY_H
#define QS_TRACE_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum qs_exit { QS_EXIT_OK = 0, QS_EXIT_INPUT = 2, QS_EXIT_MACHINE = 3 };

/* Begins and ends an object or a list; `key` is NULL in a list. */
void qs_say_open(const char *key, char bracket);
void qs_say_close(char bracket);
/* Bytes that are no printable ASCII are escaped, one by one: strings of others may hold anything. */
void qs_say_text(const char *key, const char *text);
void qs_say_hex(const char *key, const uint8_t *bytes, size_t count);
void qs_say_bool(const char *key, bool value);
void qs_say_null(const char *key);
/* Numbers that JSON's readers can't hold exactly become strings. */
void qs_say_number(const char *key, uint64_t value);
void qs_say_signed(const char *key, int64_t value);
/* Ends the line and writes it. False: nobody reads any more. */
bool qs_say_line(void);

/* What happened, where (or NULL), and what to do (or NULL). */
void qs_say_warning(const char *where, const char *hint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, and ends the program with the code. */
_Noreturn void qs_fail(enum qs_exit code, const char *where, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
