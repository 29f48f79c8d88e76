/* SPDX-License-Identifier: MIT */
/*
 * quiesce-trace-auto: linked into a program, or named in LD_PRELOAD, it opens tracing before main(), for programs that
 * can't be changed. It says nothing: a program that can't be traced runs as always.
 */
#include "quiesce/tracepoint.h"

__attribute__((constructor)) static void open_tracing(void)
{
	(void)qs_trace_open(NULL);
}
