/* SPDX-License-Identifier: MIT */
/* What the library keeps for each thread, and what it does when one ends or forks. */
#ifndef QUIESCE_THREAD_H
#define QUIESCE_THREAD_H

#include "quiesce/quiesce.h"

/* A callback that is running. It stands in its thread's memory and in its domain's list. */
struct qs_run {
	struct qs_run *next;
	struct qs_domain *domain;
	uint64_t place;  /* of the callback: the how manieth of its domain it is */
	uintptr_t frame; /* of the function that has called it */
};

/* Callbacks of different domains may stand inside each other. */
#define QS_RUNS_DEEP 8

struct qs_thread {
	qs_atomic(struct qs_reader *) readers; /* that it has registered, in all domains */
	int32_t id;                  /* the kernel's; 0: not asked for yet */
	struct qs_domain *leads;     /* where it runs a grace period */
	struct qs_domain *counted;   /* where it is counted as a sleeper */
	struct qs_domain *works;     /* whose worker it is */
	struct qs_domain *interrupted; /* while it forks: it has the lock of this one's deferral already */
	bool ended;                  /* what it had registered has been given back: too late for more */
	uint32_t calls;              /* how often it has called qs_call() */
	uint32_t deep;               /* so many of these: */
	struct qs_run runs[QS_RUNS_DEEP];
};

extern _Thread_local struct qs_thread qs_self;

/* The kernel's id of the calling thread. Async-signal-safe. */
int32_t qs_thread_id(void);

/*
 * Sees to it that qs_thread_ends() runs when the calling thread ends. -ENOMEM: it can't. -ECANCELED: it has run, and
 * the thread is in the last of its destructors.
 */
int qs_thread_watch(void);

/* registration.c: gives back all that the calling thread has registered, also out of the middle of sections. */
void qs_thread_ends(void);

/* registration.c: whether the calling thread has registered this reader. */
bool qs_is_mine(struct qs_reader *reader);

/* Bits of a reader's `offline`: it has said so itself; an updater that it is has taken it offline for a while. */
#define QS_OFFLINE 1u
#define QS_ASIDE 2u

/* signal.c: the signal of the flavour QS_SIGNAL. A thread that may read must not block it. */
int qs_signal_number(void);

/*
 * qsbr.c: takes the calling thread's own readers of the domain offline, since a grace period would wait for them, and
 * brings them back. False: there was none online.
 */
bool qs_qsbr_step_aside(struct qs_domain *domain);
void qs_qsbr_step_back(struct qs_domain *domain);

/* registration.c: is the calling thread inside a section of this domain (NULL: of any)? */
bool qs_is_inside(const struct qs_domain *domain);

/*
 * synchronize.c: the number of the grace period that passes for all that the caller has done, 0: none has to. Has it
 * ended? Waits until it has.
 */
uint64_t qs_grace_period_ask(struct qs_domain *domain);
bool qs_grace_period_over(struct qs_domain *domain, uint64_t number);
void qs_grace_period_wait(struct qs_domain *domain, uint64_t number);

/* deferral.c: the locks that a fork must not find taken. */
void qs_deferral_before_fork(struct qs_domain *domain);
void qs_deferral_after_fork_parent(struct qs_domain *domain);
void qs_deferral_after_fork_child(struct qs_domain *domain);

/* fork.c: the list of all domains that are ready, for the children of fork(), which waits while it is locked. */
void qs_domains_lock(void);
void qs_domains_unlock(void);

/* fork.c: looks into the list, and adds to it; with the lock. */
bool qs_domains_have(const struct qs_domain *domain);
void qs_domains_add(struct qs_domain *domain);

/* fork.c: takes the domain out of the list; without the lock. */
void qs_domains_remove(struct qs_domain *domain);

/* domain.c: are all these bytes zero, as those of fields that mean nothing yet have to be? */
bool qs_is_zero(const void *bytes, size_t size);

/* domain.c: makes a domain of zeros ready, once. 0, or -ENOMEM. */
int qs_domain_prepare(struct qs_domain *domain);

/* barrier.c: registers the process for what the flavour needs. False: it isn't to be had here. */
bool qs_flavour_works(enum qs_flavour flavour);

/*
 * barrier.c: every reader of the domain that runs passes a full barrier between call and return; where readers pay for
 * themselves, the caller alone does. Ends the process if that is impossible.
 */
void qs_barrier_everywhere(struct qs_domain *domain, enum qs_barrier how);

/* barrier.c: whether this system lets the calling thread do so now. */
bool qs_barrier_works(enum qs_barrier how);

/* signal.c: installs the handler. False: somebody else uses the signal. */
bool qs_signal_works(void);

/*
 * signal.c: answers for a reader of the calling thread what has been asked so far. The handler does so from the moment
 * on at which the reader is in the thread's list; what it was asked before, registering answers then.
 */
void qs_signal_answer(struct qs_reader *reader);

/* signal.c: every thread that has registered a reader in the domain passes a full barrier in its signal handler. */
void qs_signal_barrier(struct qs_domain *domain);

/* The bits that every notice of the domain has. */
static inline uint32_t qs_notice_bits(const struct qs_domain *of)
{
	return of->flavour == QS_MB ? QS_FENCES : 0;
}

#endif
