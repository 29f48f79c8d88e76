/* SPDX-License-Identifier: MIT */
/*
 * The debug build: with -DQS_DEBUG each lock and unlock of the inline read sides is written down by thread, and what
 * can't be right ends the process with a message that names it: an unlock without a lock, a token that is used out of
 * order, a reader used by a thread that hasn't registered it, qs_membarrier_enter() inside a section. Without it
 * nothing is left of this. Files compiled with and without it may be linked together; those without are not checked.
 */
#ifndef QUIESCE_CHECK_SIDE_H
#define QUIESCE_CHECK_SIDE_H

#ifdef QS_DEBUG
#include "atomic.h"

struct qs_reader;

#ifdef __cplusplus
extern "C" {
#endif

/* Before the section begins; `outermost`: it may not be an inner one. */
void qs_checked_reader(struct qs_reader *reader, bool outermost);

/* A section has begun. */
void qs_checked_lock(struct qs_reader *reader, bool outermost);

/* Before it ends: of this reader, or (NULL) an inner one. */
void qs_checked_unlock(struct qs_reader *reader);

#ifdef __cplusplus
}
#endif

#define QS_CHECK(what) qs_checked_##what
#else
#define QS_CHECK(what) ((void)0)
#endif

#endif
