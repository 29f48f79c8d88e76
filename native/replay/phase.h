/* SPDX-License-Identifier: MIT */
/*
 * The phase algorithm of spec/rcu/phase-steps/Phase.tla, by ourselves: one bit, the phase, is copied by each reader
 * that enters a section; a grace period waits for those inside with the other phase, flips it, and waits once more for
 * those it found inside with what has now become the other one. Updaters put themselves on a stack, and who finds it
 * empty leads for all that are there when its grace period begins.
 *
 * It is here for a second specification to be replayed on the engine that knows none, and is no part of the library.
 */
#ifndef QUIESCE_PHASE_H
#define QUIESCE_PHASE_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/atomic.h"

/* The actions of Phase.tla. */
#define PHASE_STEPS(X)                                                                                                 \
	X(Register) X(Unregister) X(LoadGp) X(Announce) X(LockNested) X(UnlockNested) X(Unlock) X(LoadFutex)           \
	X(ClearFutex) X(Wake) X(Publish) X(Push) X(LockGp) X(PopAll) X(LockRegistry) X(Membarrier) X(Scan) X(ScanEnd)  \
	X(Relax) X(SetWaiting) X(Sleep) X(Relock) X(Flip) X(Splice) X(UnlockGp) X(WakeFollowers)

#define PHASE_ENUM(name) PHASE_##name,
enum phase_step { PHASE_STEPS(PHASE_ENUM) PHASE_STEP_COUNT };

/*
 * Called before each step, by the thread that takes it, and with PHASE_SLEEPS by one that is about to sleep. Two steps
 * leave a choice: it returns the readers that the leader has yet to look at after Scan, and whether it looks at all of
 * them once more after Relax; or PHASE_ANY.
 */
typedef int64_t (*phase_hook)(int step);
extern phase_hook phase_step_hook;

#define PHASE_ANY (-1)
#define PHASE_SLEEPS (-1)
#define PHASE_STEP(name) phase_step_hook(PHASE_##name)

/* Which list a reader is on. */
enum phase_list { PHASE_NONE, PHASE_REGISTRY, PHASE_SNAPSHOT, PHASE_QUIESCENT };

#define PHASE_READERS_MAX 32
/* A reader's word: how many sections it is inside, and the phase that the outermost of them began with. */
#define PHASE_COUNT_MASK 0xffffu
#define PHASE_BIT 0x10000u

struct phase_reader {
	qs_atomic(uint32_t) word;
	qs_atomic(uint32_t) list; /* enum phase_list, under the registry's lock */
};

/* A call of phase_synchronize(), on the stack of those that wait for a leader, and then in the leader's batch. */
struct phase_call {
	qs_atomic(struct phase_call *) next;
	qs_atomic(struct phase_call *) batch; /* the leader's: whom it leads, itself among them */
	qs_atomic(uint32_t) done;             /* the follower's futex word */
	int32_t owner;
};

/* Who holds it, or 0. */
struct phase_lock {
	qs_atomic(int32_t) owner;
};

struct phase_domain {
	qs_atomic(uint32_t) gp; /* 1, and the phase in PHASE_BIT */
	qs_atomic(uint32_t) futex; /* PHASE_WAITING while a leader waits, else 0 */
	qs_atomic(struct phase_call *) stack;
	struct phase_lock gp_lock, registry_lock;
	/* The leader's. */
	uint64_t visit; /* the readers that this round has yet to look at, by their index */
	bool second;    /* it is between the flip and the end */
	bool slow;      /* it has said that it waits */
	/* How many readers there are room for. */
	int32_t capacity;
	struct phase_reader reader[PHASE_READERS_MAX];
};

#define PHASE_WAITING UINT32_MAX

void phase_lock(struct phase_lock *lock, int32_t owner);
void phase_unlock(struct phase_lock *lock);

/* phase_read.c: what a reader does. `self` is the lock's owner for it. */
void phase_register(struct phase_domain *domain, struct phase_reader *reader, int32_t self);
void phase_unregister(struct phase_domain *domain, struct phase_reader *reader, int32_t self);
void phase_read_lock(struct phase_domain *domain, struct phase_reader *reader);
void phase_read_unlock(struct phase_domain *domain, struct phase_reader *reader);

/*
 * phase_synchronize.c: returns when every reader that was inside at the call has left. `call` is the caller's, until it
 * returns.
 */
void phase_synchronize(struct phase_domain *domain, struct phase_call *call);

#endif
