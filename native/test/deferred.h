/* SPDX-License-Identifier: MIT */
/* What the tests of deferral share: a domain of all defaults, and objects that count how often they have been run. */
#ifndef QUIESCE_DEFERRED_H
#define QUIESCE_DEFERRED_H

#include <stdbool.h>
#include <stddef.h>

#include "quiesce/quiesce.h"

struct deferred {
	struct qs_head head; /* first */
	qs_atomic(uint32_t) runs;
	uint64_t place; /* when it was run, among all of them */
	void (*then)(struct deferred *self);
};

#define DEFERRED 8

extern struct qs_domain subject;
extern struct deferred deferred[DEFERRED];

/* Makes the domain and the objects afresh; takes the domain down. */
void deferred_begin(void);
void deferred_end(void);

/* For qs_defer(): counts, and does what the object's `then` says. */
void deferred_run(struct qs_head *head);

/* Defers objects first to last. */
void defer_some(int first, int last);

/* Each of these has run exactly so often. */
bool each_has_run(int first, int last, uint32_t times);

/* Waits for a word to become what it should; a test that waits in vain fails, and doesn't hang. */
bool turns(qs_atomic(uint32_t) *word, uint32_t value);

/* For `then`: says that it is inside, and waits until it may go on. */
extern qs_atomic(uint32_t) is_inside, may_leave;
void stay(struct deferred *self);

/* Runs the check in a child of fork(), and returns whether it held there. A child that hangs is ended. */
bool holds_in_child(bool (*check)(void));

/* The same for a check that starts threads. */
bool holds_in_child_with_threads(bool (*check)(void));

/* The suites. */
void test_leaving(void);
void test_worker(void);
void test_polling(void);
void test_deferral_fork(void);

#endif
