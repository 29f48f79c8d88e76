/* SPDX-License-Identifier: MIT */
/* What the tests of the library share: one domain, of the flavour that the program is compiled for. */
#ifndef QUIESCE_FIXTURE_H
#define QUIESCE_FIXTURE_H

#include <pthread.h>
#include <stdbool.h>

#include "quiesce/quiesce.h"

#ifndef TEST_FLAVOUR
#define TEST_FLAVOUR QS_MEMBARRIER
#endif

extern struct qs_domain domain;

/* How to make a domain for so many readers, of the program's flavour. */
struct qs_options options_for(uint32_t capacity);

/* Makes the domain, and takes it down; a test is between the two. */
void begin(uint32_t capacity);
void end(void);

struct qs_reader *registered(void);
uint64_t announced(struct qs_reader *reader);

/* Waits for a word to become what it should; a test that waits in vain fails, and doesn't hang. */
bool becomes(qs_atomic(uint32_t) *word, uint32_t value);

/* Starts a grace period on a thread of its own, which the reader's section holds up; it is asleep when this returns. */
void start_waiting(pthread_t *thread, void *(*body)(void *), struct qs_reader *reader);

#endif
