/* SPDX-License-Identifier: MIT */
/* The way of what is deferred through its domain, for those who see to it: defer.c, worker.c, poll.c. */
#ifndef QUIESCE_DEFERRAL_H
#define QUIESCE_DEFERRAL_H

#include "thread.h"

/* Those below need the lock of the domain's deferral. */

/* Takes what has been pushed. */
void qs_deferral_collect(struct qs_deferral *deferral);

/*
 * The next step on the way of what has been collected. QS_RUN and QS_WAIT_GP give the lock away for a while, and the
 * caller looks again; QS_NOTHING: all of it has been started, by somebody.
 */
enum qs_next { QS_NOTHING, QS_RUN, QS_WAIT_GP };
enum qs_next qs_deferral_next(struct qs_domain *domain);
void qs_deferral_run_one(struct qs_domain *domain);
void qs_deferral_wait_gp(struct qs_domain *domain);

/* All callbacks up to this place have run. */
uint64_t qs_deferral_finished(const struct qs_deferral *deferral);

/* Gives the lock away, sleeps until all callbacks up to this place have run or something else happens. */
void qs_deferral_sleep(struct qs_deferral *deferral, uint64_t place, uint32_t limit_ms);

/* Wakes all who sleep there. */
void qs_deferral_ring(struct qs_deferral *deferral);

/* Those below don't. */

/*
 * Is the calling thread inside a callback of this domain (NULL: of any)? Forgets those of its callbacks that have left
 * by longjmp() or an exception: `frame` is that of a caller, and theirs are not above it any more.
 */
bool qs_deferral_inside(struct qs_domain *domain, uintptr_t frame);
#define QS_FRAME ((uintptr_t)__builtin_frame_address(0))

/* The calling thread ends, out of the middle of callbacks perhaps. */
void qs_deferral_thread_ends(void);

/* worker.c: starts the domain's worker unless there is one. 0, or a negative errno. */
int qs_worker_ensure(struct qs_domain *domain);

/* worker.c: wakes the domain's worker if it sleeps. Comes after what it is woken for. Async-signal-safe. */
void qs_worker_wake(struct qs_deferral *deferral);

/* worker.c: is there one that runs what is deferred? */
bool qs_worker_works(const struct qs_deferral *deferral);

/* worker.c: the worker ends out of the middle of a callback; another takes its place. */
void qs_worker_dies(struct qs_domain *domain);

/* worker.c: in a child of fork(). */
void qs_worker_after_fork(struct qs_domain *domain);

#endif
