/* SPDX-License-Identifier: MIT */
/*
 * A lock that knows its owner. It is zeros when free, lives in a domain, and needs no header of the threads library
 * there; a child of fork() can tell whether its own thread holds it.
 */
#ifndef QUIESCE_LOCK_H
#define QUIESCE_LOCK_H

#include <stdbool.h>

#include "quiesce/atomic.h"
#include "thread.h"

/* Not async-signal-safe: a handler may have interrupted the owner. */
void qs_lock(qs_atomic(uint32_t) *lock);
void qs_unlock(qs_atomic(uint32_t) *lock);

/* Is the thread of this id the owner? */
bool qs_lock_belongs_to(qs_atomic(uint32_t) *lock, int32_t thread);

/* In a child of fork(): who held the lock there has another id here, or (0) is gone. */
void qs_lock_inherit(qs_atomic(uint32_t) *lock, int32_t thread);

#endif
