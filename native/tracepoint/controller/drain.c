/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "drain.h"

#include <errno.h>

#include "check_records.h"
#include "folder.h"
#include "grace.h"
#include "guard.h"
#include "ring.h"
#include "say.h"
#include "step.h"

/*
 * What is recorded at once, at most: it stays in the processor's cache from the ring to the file, and its thread has
 * the room again when it is written.
 */
#define PIECE ((size_t)64 << 10)

/* So little waits so long for more to come, or a quiet program would have a packet, with its header, for each event. */
#define LITTLE ((size_t)4 << 10)
#define LITTLE_NS UINT64_C(50000000)

/* No thread loses so many between two looks. */
#define LOST_MAX (UINT64_C(1) << 40)

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

static void tell_undescribed(struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	if (tapped->told_undescribed || process->bad_events == 0)
		return;
	tapped->told_undescribed = true;
	qs_say_warning(process->name, "The labels of an enumeration are names of C with values: \"IDLE=0,BUSY=1\".",
		       "events of %s have descriptions that can't be read (%u): not recorded, and counted as lost",
		       process->program, process->bad_events);
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
					 records ? records->bytes : NULL, records ? records->length : 0);
	drain->error = error;
	if (error != 0)
		return false;
	tap->appended = qs_now();
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

/* Records what is whole of a piece, as of one use; the ring's losses have been counted when all of it was read. */
static bool record_piece(struct qs_drain *drain, struct qs_process *process, const struct qs_seen *seen, uint32_t use,
			 const struct qs_piece *piece)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[seen->index];
	struct qs_records records = { 0 };
	uint64_t after = tap->stream.use == use ? tap->stream.time : 0, unsaid = tap->unsaid;
	if (!qs_records_check(&records, process, piece, after)) {
		if (records.no_memory) {
			drain->error = ENOMEM;
			return false;
		}
		tell_damage(drain, process);
		unsaid++;
		records.end = piece->end;
	}
	unsaid += records.skipped;
	const bool last = use == seen->use && records.end == seen->committed;
	uint64_t lost = last && seen->lost > tap->lost ? seen->lost - tap->lost : 0;
	lost = believed(drain, process, lost);
	qs_packet packet = {
		.timestamp_begin = records.first,
		.timestamp_end = records.last,
		.position_begin = tap->position,
		.position_end = records.end,
		.ring_lost = last ? seen->lost : tap->lost,
		.vtid = use == seen->use ? seen->owner : tap->stream.use == use ? tap->vtid : 0,
		.channel = seen->channel,
		.events = records.count,
	};
	if (records.count > 0 || unsaid > 0 || lost > 0) {
		if (!append(drain, process, seen->index, use, &packet, unsaid + lost, &records))
			return false;
		tap->unsaid = 0;
		tap->lost = packet.ring_lost;
	}
	tap->position = records.end;
	return true;
}

/* What other recordings have said to be lost is not said again. */
static void begin_losses(struct qs_tap *tap, uint64_t told, uint64_t lost)
{
	tap->begun = true;
	if (told > tap->lost && told <= lost)
		tap->lost = told;
}

/* Where to begin, at the first look: another recorder may have written more than it has said to have read. */
static void begin(struct qs_tap *tap, const struct qs_seen *seen)
{
	uint64_t from = seen->overwrite ? seen->tail : seen->consumed;
	begin_losses(tap, seen->overwrite ? 0 : seen->told, seen->lost);
	if (!tap->resumed || tap->position - from > seen->committed - from)
		tap->position = from;
}

/* False where its numbers are none that a ring has: no more than its size lies between, in multiples of 8. */
static bool is_possible(const struct qs_seen *seen, uint64_t position)
{
	return seen->committed - position <= seen->process->ring_size && seen->committed % 8 == 0 && position % 8 == 0;
}

/*
 * Records the next piece of what was seen, PIECE at most where that has a whole record. `whole` is a copy of all of it
 * from `from` on, or NULL. False where it can't be written; *gone where the ring isn't there any more.
 */
static bool drain_piece(struct qs_drain *drain, struct qs_process *process, const struct qs_seen *seen,
			const uint8_t *whole, uint64_t from, bool *gone)
{
	const struct qs_tapped *tapped = process->own;
	const struct qs_tap *tap = &tapped->taps[seen->index];
	const uint64_t position = tap->position, border = seen->begin < seen->committed ? seen->begin : seen->committed;
	struct qs_piece piece = { .position = position, .end = seen->committed };
	piece.other_clock = !qs_folder_has_our_clock(drain, process);
	uint32_t use = seen->use;
	/*
	 * What lies below `begin` was written by who had the ring before: in a ring that overwrites, or that was
	 * taken just now.
	 */
	if (border > position && border % 8 == 0 && seen->use > 0) {
		piece.end = border;
		use = tap->stream.use > 0 && tap->stream.use <= seen->use ? tap->stream.use : seen->use - 1;
	}
	for (size_t most = PIECE;; most = process->ring_size) {
		const uint64_t left = piece.end - position;
		piece.length = left < most ? (size_t)left : most;
		piece.bytes = whole ? whole + (position - from) : qs_ring_copy(seen, position, piece.length);
		*gone = !piece.bytes;
		if (*gone)
			return true;
		drain->read += piece.length;
		if (!whole)
			QS_TRACE_STEP(Keep);
		if (!record_piece(drain, process, seen, use, &piece))
			return false;
		if (tap->position != position || piece.length == left)
			return true;
	}
}

