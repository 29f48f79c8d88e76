/* SPDX-License-Identifier: MIT */
/*
 * A domain in memory that processes share. Any of them may be killed at any instruction: the others go on, no grace
 * period waits for the dead, and none ends early under the living. Steps are those of
 * spec/rcu/shared-memory/SharedMemory.tla. Linux, C11.
 *
 * Each reader's thread holds a robust lock in its slot from registration on, and so only the kernel says who is dead.
 * What that asks of you (spec/rcu/shared-memory/RobustList.tla):
 *
 *   - The memory is a shared mapping: of a file, a memfd, shm_open(), or anonymous and inherited by fork(). The library
 *     maps it a second time for itself, so you may unmap your own.
 *   - A thread may hold at most QS_SHARED_LOCKS_MAX of these slots. With robust mutexes of its own it must stay below
 *     the kernel's 2,048, and never unmap one that it holds: otherwise its slots stay with it after its death.
 *   - A thread that is stopped, or does not leave its section, is alive: grace periods wait for it.
 *
 * Processes that share a domain trust each other not to scribble on it. They have the same word size and C library.
 *
 * fork(): the child has no readers and no domain. The library's mapping is not inherited, so a child that goes on with
 * a reader of its parent gets SIGSEGV instead of sharing a slot. It attaches and registers anew. After exec() a
 * process has no readers, and the others see to their slots.
 *
 * Functions that return int return 0 or a negative errno. Only the read side is async-signal-safe.
 */
#ifndef QUIESCE_SHARED_H
#define QUIESCE_SHARED_H

#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "letters.h"
#include "shared_step.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QS_SHARED_CAPACITY_MAX (1u << 16)
#define QS_SHARED_LOCKS_MAX 64u

/* Two lines of a cache, since processors fetch them in pairs. */
#define QS_SHARED_LINE 128

/*
 * How the updater knows what readers have done. By default every reader pays with full fences of its own. With
 * QS_SHARED_GLOBAL the updater pays, with membarrier GLOBAL_EXPEDITED; that takes kernels on which a registered process
 * is always reached. On Linux 6.18 it was seen to be missed after a registration (Registration-today) and after one of
 * its threads had exited (Registration-exit, both in spec/membarrier/registration): what a reader uses may be freed.
 */
#define QS_SHARED_GLOBAL 1u

struct qs_shared_options {
	uint32_t capacity; /* how many readers may be registered at a time */
	uint32_t flags;    /* 0, or QS_SHARED_GLOBAL */
	uint32_t limit_us; /* after this time a waiting updater asks for the dead; 0: 5,000 */
};

/* A reader's slot. Only its reader writes `announced`, or who holds the lock of a dead one. */
struct qs_shared_slot {
	alignas(QS_SHARED_LINE) qs_atomic(uint64_t) announced; /* 0, or the number that the reader announced */
	qs_atomic(uint32_t) notice;                            /* futex word: 1 while an updater waits for it */
	alignas(QS_SHARED_LINE) pthread_mutex_t life;          /* robust: held as long as the reader lives */
	qs_atomic(int32_t) process, thread;                    /* whose it is or was, for reports alone */
};

/* What stands at the beginning of the memory. */
struct qs_shared_memory {
	alignas(QS_SHARED_LINE) qs_atomic(uint64_t) magic; /* written last */
	uint32_t version, layout, capacity, flags, limit_us;
	alignas(QS_SHARED_LINE) qs_atomic(uint64_t) gp; /* number of the current grace period; starts at 1 */
	alignas(QS_SHARED_LINE) qs_atomic(uint64_t) begun;
	qs_atomic(uint64_t) ended;
	qs_atomic(uint32_t) doorbell; /* futex word: odd while a follower sleeps */
	alignas(QS_SHARED_LINE) pthread_mutex_t leader; /* robust */
#ifndef __cplusplus /* which has no such arrays; only the library looks into it */
	struct qs_shared_slot slots[];
#endif
};

/* A living reader, in whatever process, that holds a grace period up. */
struct qs_shared_stall {
	struct qs_shared_domain *domain;
	uint64_t number;       /* of the grace period that waits */
	uint64_t announced;    /* by the reader: the number that it saw when it entered its section */
	uint32_t slot;         /* the reader's */
	int32_t process;       /* who has registered it: ids as its own process sees them */
	int32_t thread;
	uint64_t milliseconds; /* since the grace period began to wait for it */
};

/* A process's access to a domain. Not in shared memory. What it relies on is kept here, out of others' reach. */
struct qs_shared_domain {
	struct qs_shared_memory *memory; /* the library's own mapping */
	size_t size;
	uint32_t capacity, limit_us;
	bool fences;
	qs_atomic(uint32_t) readers; /* registered by this process */
	uint32_t stall_ms;           /* how long this process's grace periods wait before they report */
	void (*stalled)(const struct qs_shared_stall *stall, void *context);
	void *context;
};

/* A registered thread. Not in shared memory; it stays where it is while it is registered. */
struct qs_shared_reader {
	struct qs_shared_slot *slot;
	qs_atomic(uint64_t) *gp;
	bool fences;
	struct qs_shared_domain *domain;
	struct qs_shared_reader *next; /* of the same thread, in any domain */
};

