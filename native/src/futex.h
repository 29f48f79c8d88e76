/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_FUTEX_H
#define QUIESCE_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/atomic.h"

/*
 * Sleeps until it is woken or interrupted, and may return for no reason: look again. False: *word was not
 * `value`, and it has not slept. Comparing and falling asleep are one step. Keeps errno.
 */
bool qs_futex_wait(qs_atomic(uint32_t) *word, uint32_t value);

/* Wakes one thread that sleeps on the word, if any. Async-signal-safe, keeps errno. */
void qs_futex_wake(qs_atomic(uint32_t) *word);

#endif
