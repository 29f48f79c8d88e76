/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_FUTEX_H
#define QUIESCE_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/atomic.h"

/*
 * Sleeps until it is woken or interrupted or `limit_ms` is over (0: no limit), and may return for no reason: look
 * again. False: *word was not `value`, and it has not slept. Comparing and falling asleep are one step. Keeps errno.
 */
bool qs_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_ms);

/* Wakes at most `count` threads that sleep on the word. Async-signal-safe, keeps errno. */
void qs_futex_wake(qs_atomic(uint32_t) *word, int count);

/* The same for a word that processes share, for so many microseconds, not 0. True: they have passed. Keeps errno. */
bool qs_shared_futex_wait(qs_atomic(uint32_t) *word, uint32_t value, uint32_t limit_us);

/* Wakes all that sleep on such a word, in whatever process. Async-signal-safe, keeps errno. */
void qs_shared_futex_wake(qs_atomic(uint32_t) *word);

/*
 * Is there no memory at this address (behind the end of a file, say)? Can't it be written, either? They ask the kernel,
 * where a plain access would end the process.
 */
bool qs_shared_word_is_missing(qs_atomic(uint32_t) *word);
bool qs_shared_word_faults(qs_atomic(uint32_t) *word);

#endif
