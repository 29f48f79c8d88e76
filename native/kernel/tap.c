/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tap.h"

#include <stdarg.h>

static int tests;
static enum qs_verdict worst = QS_CONFORMS;

static const char *const WORDS[] = {
	[QS_CONFORMS] = "conforms",	  [QS_GAP] = "gap",	    [QS_INCONCLUSIVE] = "inconclusive",
	[QS_UNAVAILABLE] = "unavailable", [QS_DIFFERS] = "differs",
};

/* 1: not as specified, or not certain. 3: the environment lacks the system call. A gap is as a claim declares it. */
static const int EXITS[] = {
	[QS_CONFORMS] = 0, [QS_GAP] = 0, [QS_INCONCLUSIVE] = 1, [QS_UNAVAILABLE] = 3, [QS_DIFFERS] = 1,
};

void qs_tap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
}

void qs_tap_verdict(enum qs_verdict verdict)
{
	if (verdict > worst)
		worst = verdict;
}

void qs_tap_say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("# ");
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
}

void qs_tap_pass(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("ok %d - ", ++tests);
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
}

void qs_tap_fail(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	qs_tap_verdict(QS_DIFFERS);
	printf("not ok %d - ", ++tests);
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
}

void qs_tap_inconclusive(const char *why, const char *name)
{
	qs_tap_verdict(QS_INCONCLUSIVE);
	printf("not ok %d - %s # inconclusive: %s\n", ++tests, name, why);
}

void qs_tap_gap(const char *claim, const char *name)
{
	qs_tap_verdict(QS_GAP);
	printf("not ok %d - %s # TODO gap: %s\n", ++tests, name, claim);
}

void qs_tap_details_begin(void)
{
	printf("  ---\n");
}

void qs_tap_value_begin(const char *key)
{
	printf("  %s: \"", key);
}

void qs_tap_value(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char letter = (unsigned char)*text;
		if (letter == '"' || letter == '\\')
			printf("\\%c", letter);
		else if (letter < ' ' || letter == 0x7f)
			printf("\\u%04x", (unsigned int)letter);
		else
			putchar(letter);
	}
}

void qs_tap_value_end(void)
{
	printf("\"\n");
}

void qs_tap_detail(const char *key, const char *text)
{
	qs_tap_value_begin(key);
	qs_tap_value(text);
	qs_tap_value_end();
}

void qs_tap_details_end(void)
{
	printf("  ...\n");
}

int qs_tap_end(void)
{
	printf("1..%d\n# verdict: %s\n", tests, WORDS[worst]);
	return fflush(stdout) == 0 ? EXITS[worst] : 3;
}
