/* SPDX-License-Identifier: MIT */
/*
 * The ring's content is read with pread(): a file that was cut off is a short read. Letters: spec/tracing.
 */
#define _GNU_SOURCE
#include "drain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_records.h"
#include "folder.h"
#include "grace.h"
#include "guard.h"
#include "say.h"
#include "step.h"

/* No thread loses so many between two looks. */
#define LOST_MAX (UINT64_C(1) << 40)

/* What a ring says of itself, read in the order that makes it hold together. */
struct seen {
	const struct qs_trace_process *shared;
	uint32_t index;
	uint64_t committed, begin, tail, consumed, lost;
	uint32_t use, owner, channel;
	bool overwrite;
};

/* An event that is seen (AB) has all its bytes, and belongs to a use that is seen, too. */
static uint64_t fence_ab(const qs_atomic(uint64_t) *committed)
{
	return qs_load_acquire(committed);
}

static void look(void *with)
{
	struct seen *seen = with;
	const struct qs_trace_ring *ring = &seen->shared->rings[seen->index];
	seen->committed = fence_ab(&ring->committed);
	for (int attempt = 0; attempt < 8; attempt++) {
		seen->use = qs_load_acquire(&ring->use);
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
}

/* copied -> look at tail again: what lies below may have been overwritten while it was copied. */
static void fence_ae(void)
{
	qs_acquire_fence();
}

static void look_again(void *with)
{
	struct seen *seen = with;
	fence_ae();
	seen->tail = qs_load_relaxed(&seen->shared->rings[seen->index].tail);
}

/* read -> consumed: the thread may write there again. */
static void fence_ac(qs_atomic(uint64_t) *consumed, uint64_t position)
{
	qs_store_release(consumed, position);
}

struct consumed {
	struct qs_trace_ring *ring;
	uint64_t position;
};

static void store_consumed(void *with)
{
	const struct consumed *consumed = with;
	fence_ac(&consumed->ring->consumed, consumed->position);
}

static void tell_damage(struct qs_drain *drain, struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	drain->totals.damaged++;
	if (tapped->told_damage)
		return;
	tapped->told_damage = true;
	qs_say_warning(process->name,
		"The program may have overwritten its own memory; what it wrote before is recorded.",
		       "a ring holds what no tracepoint writes: it is left out from there to its end, and counted");
}

/* Copies [position, committed) of the ring into our own memory. NULL where it isn't there any more. */
static uint8_t *copy_ring(const struct qs_process *process, uint32_t index, uint64_t position, size_t length)
{
	static uint8_t *bytes;
	static size_t room;
	off_t base = (off_t)(sizeof(struct qs_trace_process) + (uint64_t)index * process->ring_size);
	size_t first = process->ring_size - position % process->ring_size;
	if (length > room) {
		free(bytes);
		bytes = malloc(process->ring_size);
		room = bytes ? process->ring_size : 0;
	}
	first = first < length ? first : length;
	if (!bytes || pread(process->fd, bytes, first, base + (off_t)(position % process->ring_size)) != (ssize_t)first)
		return NULL;
	if (first < length && pread(process->fd, bytes + first, length - first, base) != (ssize_t)(length - first))
		return NULL;
	return bytes;
}

/* Adds a packet to the ring's stream; with another use, a stream begins. */
static bool append(struct qs_drain *drain, struct qs_process *process, uint32_t index, uint32_t use, qs_packet *packet,
		   uint64_t discarded, const struct qs_records *records)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[index];
	int error = qs_folder_open(drain, process);
	if (error == 0 && tapped->described < process->count)
		error = qs_folder_describe(drain, process);
	if (error == 0 && (tap->stream.use != use || tap->stream.ring != index)) {
		qs_stream_close(&tap->stream, tapped->folder);
		tap->stream = (struct qs_stream){ .ring = index, .use = use, .ring_lost = tap->lost };
	}
	packet->ring = index;
	packet->use = use;
	if (error == 0)
		error = qs_stream_append(&tap->stream, tapped->folder, packet, discarded,
					 records ? records->bytes : NULL, records ? records->content : 0);
	drain->error = error;
	if (error != 0)
		return false;
	tap->vtid = packet->vtid;
	drain->totals.packets++;
	drain->totals.events += packet->events;
	drain->totals.bytes += records ? records->length : 0;
	drain->totals.lost += discarded;
	return true;
}

/* A count that somebody has scribbled on is damage, and one event; readers of CTF add up what has been lost. */
static uint64_t believed(struct qs_drain *drain, struct qs_process *process, uint64_t lost)
{
	if (lost <= LOST_MAX)
		return lost;
	tell_damage(drain, process);
	return 1;
}