/* What qs_shared_read_lock() returns and qs_shared_read_unlock() takes back, last in, first out. */
typedef struct qs_shared_token {
	bool outermost;
} qs_shared_token;

/* The size of the memory for so many readers; 0 if that is none, or more than QS_SHARED_CAPACITY_MAX. */
size_t qs_shared_size(uint32_t capacity);

/*
 * Makes a domain in memory that is mapped shared, aligned to a page, and zero, as a new file is. Of several processes
 * that try, one does it.
 *
 * -EINVAL: the memory is misaligned or too small, or an option is unknown. -EEXIST: the memory isn't zero: there is a
 * domain already, or something else; if that is of an earlier run, clear it first. -EBUSY: another is making it just
 * now: attach then. Should it have died, whoever tries next makes it; that is told by its process id, so all who make
 * one domain must be in one PID namespace. -EFAULT: the memory can't be written, or its file is shorter. -ENOTSUP:
 * robust mutexes are missing.
 */
int qs_shared_init(void *memory, size_t size, const struct qs_shared_options *options);

/*
 * Looks at what is in the memory, and maps it for the library. With QS_SHARED_GLOBAL it also registers the process.
 *
 * A file that is made shorter later takes the memory away from under all who use it (SIGBUS): seal a memfd with
 * F_SEAL_SHRINK.
 *
 * -EINVAL: misaligned. -EAGAIN: there is no domain yet. -EFAULT: the file is shorter than the domain. -EACCES: the file
 * was not opened for writing. -EPROTO: this is none, or one of another version or layout, or larger than `size`.
 * -ENOTSUP: the kernel lacks or refuses membarrier. Or mremap()'s errors: -EINVAL when the memory is not mapped shared,
 * -EFAULT when it is not one mapping.
 */
int qs_shared_attach(struct qs_shared_domain *domain, void *memory, size_t size);

/*
 * Gives the library's mapping back. -EINVAL: there is none. -EBUSY: a thread of this process is registered, or has
 * ended without unregistering, and nothing has been done. A child after fork() has nothing to detach.
 */
int qs_shared_detach(struct qs_shared_domain *domain);

/*
 * Claims a slot for the calling thread, until it unregisters or ends, however it ends. Never waits.
 *
 * -EAGAIN: all slots are taken (or one is being given back just now). -EMFILE: the thread holds QS_SHARED_LOCKS_MAX.
 * -EINVAL: the domain is not attached.
 */
int qs_shared_register(struct qs_shared_domain *domain, struct qs_shared_reader *reader);

/*
 * Gives the slot back. -EBUSY: the reader is inside a section. -EPERM: another thread has registered it. -EINVAL: it is
 * not registered. Nothing has been done then.
 */
int qs_shared_unregister(struct qs_shared_reader *reader);

/*
 * Waits until every section of a living thread that was entered before the call has been left, in whatever process.
 * Calls share grace periods.
 *
 * -EDEADLK: the caller is inside a section of the domain, or inside a stall report of it. -EINVAL: the domain is not
 * attached. -ENOTRECOVERABLE: the memory has been scribbled on. Nothing may be freed then.
 */
int qs_shared_synchronize(struct qs_shared_domain *domain);

/*
 * From now on a grace period that this process runs, and that has been waiting for one living reader for so many
 * milliseconds, says so: to `stalled`, or, if that is NULL, with a line on standard error; and again after the same
 * time. 0: never, as at first. Call it before the domain is used. `stalled` returns (no longjmp(), exception or
 * pthread_exit()), and doesn't wait for a grace period.
 */
void qs_shared_report_stalls(struct qs_shared_domain *domain, uint32_t stall_ms,
			     void (*stalled)(const struct qs_shared_stall *stall, void *context), void *context);

/* The slow path of qs_shared_read_unlock(); not for you to call. */
void qs_shared_wake(struct qs_shared_slot *slot);

/* Enters a section. Sections nest. Wait-free, and async-signal-safe, also with the interrupted thread's reader. */
static inline qs_shared_token qs_shared_read_lock(struct qs_shared_reader *reader)
{
	struct qs_shared_slot *slot = reader->slot;
	qs_shared_token token = { false };
	if (qs_likely(qs_load_relaxed(&slot->announced) == 0)) {
		QS_SHARED_STEP(LoadGp);
		uint64_t number = qs_load_relaxed(reader->gp);
		QS_SHARED_STEP(Announce);
		qs_store_release(&slot->announced, number); /* as in qs_announce(), for the letter of C++20 */
		fence_a(reader->fences);
		token.outermost = true;
	}
	return token;
}

/* Leaves it. Never blocks: at most it makes one system call. Async-signal-safe, and keeps errno. */
static inline void qs_shared_read_unlock(struct qs_shared_reader *reader, qs_shared_token token)
{
	struct qs_shared_slot *slot = reader->slot;
	if (qs_unlikely(!token.outermost))
		return;
	QS_SHARED_STEP(Unlock);
	fence_b(&slot->announced, 0);
	fence_c(reader->fences);
	QS_SHARED_STEP(LoadNotice);
	if (qs_unlikely(qs_load_relaxed(&slot->notice) != 0))
		qs_shared_wake(slot);
}

#ifdef __cplusplus
}
#endif

#endif
