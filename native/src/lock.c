/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include "futex.h"

#define WANTED 0x80000000u /* somebody sleeps until it is free; the other bits are the owner's id */
#define SPINS 100

static bool take(qs_atomic(uint32_t) *lock, uint32_t self)
{
	uint32_t nobody = 0;
	return qs_compare_exchange(lock, &nobody, self);
}

/* What is held under it takes no longer than a walk through a list. */
static bool take_soon(qs_atomic(uint32_t) *lock, uint32_t self)
{
	for (int i = 0; i < SPINS; i++) {
		if (qs_load_relaxed(lock) == 0 && take(lock, self))
			return true;
		qs_pause();
	}
	return false;
}

/* Whoever has slept may not be the only one: so it takes the lock as wanted. */
static void take_later(qs_atomic(uint32_t) *lock, uint32_t self)
{
	while (!take(lock, self | WANTED)) {
		uint32_t seen = qs_load_relaxed(lock);
		if (seen == 0)
			continue;
		if ((seen & WANTED) || qs_compare_exchange(lock, &seen, seen | WANTED))
			(void)qs_futex_wait(lock, seen | WANTED, 0);
	}
}

void qs_lock(qs_atomic(uint32_t) *lock)
{
	uint32_t self = (uint32_t)qs_thread_id();
	if (!take(lock, self) && !take_soon(lock, self))
		take_later(lock, self);
}

void qs_unlock(qs_atomic(uint32_t) *lock)
{
	if (qs_exchange_acq_rel(lock, 0) & WANTED)
		qs_futex_wake(lock, 1);
}

bool qs_lock_belongs_to(qs_atomic(uint32_t) *lock, int32_t thread)
{
	return (qs_load_relaxed(lock) & ~WANTED) == (uint32_t)thread;
}

void qs_lock_inherit(qs_atomic(uint32_t) *lock, int32_t thread)
{
	qs_store_relaxed(lock, (uint32_t)thread);
}
