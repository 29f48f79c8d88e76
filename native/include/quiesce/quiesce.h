/* SPDX-License-Identifier: MIT */
/*
 * quiesce: user-space RCU, *number* algorithm. Linux, C11 or C++17.
 *
 * Functions that return int return 0 or a negative errno. A function is async-signal-safe only where its comment
 * says so.
 *
 * fork(): the child goes on with the forking thread and its readers, in the sections that they were in; the library
 * sees to that by itself (pthread_atfork), whoever calls fork(). The other threads' readers are gone there. After
 * exec(), and in a child of vfork(), domains are gone. Handlers of pthread_atfork() may use domains, if they were set
 * up after the first domain was made. A signal handler that forks must not return in the child if it may have
 * interrupted a function that registers or unregisters a reader, or takes it online or offline: such a reader may be
 * counted wrongly there.
 *
 * A library with a domain of its own that is to be unloaded (dlclose()) destroys it before; the shared library of
 * quiesce stays loaded. Where the static one is part of what is unloaded, link that with -Wl,-z,nodelete.
 */
#ifndef QUIESCE_H
#define QUIESCE_H

#include "defer.h"
#include "read.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who pays for the barrier between a reader's announcement and its reads. */
enum qs_flavour {
	QS_ANY = 0,        /* for qs_options: QS_MEMBARRIER where the kernel has it and lets us, else QS_MB */
	QS_MEMBARRIER = 1, /* updaters: membarrier PRIVATE_EXPEDITED: it interrupts who runs this process */
	QS_GLOBAL = 2,     /* updaters: membarrier GLOBAL_EXPEDITED, which reaches all processes that have registered */
	QS_SIGNAL = 3,     /* updaters: SIGRTMAX - 4 to every thread with a reader, which must not block or catch it */
	QS_MB = 4,         /* every reader, with full fences: it needs nothing of the kernel */
	QS_QSBR = 5,       /* every reader, when it says that it is quiescent: qsbr.h */
};

/*
 * How an updater makes the readers pass their barrier, where they have none of their own (QS_MEMBARRIER, QS_GLOBAL,
 * QS_SIGNAL): the ways that were discussed when membarrier was proposed, in January 2010.
 */
enum qs_barrier {
	QS_EXPEDITED = 0, /* as the domain's flavour does it: microseconds, and it interrupts those who run readers */
	QS_GENTLE = 1,    /* membarrier GLOBAL, the expedited = 0 of then: milliseconds, and it interrupts nobody */
	QS_EVERY_CPU = 2, /* the first version of then: it disturbs every processor that the caller may run on */
};

/* For qs_options.flags. */
#define QS_STRICT 1u /* -ENOTSUP where the flavour that was asked for isn't to be had; else QS_MB takes its place */

#define QS_CAPACITY_MAX (1u << 20)
#define QS_CAPACITY_DEFAULT (1u << 16)

/* A reader that holds a grace period up. */
struct qs_stall {
	struct qs_domain *domain;
	uint64_t number;       /* of the grace period that waits */
	uint64_t announced;    /* the number that it saw when it entered its section; 0: QS_SIGNAL, it doesn't answer */
	uint32_t slot;         /* the reader's */
	int32_t thread;        /* id of the thread that registered it, 0 if it is no longer registered */
	uint64_t milliseconds; /* since the grace period began to wait for it */
};

/*
 * How a domain shall be; zero stands for the default in every field.
 *
 * `stalled` is called by the thread that runs the grace period for all who wait. So it returns (no longjmp(), exception
 * or pthread_exit()), and waits for no grace period of the domain: where it does, the process ends with a message.
 */
