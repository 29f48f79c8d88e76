/* SPDX-License-Identifier: MIT */
/*
 * Access to memory that somebody else can take away: a file that is truncated while it is mapped kills who touches it
 * with SIGBUS. Here it is an error instead.
 */
#ifndef QS_TRACE_GUARD_H
#define QS_TRACE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Runs `touch`, which may hold nothing that it would have to give back: false if memory was gone under it. Doesn't
 * nest; the program has one thread.
 */
bool qs_guarded(void (*touch)(void *with), void *with);

#endif
