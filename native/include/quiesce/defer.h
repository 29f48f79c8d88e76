/* SPDX-License-Identifier: MIT */
/*
 * Grace periods that nobody waits for: deferred callbacks, a worker that runs them, and grace periods to ask about
 * later. The protocol is that of spec/rcu/call-rcu/worker/Worker.tla.
 *
 * What is deferred passes through four places of its domain: pushed, fresh, waiting (for a grace period), ready.
 * Whoever wants to see it run, a worker or a caller of qs_reclaim(), moves it on; nobody holds any of it but for the
 * one callback that he is in. So nothing is lost when a callback doesn't return (pthread_exit(), cancellation,
 * longjmp(), a C++ exception), when the worker is stopped, or in a child of fork().
 */
#ifndef QUIESCE_DEFER_H
#define QUIESCE_DEFER_H

#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "reader.h"

#ifdef __cplusplus
extern "C" {
#endif

struct qs_domain;

/* An object that waits to be freed; embed it in your own. */
struct qs_head {
	struct qs_head *next;
	void (*reclaim)(struct qs_head *head);
};

/* How a worker shall be; zero stands for the default in every field. */
struct qs_worker_options {
	uint32_t bound;     /* so many may be deferred before qs_call() makes its callers wait; 0: QS_BOUND_DEFAULT */
	uint32_t wait_ms;   /* most time that a call waits, should the callbacks wait for the caller; 0: 100 */
	uint32_t linger_us; /* it waits for more before it sleeps (or ends); 0: 50, QS_LINGER_NEVER: no time */
	uint32_t reserved32;
	size_t stack_bytes; /* of its stack; 0: as pthread_create() does it */
	uint64_t reserved[4];
};

#define QS_BOUND_DEFAULT 65536u
#define QS_LINGER_MAX 1000000u
#define QS_LINGER_NEVER UINT32_MAX

/* Below 4,096 a callback is no address but the distance that qs_defer_free() has written. */
#define QS_OFFSETS 4096u

/* Some of what is deferred, the oldest first. `last` means nothing when `first` is NULL. */
struct qs_heads {
	struct qs_head *first;
	struct qs_head *last;
};

/* A domain's part that this page is about; for the library alone. All zeros at first. */
struct qs_deferral {
	/* Whoever defers writes the first word, and reads the second. */
	alignas(QS_CACHE_LINE) qs_atomic(struct qs_head *) pushed; /* the youngest first */
	qs_atomic(uint32_t) asleep;                                /* 1: the worker sleeps, or is about to */
	qs_atomic(uint32_t) worker;                                /* is there one? an enum in worker.c */
	qs_atomic(uint64_t) wanted;                                /* a grace period that somebody asks about */

	/* The rest belongs to whoever holds the lock, which nobody does inside a callback. */
	alignas(QS_CACHE_LINE) qs_atomic(uint32_t) lock;
	qs_atomic(uint32_t) bell; /* futex word: how often it rang for those who wait for callbacks */
	struct qs_heads fresh;    /* taken from pushed */
	struct qs_heads waiting;  /* for the grace period `cookie` */
	struct qs_heads ready;
	uint64_t cookie;
	uint64_t moved;      /* how many have ever been taken from pushed: the place of the youngest */
	uint64_t started;    /* how many callbacks have ever been started: they start in order */
	uint64_t ring_at;    /* when all up to this place have run, the bell rings; 0: nobody waits */
	struct qs_run *runs; /* the callbacks that are running */
	uint64_t thread;     /* the worker's pthread_t */
	uint32_t stop;       /* the worker shall leave */
	struct qs_worker_options options;
};

/*
 * Makes somebody call `reclaim` with `head` after a grace period that starts after this call: the domain's worker, if
 * it has one, or whoever calls qs_reclaim() or qs_barrier(). Never waits: lock-free, and async-signal-safe. Callable
 * inside sections and inside callbacks. A head is in one line at a time: whoever defers it again before its callback
 * has been called damages the line. It ends the process with a message where there is no function to call.
 *
 * After fork() the child has a copy of all that is deferred and not yet started; so it runs once in each process. (A
 * callback that another thread is in at that moment doesn't go on in the child.)
 */
void qs_defer(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head));

/*
 * As qs_defer(), and starts the domain's worker if there is none, as in a child of fork(). When more is deferred than
 * the worker's bound, it waits until there is less, or the time of its options is up: but not inside a section of any
 * domain, nor inside a callback. Not async-signal-safe.
 *
 * -EAGAIN: a worker is needed, and can't be started. `head` is deferred all the same, for qs_reclaim().
 */
int qs_call(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head));

/* Defers free(object); `member` is its struct qs_head, and lies within its first 4,096 bytes. As qs_defer(). */
#define qs_defer_free(domain, object, member)                                                                          \
	qs_defer_free_at((domain), (object), offsetof(__typeof__(*(object)), member))

/* What qs_defer_free() calls: the head's distance from the object's beginning. */
void qs_defer_free_at(struct qs_domain *domain, void *object, size_t offset);

/*
 * Sees to it that all that was deferred before the call has run when it returns, runs it in the order in which it was
 * deferred, and waits for what other threads are running. What callbacks defer is left to the next call. Returns how
 * many had not run yet: so where it returns 0, nothing is left and no callback is running. Never call it inside a
 * section of the domain. Inside a callback of the domain it does nothing and returns 0.
 *
 * A callback may leave the call by longjmp() or by an exception. The thread's next call of a function of this page
 * finds out; until then the callback counts as running.
 */
size_t qs_reclaim(struct qs_domain *domain);

/*
 * As qs_reclaim(), but leaves the callbacks to the worker, if there is one. When it returns, no callback that was
 * deferred before the call is running: the code of all of them may be unloaded.
 *
 * -EDEADLK: the caller is inside a section or a callback of the domain, and nothing has been done.
 */
int qs_barrier(struct qs_domain *domain);

/*
 * Starts a thread that runs what is deferred. It is no reader, and blocks all signals but the one of QS_SIGNAL.
 * `options` may be NULL.
 *
 * -EALREADY: the domain has one. -EAGAIN, -ENOMEM: no thread is to be had. -EINVAL: the stack's size, a time to linger
 * above QS_LINGER_MAX, or a reserved field that isn't zero.
 */
int qs_worker_start(struct qs_domain *domain, const struct qs_worker_options *options);

/*
 * Ends the worker after the callback that it is in. What it has not run stays deferred. A later qs_call() starts it
 * again, with its options.
 *
 * -ESRCH: there is none. -EDEADLK: the worker calls it.
 */
int qs_worker_stop(struct qs_domain *domain);

/*
 * Asks for a grace period, and returns a cookie to ask about it; 0 when none has to pass. Never waits. It starts the
 * domain's worker if there is none; without one, a grace period passes when somebody waits for one. Callable inside
 * sections. The cookie means the same in a child of fork().
 */
uint64_t qs_poll_start(struct qs_domain *domain);

/*
 * Have all sections that were entered before the cookie was given been left? Never waits. Callable inside sections. The
 * cookie is one of this domain: with another, it may say yes too early, or no for long.
 */
bool qs_poll(struct qs_domain *domain, uint64_t cookie);

/* Waits until qs_poll() says yes. As qs_synchronize(), but for the time that has passed already. */
void qs_poll_wait(struct qs_domain *domain, uint64_t cookie);

#ifdef __cplusplus
}
#endif

#endif
