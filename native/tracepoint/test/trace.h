/* SPDX-License-Identifier: MIT */
/* What the controller's tests in C have in common: a directory with a process in it, without another program. */
#ifndef QS_TRACE_TEST_H
#define QS_TRACE_TEST_H

#include "../controller/directory.h"
#include "../controller/process.h"

struct test_trace {
	char path[64];
	struct qs_directory directory;
	struct qs_trace_process *shared; /* the process's own mapping */
	int life;                        /* open for writing while the process lives */
};

/* One event, "test:event;6;u4 a;s b", one ring, rules applied. */
void test_trace_make(struct test_trace *trace);
void test_trace_remove(struct test_trace *trace);

#endif