struct qs_options {
	uint32_t capacity; /* most readers at a time; memory is reserved for so many, and used for those that come */
	enum qs_flavour flavour;
	uint32_t flags;
	uint32_t stall_ms; /* how long a grace period waits for one reader before `stalled` hears of it; 0: never */
	void (*stalled)(const struct qs_stall *stall, void *context); /* NULL: a line on standard error */
	void *context;
	uint32_t spins;  /* how often an updater looks again before it gives notice and sleeps; 0: QS_SPINS_DEFAULT */
	uint32_t nap_ms; /* most time that an updater sleeps without looking again; 0: 10, QS_NAP_NEVER: no limit */
	uint64_t reserved[4];
};

#define QS_SPINS_DEFAULT 200u
#define QS_NAP_NEVER UINT32_MAX

/* Who is behind a slot, apart from it: claiming one disturbs no reader. */
struct qs_owner {
	qs_atomic(int32_t) thread;     /* id of the thread that registered, 0 when the slot is free */
	uint32_t late;                 /* the leader's: the next slot that it waits for, plus 1 */
	qs_atomic(uint64_t) answered;  /* QS_SIGNAL: the last question that its thread has answered */
	int32_t asked;                 /* the leader's: the thread that it has asked */
};

/*
 * Readers and updaters that know of each other. There may be several domains. Use the functions below to look
 * into one. It is aligned to cache lines, so it may be static, on the stack, or from aligned_alloc(), but not
 * from malloc(). One that is all zeros (QS_DOMAIN_INITIALIZER, or static) is ready for use, with all defaults.
 */
struct qs_domain {
	/* All readers read this line, and hardly anybody writes it. */
	alignas(QS_CACHE_LINE) qs_atomic(uint64_t) gp; /* number of the current grace period */
	struct qs_reader *slots;
	struct qs_owner *owners;
	uint32_t capacity;
	enum qs_flavour flavour;
	qs_atomic(uint32_t) state; /* 0: not yet made ready, 1: somebody is at it, 2: ready */
	uint32_t spins, nap_ms, stall_ms;

	/* The updaters' line. */
	alignas(QS_CACHE_LINE) qs_atomic(uint64_t) begun; /* number of the last grace period that has begun */
	qs_atomic(uint64_t) ended;                        /* number of the last grace period that has ended */
	qs_atomic(int32_t) leader;    /* id of the thread that runs grace periods, 0: nobody */
	qs_atomic(uint32_t) doorbell; /* the followers' futex word: how often it rang */
	qs_atomic(uint32_t) sleepers; /* followers that sleep, or are about to */
	qs_atomic(uint64_t) asked;    /* QS_SIGNAL: how often the readers have been asked for a barrier */

	/* Who comes and goes. */
	alignas(QS_CACHE_LINE) qs_atomic(uint32_t) registered; /* readers that are registered and not offline */
	qs_atomic(uint32_t) used;                              /* one above the highest slot ever claimed */

	struct qs_deferral deferral;

	void (*stalled)(const struct qs_stall *stall, void *context);
	void *context;
	struct qs_domain *next; /* of all domains in this process: for fork() */
	uint64_t reserved[4];
};

#ifdef __cplusplus
#define QS_DOMAIN_INITIALIZER {}
#else
#define QS_DOMAIN_INITIALIZER { 0 }
#endif

/*
 * Makes a domain, and registers the process for what its flavour needs. `options` may be NULL. Where the kernel lacks
 * or refuses membarrier (ENOSYS, EPERM, seccomp), the flavour is QS_MB; qs_domain_flavour() says so.
 *
 * -EINVAL: the capacity is above QS_CAPACITY_MAX, an unknown flavour or flag, a reserved field that isn't zero, or a
 * domain that isn't aligned. -EEXIST: it is a domain that is in use, and nothing has been done. -ENOMEM: no memory for
 * the slots. -ENOTSUP: QS_STRICT, and the flavour isn't to be had here.
 */
int qs_domain_init(struct qs_domain *domain, const struct qs_options *options);

/*
 * Ends the worker, runs what is still deferred and what that defers, then frees the domain's slots. No thread may use
 * the domain any more. -EBUSY: a reader is registered, or the caller is inside a callback of the domain, and nothing
 * has been done. A callback that defers itself each time keeps it from ending.
 */
