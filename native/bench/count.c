/* SPDX-License-Identifier: MIT */
/*
 * Stands in front of the C library's syscall(), also for shared libraries, since the program comes first when names are
 * looked up: so that the membarriers of every side are counted in the same way, at the same cost.
 */
#include "bench.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "membarrier.h"

typedef long system_call(long, long, long, long, long, long, long);

static _Atomic(system_call *) next;
static _Atomic unsigned long membarriers;

/* Libraries make system calls before main(), so it is looked for when it is needed first. */
static system_call *find_next(void)
{
	void *symbol = dlsym(RTLD_NEXT, "syscall");
	system_call *found;
	if (!symbol)
		bench_fail("the C library has no syscall()");
	memcpy(&found, &symbol, sizeof(found));
	next = found;
	return found;
}

long syscall(long number, ...)
{
	long argument[6];
	va_list arguments;
	system_call *call = next;
	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == qs_membarrier_number())
		membarriers++;
	if (!call)
		call = find_next();
	return call(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}

unsigned long bench_membarriers(void)
{
	return membarriers;
}
