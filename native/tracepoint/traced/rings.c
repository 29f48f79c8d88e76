/* SPDX-License-Identifier: MIT */
/*
 * Which thread has which ring. A thread takes one for each channel that it writes to, at its first hit, be that in a
 * signal handler; its first one is its home, where it announces its sections. It gives them back when it ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "letters.h"
#include "rings.h"

static pthread_key_t key;

static uint32_t thread_id(void)
{
	return (uint32_t)syscall(SYS_gettid);
}

static void ending(void *trace)
{
	struct qs_trace *here = qs_trace_here();
	if (here == trace)
		qs_trace_leave(here);
}

bool qs_trace_make_key(void)
{
	static bool made, usable;
	if (!made) {
		made = true;
		/* Only the first 32 keys are set without malloc(), so only those by signal handlers. */
		usable = pthread_key_create(&key, ending) == 0;
		if (usable && key >= 32) {
			(void)pthread_key_delete(key);
			usable = false;
		}
	}
	return usable;
}

/*
 * The thread is done with it, or dead: in the middle of a record, perhaps, which then was never written. Whose it was
 * stays in the file, for who reads it later.
 */
static void give_back(struct qs_trace_own *own)
{
	qs_store_relaxed(&own->reserved, qs_load_relaxed(&own->committed));
	qs_store_relaxed(&own->depth, 0);
	fence_b(&own->shared->announced, 0);
	fence_af(&own->owner);
}

void qs_trace_leave(struct qs_trace *trace)
{
	const uint32_t self = thread_id();
	qs_trace_self = NULL;
	qs_compiler_barrier();
	for (uint32_t i = 0; i < QS_TRACE_RINGS; i++)
		if (qs_load_relaxed(&trace->own[i].owner) == self)
			give_back(&trace->own[i]);
}

/* Threads that have ended unseen, where there is no key, or after its destructor. */
static bool bury(struct qs_trace *trace)
{
	bool found = false;
	for (uint32_t i = 0; i < QS_TRACE_RINGS; i++) {
		struct qs_trace_own *own = &trace->own[i];
		const uint32_t owner = qs_load_acquire(&own->owner);
		/* Who else tries to? One only: it takes the ring in the name of the dead. */
		uint32_t expected = owner;
		if (owner == 0 || owner == QS_TRACE_BURIED || syscall(SYS_tgkill, trace->pid, owner, 0) == 0 ||
		    errno != ESRCH || !qs_compare_exchange(&own->owner, &expected, QS_TRACE_BURIED))
			continue;
		give_back(own);
		found = true;
	}
	return found;
}

/* What was written in it has been read, or may be lost. */
static bool may_be_taken(const struct qs_trace_own *own, bool overwrite)
{
	return (own->overwrite && overwrite) ||
	       qs_load_acquire(&own->shared->consumed) == qs_load_relaxed(&own->reserved);
}

/* How many bytes of a ring have pages from the start. */
#define FIRST QS_TRACE_PAGE

/* A ring that is hardly used takes a page; one that is filled doubles what it has, until it has all. */
static bool has_pages(struct qs_trace_own *own, uint32_t size)
{
	if (!own->populated) {
		own->populated = qs_trace_populate(own->shared, sizeof(*own->shared)) == 0 &&
				 qs_trace_populate(own->data, FIRST) == 0;
		if (own->populated)
			qs_store_relaxed(&own->ready, size > FIRST ? FIRST : UINT64_MAX);
	}
	return own->populated;
}

/* A recorder says so often that it is there; and whoever fills what is usual in less is in a hurry. */
enum { RECORDED_NS = 1000000000, HURRY_NS = 10000000 };

/*
 * Only a thread whose recorder falls behind, or that writes so much that it soon would, uses more: memory, and cache,
 * follow the need. Who turns can't have the rest before the recorder has come past it, so is given no less than what
 * is usual.
 */
bool qs_trace_turns(const struct qs_trace *trace, struct qs_trace_own *own, uint64_t position, uint32_t total,
		    uint64_t time)
{
	const uint32_t offset = (uint32_t)(position & (trace->ring_size - 1));
	if (total > offset)
		return false;
	if (own->overwrite)
		return true;
	const uint64_t passed = time - qs_load_relaxed(&own->turned);
	qs_store_relaxed(&own->turned, time);
	if (time - qs_load_relaxed(&trace->control->recorded) > RECORDED_NS)
		return true;
	const uint64_t waiting = position - qs_load_acquire(&own->shared->consumed);
	return passed > HURRY_NS && waiting <= trace->usual / 4 && waiting + total <= offset;
}

