/* SPDX-License-Identifier: MIT */
/*
 * The ring's content is read with pread(): a file that was cut off is a short read. Letters: spec/tracing.
 */
#define _GNU_SOURCE
#include "ring.h"

#include <stdlib.h>
#include <unistd.h>

#include "guard.h"
#include "step.h"

/* An event that is seen (AB) has all its bytes, and belongs to a use that is seen, too. */
static uint64_t fence_ab(const qs_atomic(uint64_t) *committed)
{
	return qs_load_acquire(committed);
}

static void look(void *with)
{
	struct qs_seen *seen = with;
	const struct qs_trace_ring *ring = &seen->process->shared->rings[seen->index];
	QS_TRACE_STEP(LookCommitted);
	seen->committed = fence_ab(&ring->committed);
	for (int attempt = 0; attempt < 8; attempt++) {
		QS_TRACE_STEP(LookUse);
		seen->use = qs_load_acquire(&ring->use);
		QS_TRACE_STEP(LookBegin);
		seen->begin = qs_load_acquire(&ring->begin);
		seen->owner = qs_load_acquire(&ring->owner);
		if (qs_load_relaxed(&ring->use) == seen->use)
			break;
	}
	/* After committed: a ring may come back in the other mode. */
	seen->channel = qs_load_relaxed(&ring->channel);
	seen->overwrite = qs_load_relaxed(&ring->overwrite) == 1;
	seen->tail = qs_load_acquire(&ring->tail);
	seen->consumed = qs_load_relaxed(&ring->consumed);
	seen->lost = qs_load_relaxed(&ring->lost);
	seen->told = qs_load_relaxed(&ring->told);
}

/* copied -> look at tail again: what lies below may have been overwritten while it was copied. */
static void fence_ae(void)
{
	qs_acquire_fence();
}

static void look_again(void *with)
{
	struct qs_seen *seen = with;
	fence_ae();
	seen->tail = qs_load_relaxed(&seen->process->shared->rings[seen->index].tail);
}

/* read -> consumed: the thread may write there again. */
static void fence_ac(qs_atomic(uint64_t) *consumed, uint64_t position)
{
	qs_store_release(consumed, position);
}

struct consumed {
	struct qs_trace_ring *ring;
	uint64_t position, told;
};

static void store_consumed(void *with)
{
	const struct consumed *consumed = with;
	qs_store_relaxed(&consumed->ring->told, consumed->told);
	fence_ac(&consumed->ring->consumed, consumed->position);
}

bool qs_ring_look(struct qs_seen *seen)
{
	return qs_guarded(look, seen);
}

bool qs_ring_look_again(struct qs_seen *seen)
{
	return qs_guarded(look_again, seen);
}

void qs_ring_consume(struct qs_seen *seen, uint64_t position, uint64_t told)
{
	struct consumed consumed = { &seen->process->shared->rings[seen->index], position, told };
	if (!qs_guarded(store_consumed, &consumed))
		return;
	seen->consumed = position;
	seen->told = told;
}

const uint8_t *qs_ring_copy(const struct qs_seen *seen, uint64_t position, size_t length)
{
	static uint8_t *bytes;
	static size_t room;
	const struct qs_process *process = seen->process;
	const size_t size = process->ring_size, at = (size_t)(position % size);
	const off_t base = (off_t)(sizeof(struct qs_trace_process) + (uint64_t)seen->index * size);
	const size_t first = length < size - at ? length : size - at, rest = length - first;
	if (length > room || !bytes) {
		free(bytes);
		bytes = malloc(length + 1); /* for nothing, NULL would be right, too */
		room = bytes ? length : 0;
	}
	if (!bytes || pread(process->fd, bytes, first, base + (off_t)at) != (ssize_t)first ||
	    (rest > 0 && pread(process->fd, bytes + first, rest, base) != (ssize_t)rest))
		return NULL;
	return bytes;
}