/* Records [tap->position, end), whose bytes are given, as of one use. */
static bool record_span(struct qs_drain *drain, struct qs_process *process, const struct seen *seen, uint32_t use,
			const uint8_t *bytes, uint64_t end)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[seen->index];
	bool same = use == seen->use;
	struct qs_records records = { 0 };
	uint64_t after = tap->stream.use == use ? tap->stream.time : 0;
	uint64_t unsaid = tap->unsaid, lost = same && seen->lost > tap->lost ? seen->lost - tap->lost : 0;
	if (!qs_records_check(&records, process, bytes, tap->position, end, after)) {
		if (records.no_memory) {
			drain->error = ENOMEM;
			return false;
		}
		tell_damage(drain, process);
		unsaid++;
	}
	lost = believed(drain, process, lost);
	qs_packet packet = {
		.timestamp_begin = records.first,
		.timestamp_end = records.last,
		.position_begin = tap->position,
		.position_end = end,
		.ring_lost = same ? seen->lost : tap->lost,
		.vtid = same ? seen->owner : tap->stream.use == use ? tap->vtid : 0,
		.channel = seen->channel,
		.events = records.count,
	};
	if (records.count == 0 && unsaid == 0 && lost == 0) {
		tap->position = end;
		return true;
	}
	if (!append(drain, process, seen->index, use, &packet, unsaid + lost, &records))
		return false;
	tap->position = end;
	tap->unsaid = 0;
	tap->lost = packet.ring_lost;
	return true;
}

/* Where to begin, at the first look: another recorder may have written more than it has said to have read. */
static void begin(struct qs_tap *tap, const struct seen *seen)
{
	uint64_t from = seen->overwrite ? seen->tail : seen->consumed;
	tap->begun = true;
	if (!tap->resumed || tap->position - from > seen->committed - from)
		tap->position = from;
}

static bool drain_ring(struct qs_drain *drain, struct qs_process *process, uint32_t index, bool all)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[index];
	struct seen seen = { .shared = process->shared, .index = index };
	if (!qs_guarded(look, &seen))
		return true;
	if (!tap->begun)
		begin(tap, &seen);
	if (seen.overwrite && !all)
		return true;
	if (seen.overwrite && seen.tail > tap->position && seen.tail <= seen.committed)
		tap->position = seen.tail;
	/* Whatever its numbers say: no more than a ring's size lies between them, and they are multiples of 8. */
	if (seen.committed - tap->position > process->ring_size || seen.committed % 8 != 0 || tap->position % 8 != 0) {
		tell_damage(drain, process);
		tap->position = seen.committed & ~UINT64_C(7);
		tap->unsaid++;
		return true;
	}
	uint64_t from = tap->position;
	const uint8_t *bytes = copy_ring(process, index, from, (size_t)(seen.committed - from));
	if (!bytes)
		return true;
	uint32_t fill = (uint32_t)((seen.committed - from) * 256 / process->ring_size);
	if (!seen.overwrite && fill > drain->fullest)
		drain->fullest = fill;
	if (seen.overwrite) {
		if (!qs_guarded(look_again, &seen))
			return true;
		if (seen.tail > tap->position)
			tap->position = seen.tail < seen.committed ? seen.tail : seen.committed;
	}
	/*
	 * What lies below `begin` was written by who had the ring before: in a ring that overwrites, or that was
	 * taken just now.
	 */
	uint64_t border = seen.begin < seen.committed ? seen.begin : seen.committed;
	if (border > tap->position && border % 8 == 0 && seen.use > 0) {
		uint32_t before = tap->stream.use > 0 && tap->stream.use < seen.use ? tap->stream.use : seen.use - 1;
		if (!record_span(drain, process, &seen, before, bytes + (tap->position - from), border))
			return false;
	}
	if (!record_span(drain, process, &seen, seen.use, bytes + (tap->position - from), seen.committed))
		return false;
	QS_TRACE_STEP(BeforeConsumed);
	struct consumed consumed = { &process->shared->rings[index], tap->position };
	if (!seen.overwrite && tap->position != seen.consumed)
		qs_guarded(store_consumed, &consumed);
	QS_TRACE_STEP(Consumed);
	return true;
}

struct lost {
	const struct qs_trace_process *shared;
	uint64_t lost;
};

static void load_lost(void *with)
{
	struct lost *lost = with;
	lost->lost = qs_load_relaxed(&lost->shared->header.lost);
}

/* Events of threads that found no ring have a stream of their own, with packets that have none. */
static bool drain_ringless(struct qs_drain *drain, struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[QS_TRACE_RINGS];
	struct lost lost = { process->shared, 0 };
	if (!qs_guarded(load_lost, &lost) || lost.lost <= tap->lost)
		return true;
	qs_packet packet = { .timestamp_begin = qs_now(), .ring_lost = lost.lost, .position_end = lost.lost };
	packet.timestamp_end = packet.timestamp_begin;
	if (!append(drain, process, QS_TRACE_RINGS, 1, &packet, believed(drain, process, lost.lost - tap->lost), NULL))
		return false;
	tap->lost = lost.lost;
	return true;
}

bool qs_drain_process(struct qs_drain *drain, struct qs_process *process, bool all)
{
	uint32_t rings = qs_process_rings(process);
	bool whole = true;
	qs_process_events(process);
	for (uint32_t i = 0; i < rings; i++)
		whole = drain_ring(drain, process, i, all) && whole;
	return drain_ringless(drain, process) && whole;
}

void qs_drain_close(struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	for (uint32_t i = 0; i <= QS_TRACE_RINGS; i++)
		if (tapped->folder >= 0)
			qs_stream_close(&tapped->taps[i].stream, tapped->folder);
}