bool qs_trace_grow(struct qs_trace_own *own, uint64_t end, uint32_t size)
{
	const uint64_t ready = qs_load_relaxed(&own->ready);
	uint64_t more = ready;
	while (more < end && more < size)
		more *= 2;
	/* Where there is no room it asks again only now and then: that costs a system call. */
	if (own->refused != 0 && own->refused++ % 1024 != 0)
		return false;
	const int error = errno;
	const bool grown = qs_trace_populate(own->data + ready, more - ready) == 0;
	errno = error;
	if (!grown) {
		own->refused = own->refused == 0 ? 1 : own->refused;
		return false;
	}
	own->refused = 0;
	uint64_t seen;
	/* A handler may have gone further. */
	do
		seen = qs_load_relaxed(&own->ready);
	while (seen < more && !qs_local_swap(&own->ready, seen, more < size ? more : UINT64_MAX));
	return true;
}

/* The ring is this thread's: says so. The order is that in which the recorder reads: begin, then use. */
static void set_up(struct qs_trace *trace, uint32_t index, uint32_t channel, bool overwrite, uint32_t self)
{
	struct qs_trace_own *own = &trace->own[index];
	struct qs_trace_ring *ring = own->shared;
	const uint64_t reserved = qs_load_relaxed(&own->reserved);
	if (!own->overwrite || !overwrite) {
		qs_store_relaxed(&own->tail, reserved);
		qs_store_relaxed(&own->consumed, reserved);
		qs_store_relaxed(&ring->tail, reserved);
	}
	own->overwrite = overwrite;
	own->thread = (struct qs_trace_thread){.home = own};
	qs_store_relaxed(&ring->announced, 0);
	qs_store_relaxed(&ring->channel, channel);
	qs_store_relaxed(&ring->overwrite, overwrite);
	qs_store_release(&ring->begin, reserved);
	qs_store_release(&ring->use, qs_load_relaxed(&ring->use) + 1);
	qs_store_release(&ring->owner, self);
	qs_atomic(uint32_t) *rings = &trace->process->header.rings;
	uint32_t count = qs_load_relaxed(rings);
	while (count < index + 1 && !qs_compare_exchange(rings, &count, index + 1))
		;
	fence_k();
}

static struct qs_trace_own *take(struct qs_trace *trace, uint32_t channel, uint32_t self)
{
	const struct qs_trace_control *control = trace->control;
	const volatile uint8_t *modes = control->rules[qs_load_relaxed(&control->active) & 1].overwrite;
	const bool overwrite = modes[channel] == 1;
	for (uint32_t i = 0; i < QS_TRACE_RINGS; i++) {
		struct qs_trace_own *own = &trace->own[i];
		if (qs_load_relaxed(&own->owner) != 0 || !fence_ag(&own->owner, self))
			continue;
		/* A ring that was never used has no pages, and isn't looked at before it has. */
		if (!own->populated && !has_pages(own, trace->ring_size)) {
			fence_af(&own->owner);
			return NULL;
		}
		if (may_be_taken(own, overwrite)) {
			set_up(trace, i, channel, overwrite, self);
			return own;
		}
		fence_af(&own->owner);
	}
	return NULL;
}

static _Thread_local uint32_t misses __attribute__((tls_model("initial-exec")));

struct qs_trace_own *qs_trace_claim(struct qs_trace *trace, uint32_t channel)
{
	const int error = errno;
	struct qs_trace_own *own = NULL;
	/* Who finds none looks again only now and then: that costs system calls. */
	if (misses == 0 || misses % 1024 == 0) {
		/*
		 * A child of vfork() is in its parent's memory, but no thread of its: a ring in its name would be a
		 * dead's while the parent writes into it.
		 */
		if (qs_unlikely(syscall(SYS_getpid) != trace->pid)) {
			(void)qs_fetch_add(&trace->process->header.lost, 1);
			return NULL;
		}
		const uint32_t self = thread_id();
		own = take(trace, channel, self);
		if (!own && bury(trace))
			own = take(trace, channel, self);
	}
	misses = own ? 0 : misses + 1;
	if (!own) {
		(void)qs_fetch_add(&trace->process->header.lost, 1);
	} else if (qs_trace_self) {
		/* A handler may have been quicker. */
		if (qs_trace_self->ring[channel]) {
			give_back(own);
			own = qs_trace_self->ring[channel];
		} else {
			qs_trace_self->ring[channel] = own;
		}
	}
	errno = error;
	return own;
}

struct qs_trace_thread *qs_trace_join(struct qs_trace *trace)
{
	struct qs_trace_own *own = qs_trace_claim(trace, 0);
	if (!own || qs_trace_self)
		return qs_trace_self;
	own->thread.ring[0] = own;
	qs_compiler_barrier();
	qs_trace_self = &own->thread;
	if (trace->keyed)
		(void)pthread_setspecific(key, trace);
	return qs_trace_self;
}
