/* SPDX-License-Identifier: MIT */
/* A test program prints one line a test, in the manner of TAP, and ends with 1 if one has failed. */
#ifndef QUIESCE_CHECK_H
#define QUIESCE_CHECK_H

/* After so many seconds a program is ended; on a mutant, which may hang, sooner. */
#ifndef TEST_PATIENCE
#define TEST_PATIENCE 60
#endif

/* Reports once what was expected where, and lets the test go on: it still has to give back what it holds. */
#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			check_failed(__FILE__, __LINE__, #condition);                                        \
	} while (0)

void check_failed(const char *file, int line, const char *condition);

/* Runs a test and reports it. With QUIESCE_TEST in the environment, only the test of that name is run. */
void check_run(const char *name, void (*test)(void));

/* Ends the report. Returns the program's exit code. */
int check_end(void);

#endif
