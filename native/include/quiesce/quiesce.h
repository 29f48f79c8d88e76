/* SPDX-License-Identifier: MIT */
/*
 * quiesce: user-space RCU, *number* algorithm, membarrier flavour. Linux, C11.
 *
 * Functions that return int return 0 or a negative errno. A function is async-signal-safe only where its comment
 * says so.
 *
 * fork(): only the forking thread goes on in the child. Call qs_after_fork_child() there on each domain before
 * you do anything else with it; the parent needs nothing. After exec(), and after vfork() before it, domains are
 * gone.
 */
#ifndef QUIESCE_H
#define QUIESCE_H

#include <pthread.h>

#include "read.h"

enum qs_flavour {
	QS_MEMBARRIER = 0, /* readers run no fence; updaters pay with membarrier PRIVATE_EXPEDITED */
	QS_MB = 1,         /* every reader pays with full fences: membarrier is missing, refused or not wanted */
};

/* For qs_domain_init(): use the flavour QS_MB even where membarrier works. */
#define QS_FLAG_MB 1u

#define QS_CAPACITY_MAX (1u << 20)

/* An object that waits to be freed; embed it in your own. */
struct qs_head {
	struct qs_head *next;
	void (*reclaim)(struct qs_head *head);
};

/*
 * Readers and updaters that know of each other. There may be several domains. Use the functions below to look
 * into one. It is aligned to cache lines, so it may be static, on the stack, or from aligned_alloc(), but not
 * from malloc().
 */
struct qs_domain {
	struct qs_shared shared;
	alignas(QS_CACHE_LINE) qs_atomic(struct qs_head *) deferred;
	struct qs_reader *slots;
	uint32_t capacity;
	enum qs_flavour flavour;
	/* Held for one grace period. Sharing grace periods will replace this, and nothing outside sees it. */
	pthread_mutex_t updater;
};

/*
 * Makes a domain for at most `capacity` registered readers, and registers the process for membarrier. Where the
 * kernel lacks or refuses membarrier (ENOSYS, EPERM, seccomp), the flavour is QS_MB; qs_domain_flavour() says so.
 *
 * -EINVAL: capacity is 0 or above QS_CAPACITY_MAX, or an unknown flag. -ENOMEM: no memory for the slots.
 */
int qs_domain_init(struct qs_domain *domain, uint32_t capacity, unsigned int flags);

/*
 * Runs what is still deferred (after a grace period each time), then frees the domain's slots. No thread may use
 * the domain any more. -EBUSY: a reader is registered, and nothing has been done.
 */
int qs_domain_destroy(struct qs_domain *domain);

/* The domain's flavour. Async-signal-safe. */
enum qs_flavour qs_domain_flavour(const struct qs_domain *domain);

/*
 * Claims the lowest free slot for the calling thread. Never waits, not even for a grace period. Only one thread
 * at a time may use a reader (its signal handlers included).
 *
 * -EAGAIN: all slots of the domain are taken. Async-signal-safe.
 */
int qs_register(struct qs_domain *domain, struct qs_reader **reader);

/*
 * Gives the reader's slot back; the pointer is invalid afterwards. A thread must do so before it ends.
 *
 * -EBUSY: the reader is inside a section, and nothing has been done. Async-signal-safe.
 */
int qs_unregister(struct qs_reader *reader);

/*
 * Waits until every section that was entered before the call has been left. Anything that only such sections
 * could see may be freed afterwards. Calls from several threads take turns.
 *
 * Never call it inside a section of the same domain: it would wait for its caller. It ends the process with a
 * message if the kernel has begun to refuse membarrier since qs_domain_init() (because a seccomp filter was
 * installed later): readers run no fence, so there is no safe way to go on.
 */
void qs_synchronize(struct qs_domain *domain);

/*
 * Publishes `fresh` (which must be initialised), waits for a grace period, and calls `reclaim` with what was
 * published before. Several threads may replace the same pointer. `reclaim` may be NULL, and is never called
 * with NULL.
 */
void qs_replace(struct qs_domain *domain, qs_atomic(void *) *pointer, void *fresh, void (*reclaim)(void *object));

/*
 * Makes some later qs_reclaim() call `reclaim` with `head`, after a grace period that starts after this call.
 * Lock-free, and async-signal-safe. Callable inside a section. After fork() the child has a copy of what was
 * deferred and not yet taken; what another thread's qs_reclaim() had taken is lost there.
 */
void qs_defer(struct qs_domain *domain, struct qs_head *head, void (*reclaim)(struct qs_head *head));

/*
 * Takes everything deferred so far, waits for one grace period for all of it, and frees it in the order in which
 * it was deferred. What the callbacks defer is left to the next call. Returns how many there were. Never call it
 * inside a section.
 */
size_t qs_reclaim(struct qs_domain *domain);

/*
 * After fork(), in the child, before any other use of the domain: the other threads are gone, and so are their
 * readers and the updater that may have been at work. `self` is the forking thread's reader, NULL if it has none;
 * it keeps its sections. The membarrier registration is inherited. Async-signal-safe in all but name
 * (pthread_mutex_init).
 */
void qs_after_fork_child(struct qs_domain *domain, struct qs_reader *self);

/* The number of the current grace period, for monitoring. It never wraps around: 64 bits last for ever. */
uint64_t qs_domain_number(struct qs_domain *domain);

/* What membarrier's QUERY answers: a bit mask of commands, or a negative errno. Async-signal-safe. */
int qs_membarrier_query(void);

#endif
