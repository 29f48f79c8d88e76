/* SPDX-License-Identifier: MIT */
/* A test program prints one line a test, in the manner of TAP, and ends with 1 if one has failed. */
#ifndef QUIESCE_CHECK_H
#define QUIESCE_CHECK_H

#include <stdio.h>

static int check_number, check_failures, check_broken;

/* Says what was expected where, once, and lets the test go on: what it holds has to be given back. */
#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			printf("# %s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                     \
			check_broken = 1;                                                                    \
		}                                                                                            \
	} while (0)

static inline void check_run(const char *name, void (*test)(void))
{
	check_broken = 0;
	test();
	check_failures += check_broken;
	printf("%s %d - %s\n", check_broken ? "not ok" : "ok", ++check_number, name);
	fflush(stdout);
}

static inline int check_end(void)
{
	printf("1..%d\n", check_number);
	return check_failures ? 1 : 0;
}

#endif