/* A thread that has given its ring back needs it read, so that another one may have it. */
static bool may_wait(const struct qs_tap *tap, const struct qs_seen *seen)
{
	const uint64_t waiting = seen->committed - tap->position;
	return !seen->overwrite && seen->owner != 0 && waiting > 0 && waiting < LITTLE &&
	       waiting < seen->process->ring_size / 4 && seen->lost == tap->lost &&
	       qs_now() < tap->appended + LITTLE_NS;
}

static bool drain_ring(struct qs_drain *drain, struct qs_process *process, uint32_t index, bool all)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[index];
	struct qs_seen seen = { .process = process, .index = index };
	const uint8_t *whole = NULL;
	bool gone = false;
	/* What is committed is described: so the descriptions come second. */
	if (!qs_ring_look(&seen) || !qs_process_events(process))
		return true;
	tell_undescribed(process);
	qs_folder_compare(drain, process);
	if (!tap->begun)
		begin(tap, &seen);
	if (seen.overwrite && !all)
		return true;
	/* It only grows: were this believed, its parts would replace what has been recorded of that use before. */
	if (seen.use < tap->stream.use) {
		tell_damage(drain, process);
		seen.use = tap->stream.use;
	}
	if (seen.overwrite && seen.tail > tap->position && seen.tail <= seen.committed)
		tap->position = seen.tail;
	if (!is_possible(&seen, tap->position)) {
		tell_damage(drain, process);
		tap->position = seen.committed & ~UINT64_C(7);
		tap->unsaid++;
		return true;
	}
	if (!all && may_wait(tap, &seen))
		return true;
	const uint64_t from = tap->position;
	const uint32_t usual =
		process->ring_size < QS_TRACE_RING_USUAL ? process->ring_size : QS_TRACE_RING_USUAL;
	drain->read = 0;
	if (seen.overwrite) {
		whole = qs_ring_copy(&seen, from, (size_t)(seen.committed - from));
		if (!whole)
			return true;
		QS_TRACE_STEP(Keep);
		if (!qs_ring_look_again(&seen))
			return true;
		if (seen.tail > tap->position)
			tap->position = seen.tail < seen.committed ? seen.tail : seen.committed;
	}
	do {
		if (!drain_piece(drain, process, &seen, whole, from, &gone))
			return false;
		QS_TRACE_STEP(BeforeConsumed);
		if (!seen.overwrite && (tap->position != seen.consumed || tap->lost != seen.told))
			qs_ring_consume(&seen, tap->position, tap->lost);
		QS_TRACE_STEP(Consumed);
	} while (!gone && tap->position != seen.committed);
	const uint32_t fill = (uint32_t)(drain->read * 256 / usual);
	if (!seen.overwrite && fill > drain->fullest)
		drain->fullest = fill;
	return true;
}

struct lost {
	struct qs_trace_header *header;
	uint64_t lost, told;
};

static void load_lost(void *with)
{
	struct lost *lost = with;
	lost->lost = qs_load_relaxed(&lost->header->lost);
	lost->told = qs_load_relaxed(&lost->header->told);
}

static void store_told(void *with)
{
	const struct lost *lost = with;
	qs_store_relaxed(&lost->header->told, lost->lost);
}

static void tell_ringless(struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	if (tapped->told_ringless)
		return;
	tapped->told_ringless = true;
	if (qs_process_rings(process) == QS_TRACE_RINGS)
		qs_say_warning(process->name, "A thread that ends gives its rings back; or switch events off here.",
			       "%s has more threads that record than there are rings, %u: what they lose is counted",
			       process->program, QS_TRACE_RINGS);
	else
		qs_say_warning(process->name, "Is there room in the trace directory? A child by vfork() has none.",
			       "threads of %s found no ring: what they lose is counted", process->program);
}

/* Events of threads that found no ring have a stream of their own, with packets that have none. */
static bool drain_ringless(struct qs_drain *drain, struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	struct qs_tap *tap = &tapped->taps[QS_TRACE_RINGS];
	struct lost lost = { .header = &process->shared->header };
	if (!qs_guarded(load_lost, &lost))
		return true;
	if (!tap->begun)
		begin_losses(tap, lost.told, lost.lost);
	if (lost.lost <= tap->lost)
		return true;
	qs_packet packet = { .timestamp_begin = qs_now(), .ring_lost = lost.lost, .position_end = lost.lost };
	packet.timestamp_end = packet.timestamp_begin;
	if (!append(drain, process, QS_TRACE_RINGS, 1, &packet, believed(drain, process, lost.lost - tap->lost), NULL))
		return false;
	tell_ringless(process);
	tap->lost = lost.lost;
	qs_guarded(store_told, &lost);
	return true;
}

bool qs_drain_process(struct qs_drain *drain, struct qs_process *process, bool all)
{
	uint32_t rings = qs_process_rings(process);
	bool whole = true;
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
