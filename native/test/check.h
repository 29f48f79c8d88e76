/* SPDX-License-Identifier: MIT */
/* A test program prints one line a test, in the manner of TAP, and ends with 1 if one has failed. */
#ifndef QUIESCE_CHECK_H
#define QUIESCE_CHECK_H

/* Says what was expected where, once, and lets the test go on: what it holds has to be given back. */
#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			check_failed(__FILE__, __LINE__, #condition);                                        \
	} while (0)

void check_failed(const char *file, int line, const char *condition);

void check_run(const char *name, void (*test)(void));

/* Ends the report. The program's exit code. */
int check_end(void);

#endif
