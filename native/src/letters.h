/* SPDX-License-Identifier: MIT */
/*
 * The ordering points on the updaters' side and in the registration; the reader's are in quiesce/letters.h, and E and
 * I, which run a barrier on every processor, in synchronize.c.
 */
#ifndef QUIESCE_UPDATER_LETTERS_H
#define QUIESCE_UPDATER_LETTERS_H

#include "quiesce/defer.h"
#include "quiesce/letters.h"

/*
 * fence_h(), updater: scan -> free. Pairs with B, and where it was another who scanned or nobody had to, with M and L.
 * Without it: the reclaim misses what a reader did in its section (rcu/read-side/number-no-fence-h).
 */
static inline void fence_h(void)
{
	qs_acquire_fence();
}

/*
 * fence_j(), updater: publish -> see who is registered and what has begun. A full fence. Pairs with K, and with E of
 * the leader that it follows. Without it: use after free (rcu/registration/number-no-fence-j).
 */
static inline void fence_j(void)
{
	qs_full_fence();
}

/*
 * fence_k(), reader: marked and counted -> announce and use. A full fence. Pairs with J. Without it: use after free
 * (rcu/registration/number-no-fence-k).
 */
static inline void fence_k(void)
{
	qs_full_fence();
}

/*
 * fence_l(), reader: use -> no longer registered. Pairs with H. Without it: use after free
 * (rcu/registration/number-no-fence-l). It is the release of the subtraction itself.
 */
static inline void fence_l(qs_atomic(uint32_t) *registered)
{
	(void)qs_fetch_sub_release(registered, 1);
}

/*
 * fence_m(), leader: grace period -> it has ended. Pairs with H of the followers. Without it nothing goes wrong on the
 * machine, where the store waits for the loops that saw the readers leave (rcu/updaters/number-no-fence-m); C11 knows
 * no such dependency. It is the release of the store itself.
 */
static inline void fence_m(qs_atomic(uint64_t) *ended, uint64_t number)
{
	qs_store_release(ended, number);
}

/*
 * fence_n(), follower: counted as a sleeper -> sleep. Pairs with O. Without it: a lost wake-up
 * (rcu/updaters/number-no-fence-n). The addition is sequentially consistent, and the kernel has a full barrier between
 * it and its look at the doorbell.
 */
static inline void fence_n(qs_atomic(uint32_t) *sleepers)
{
	(void)qs_fetch_add_seq_cst(sleepers, 1);
}

/*
 * fence_o(), leader: ring -> look for sleepers. Pairs with N. Without it: a lost wake-up
 * (rcu/updaters/number-no-fence-o). The addition and the load behind it are sequentially consistent.
 */
static inline void fence_o(qs_atomic(uint32_t) *doorbell)
{
	(void)qs_fetch_add_seq_cst(doorbell, 1);
}

/*
 * fence_p(), leader: its grace period -> step down. Pairs with Q. Without it: this one's stores come after the next
 * leader's, and numbers go back (rcu/updaters/number-no-fence-p). It is the release of the store itself.
 */
static inline void fence_p(qs_atomic(int32_t) *leader)
{
	qs_store_release(leader, 0);
}

/*
 * fence_q(), leader: lead -> look at ended again, and begin. Pairs with P. Without it: numbers go back, and an updater
 * returns without a grace period (rcu/updaters/number-no-fence-q). It is the acquire of the compare-and-swap itself.
 * True: the caller leads.
 */
static inline bool fence_q(qs_atomic(int32_t) *leader, int32_t self)
{
	int32_t nobody = 0;
	return qs_load_relaxed(leader) == 0 && qs_compare_exchange(leader, &nobody, self);
}

/*
 * fence_r(), follower: read the doorbell -> look at ended and at leader. Pairs with O. Without it: a lost wake-up
 * (rcu/updaters/number-no-fence-r). It is the acquire of the load itself.
 */
static inline uint32_t fence_r(qs_atomic(uint32_t) *doorbell)
{
	return qs_load_acquire(doorbell);
}

/*
 * fence_s(), whoever defers: push -> look whether the worker sleeps. Pairs with T. Without it: what was pushed stays
 * with a worker that sleeps (rcu/call-rcu/worker/worker-sleep-no-fence-s). The compare-and-swap of the push and this
 * load are sequentially consistent: on x86-64 the load costs no fence.
 */
static inline bool fence_s(qs_atomic(uint32_t) *asleep)
{
	return qs_load_seq_cst(asleep) != 0;
}

/*
 * fence_t(), worker: says that it sleeps -> looks once more at what is pushed. A full fence. Pairs with S. Without it:
 * as without S (rcu/call-rcu/worker/worker-sleep-no-fence-t).
 */
static inline void fence_t(void)
{
	qs_full_fence();
}

/*
 * fence_u(), whoever defers: unpublish and fill in -> push. Pairs with J of whoever takes it. Without it: the grace
 * period is one that the unpublishing is not part of, and the callback frees what a reader uses
 * (rcu/call-rcu/hand-over/hand-over-no-fence-u). It is the release of the compare-and-swap itself. True: it is pushed.
 */
static inline bool fence_u(qs_atomic(struct qs_head *) *pushed, struct qs_head **top, struct qs_head *head)
{
	return qs_compare_exchange_seq_cst(pushed, top, head);
}

#endif
