/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int number, failures, broken;

void check_failed(const char *file, int line, const char *condition)
{
	printf("# %s:%d: not so: %s\n", file, line, condition);
	broken = 1;
}

static int is_asked_for(const char *name)
{
	const char *only = getenv("QUIESCE_TEST");
	return only == NULL || strcmp(only, name) == 0;
}

void check_run(const char *name, void (*test)(void))
{
	if (!is_asked_for(name))
		return;
	broken = 0;
	test();
	failures += broken;
	printf("%s %d - %s\n", broken ? "not ok" : "ok", ++number, name);
	fflush(stdout);
}

int check_end(void)
{
	printf("1..%d\n", number);
	return failures ? 1 : 0;
}