int qs_domain_destroy(struct qs_domain *domain);

/* The domain's flavour, never QS_ANY but for a domain that nobody has used yet. Async-signal-safe. */
enum qs_flavour qs_domain_flavour(const struct qs_domain *domain);

/* "membarrier", "mb", ...: for messages. Async-signal-safe. */
const char *qs_flavour_name(enum qs_flavour flavour);

/*
 * Claims a free slot for the calling thread. Never waits, not even for a grace period. Only the thread that
 * has registered a reader may use it (its signal handlers included). What it has not given back when it ends, the
 * library does.
 *
 * -EAGAIN: all slots of the domain are taken. -ENOMEM: a domain that nobody has used yet finds no memory. -ECANCELED:
 * the thread is in the last of its destructors, where nobody would give the slot back. -EINVAL: no domain, or no place
 * for the reader.
 */
int qs_register(struct qs_domain *domain, struct qs_reader **reader);

/*
 * Gives the reader's slot back; the pointer is invalid afterwards.
 *
 * -EBUSY: the reader is inside a section, and nothing has been done. -EPERM: another thread has registered it.
 */
int qs_unregister(struct qs_reader *reader);

/*
 * Before the calling thread waits for long, outside of sections: updaters need not think of this reader until
 * qs_online(). While all readers of a domain are offline, an updater interrupts nobody. Costs one atomic addition each.
 * Between the two the reader may not enter a section. Async-signal-safe.
 *
 * -EBUSY: it is inside a section, and nothing has been done. -EALREADY: it is offline (or online). -EPERM: another
 * thread has registered it.
 */
int qs_offline(struct qs_reader *reader);
int qs_online(struct qs_reader *reader);

/*
 * Waits until every section that was entered before the call has been left. Anything that only such sections
 * could see may be freed afterwards. Calls from several threads share grace periods: none waits for more than two.
 *
 * It ends the process with a message if it is called inside a section of the same domain, or by a stall report or
 * signal handler inside of itself, where it would wait for its caller; if somebody has put another handler in the place
 * of QS_SIGNAL's; and if the kernel has begun to refuse membarrier since the domain was made (because a seccomp filter
 * was installed later): readers run no fence, so there is no safe way to go on.
 */
void qs_synchronize(struct qs_domain *domain);

/*
 * The same, where the caller chooses what its grace period costs others; if another is under way that will do, it is
 * shared as it is. QS_EVERY_CPU moves the calling thread to one processor after the other, and back.
 *
 * -ENOTSUP: the kernel doesn't have this here, and nothing has been done (GLOBAL is refused where nohz_full is on; and
 * QS_EVERY_CPU where the thread may not choose its processors, or not all that readers may run on, or where /sys is
 * missing, which says what those are). Where it is refused later, by a filter that another thread installs, the grace
 * period is an expedited one. -EINVAL: none of the three.
 */
int qs_synchronize_by(struct qs_domain *domain, enum qs_barrier how);

/*
 * Publishes `fresh` (which must be initialised), waits for a grace period, and calls `reclaim` with what was
 * published before. Several threads may replace the same pointer. `reclaim` may be NULL, and is never called
 * with NULL.
 */
void qs_replace(struct qs_domain *domain, qs_atomic(void *) *pointer, void *fresh, void (*reclaim)(void *object));

/* For those who make processes without fork() (clone(), say): call it in the child. Async-signal-safe. */
void qs_after_fork_child(void);

/* The number of the current grace period, for monitoring. It never wraps around: 64 bits last for ever. */
uint64_t qs_domain_number(struct qs_domain *domain);

/* What membarrier's QUERY answers: a bit mask of commands, or a negative errno. Async-signal-safe. */
int qs_membarrier_query(void);

#ifdef __cplusplus
}
#endif

#endif
