/* SPDX-License-Identifier: MIT */
/* Futex words in memory that processes share. */
#ifndef QUIESCE_SHARED_FUTEX_H
#define QUIESCE_SHARED_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/atomic.h"

/* As qs_futex_wait(), for at most so long. True: the time has passed. Keeps errno. */
bool qs_shared_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_us);

/* Wakes all that sleep on the word. Async-signal-safe, keeps errno. */
void qs_shared_futex_wake(qs_atomic(uint32_t) *word);

#endif
