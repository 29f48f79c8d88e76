/* SPDX-License-Identifier: MIT */
/*
 * A hit, from the word to the committed record. The thread's own signal handlers may come at any instruction, hit
 * events themselves, and so write records into the same ring between two instructions of this file.
 */
#define _GNU_SOURCE
#include <string.h>
#include <time.h>

#include "filter.h"
#include "letters.h"
#include "state.h"
#include "step.h"
#include "../switch_step.h"

#define HEADER 16u

struct qs_trace_mine *qs_trace_mine;
_Thread_local struct qs_trace_thread *qs_trace_self __attribute__((tls_model("initial-exec")));
_Thread_local qs_atomic(uint32_t) qs_trace_busy __attribute__((tls_model("initial-exec")));

static void busier(uint32_t by)
{
	qs_compiler_barrier();
	qs_store_relaxed(&qs_trace_busy, qs_load_relaxed(&qs_trace_busy) + by);
	qs_compiler_barrier();
}

static uint64_t now(void)
{
	struct timespec time;
	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

/* What is told last is the whole, though a handler may lose more between any two of these lines. */
static void lose(struct qs_trace_own *own, uint64_t count)
{
	uint64_t lost;
	qs_local_add(&own->lost, count);
	do {
		QS_TRACE_STEP(LoadMissed);
		lost = qs_load_relaxed(&own->lost);
		QS_TRACE_STEP(Tell);
		qs_store_relaxed(&own->shared->lost, lost);
		qs_compiler_barrier();
	} while (qs_unlikely(qs_load_relaxed(&own->lost) != lost));
}

/*
 * A record less is under way. Whoever ends the outermost one commits all that was written in it; a handler that comes
 * when it has, but before this is said, relies on being looked after.
 */
static void settle(struct qs_trace_own *own)
{
	const uint32_t depth = qs_load_relaxed(&own->depth) - 1;
	if (depth != 0) {
		QS_TRACE_STEP(Return);
		qs_store_relaxed(&own->depth, depth);
		return;
	}
	for (;;) {
		QS_TRACE_STEP(LoadReserved);
		const uint64_t reserved = qs_load_relaxed(&own->reserved);
		QS_TRACE_STEP(Commit);
		if (reserved != qs_load_relaxed(&own->committed)) {
			fence_aa(&own->shared->committed, reserved);
			/* Only now may a handler give it up. */
			qs_store_relaxed(&own->committed, reserved);
		}
		QS_TRACE_STEP(Leave);
		qs_store_relaxed(&own->depth, 0);
		qs_compiler_barrier();
		QS_TRACE_STEP(LookAgain);
		if (qs_likely(qs_load_relaxed(&own->reserved) == reserved))
			return;
		qs_store_relaxed(&own->depth, 1);
		qs_compiler_barrier();
	}
}

/* Discard mode: is there room up to `end`? The recorder's number is believed only where it is possible. */
static bool has_room(struct qs_trace_own *own, uint64_t position, uint64_t end, uint32_t size)
{
	if (qs_likely(end - qs_load_relaxed(&own->consumed) <= size))
		return true;
	const uint64_t consumed = qs_load_acquire(&own->shared->consumed);
	if (position - consumed > size || end - consumed > size)
		return false;
	qs_store_relaxed(&own->consumed, consumed);
	return true;
}

/*
 * What all see of the tail is the furthest that this thread or a handler of its has given up, and never goes back. A
 * number that is impossible isn't ours, and is replaced.
 */
static void raise_tail(struct qs_trace_own *own, uint64_t next)
{
	qs_atomic(uint64_t) *tail = &own->shared->tail;
	uint64_t seen;
	do {
		seen = qs_load_relaxed(tail);
		if (seen >= next && seen <= qs_load_relaxed(&own->committed))
			return;
	} while (!qs_local_swap(tail, seen, next));
}

/*
 * Overwrite mode: gives up the oldest records, so that those up to `end` find room. What isn't committed stays. What
 * the
 * records say about their sizes may be anybody's, so a size that is impossible costs all that is committed.
 */
static bool make_room(struct qs_trace_own *own, uint64_t end, uint32_t size)
{
	if (end <= size)
		return true;
	const uint64_t floor = end - size;
	for (;;) {
		const uint64_t tail = qs_load_relaxed(&own->tail), committed = qs_load_relaxed(&own->committed);
		if (tail >= floor)
			return true;
		if (floor > committed)
			return false;
		uint64_t next = tail, count = 0;
		while (next < floor) {
			uint32_t head[2];
			const uint64_t offset = next & (size - 1);
			memcpy(head, own->data + offset, sizeof(head));
			if (head[0] < 8 || head[0] % 8 != 0 || head[0] > size - offset || head[0] > committed - next) {
				next = committed;
				count++;
				break;
			}
			count += head[1] != QS_TRACE_PADDING;
			next += head[0];
		}
		/* What was read may have been a handler's bytes in the place of old records. */
		if (qs_load_relaxed(&own->tail) != tail)
			continue;
		QS_TRACE_STEP(Raise);
		raise_tail(own, next);
		fence_ad();
		QS_TRACE_STEP(Know);
		/* Only now is it known: a handler that knew it earlier would overwrite what still counts as whole. */
		if (qs_local_swap(&own->tail, tail, next))
			lose(own, count);
	}
}

/* Takes room for a record; false when there is none. Times grow along a ring: a handler's hit in between means
 * again. */
static bool reserve(struct qs_trace_hit *hit, uint32_t total, uint32_t event)
{
	struct qs_trace_own *own = hit->own;
	const uint32_t size = hit->trace->ring_size;
	for (;;) {
		QS_TRACE_STEP(Look);
		const uint64_t position = qs_load_relaxed(&own->reserved);
		const uint32_t offset = (uint32_t)(position & (size - 1)), left = size - offset;
		const uint32_t usual = hit->trace->usual;
		uint32_t pad = total > left ? left : 0;
		if (qs_unlikely(offset < usual && offset + total + HEADER > usual) &&
		    qs_trace_turns(hit->trace, own, position, total, now()))
			pad = left;
		const uint64_t end = position + pad + total;
		/* Padding is 8 bytes, whatever it fills. */
		const uint64_t used = pad == 0 ? offset + total : total > offset + 8 ? total : offset + 8;
		if (qs_unlikely(used > qs_load_relaxed(&own->ready)) && !qs_trace_grow(own, used, size))
			return false;
		if (own->overwrite ? !make_room(own, end, size) : !has_room(own, position, end, size))
			return false;
		const uint64_t time = now();
		QS_TRACE_STEP(Reserve);
		if (qs_unlikely(!qs_local_swap(&own->reserved, position, end)))
			continue;
		if (pad != 0) {
			const uint32_t head[2] = {pad, QS_TRACE_PADDING};
			memcpy(own->data + offset, head, sizeof(head));
			if (pad >= HEADER)
				memcpy(own->data + offset + sizeof(head), &time, sizeof(time));
		}
		const uint32_t head[2] = {total, event};
		hit->position = position + pad;
		hit->end = end;
		hit->record = own->data + (hit->position & (size - 1));
		memcpy(hit->record, head, sizeof(head));
		memcpy(hit->record + sizeof(head), &time, sizeof(time));
		hit->at = hit->record + HEADER;
		return true;
	}
}

static bool enter(struct qs_trace_hit *hit)
{
	qs_atomic(uint64_t) *announced = &hit->thread->home->shared->announced;
	if (qs_load_relaxed(announced) != 0)
		return false;
	QS_TRACE_SWITCH_STEP(Announce);
	fence_a_announce(announced, qs_load_relaxed(&hit->trace->control->gp), hit->trace->fences);
	return true;
}

static void leave(struct qs_trace_hit *hit)
{
	if (hit->outermost) {
		QS_TRACE_SWITCH_STEP(Leave);
		fence_b(&hit->thread->home->shared->announced, 0);
	}
}

/* The ring for what the configuration says; NULL: nothing is to be recorded. */
static struct qs_trace_own *ring_for(struct qs_trace_hit *hit)
{
	const struct qs_trace_config *config = &hit->trace->control->configs[hit->config];
	const volatile uint32_t *shared_channel = &config->channel, *shared_sample = &config->sample;
	const uint32_t channel = *shared_channel, sample = *shared_sample;
	if (channel >= QS_TRACE_CHANNELS)
		return NULL;
	if (sample > 1 && hit->thread->sampled[hit->config]++ % sample != 0)
		return NULL;
	struct qs_trace_own *own = hit->thread->ring[channel];
	return qs_likely(own != NULL) ? own : qs_trace_claim(hit->trace, channel);
}

bool qs_trace_begin(struct qs_trace_hit *hit, qs_atomic(uint32_t) *word, const qs_atomic(uint32_t) *id,
		    const struct qs_trace_module *module, size_t size)
{
	busier(1);
	if (qs_unlikely(qs_load_relaxed(word) == QS_TRACE_UNKNOWN))
		qs_trace_meet(module);
	hit->trace = qs_trace_here();
	if (qs_unlikely(!hit->trace))
		goto nobody;
	hit->thread = qs_trace_self;
	if (qs_unlikely(!hit->thread)) {
		if (qs_load_relaxed(word) == 0)
			goto nobody;
		hit->thread = qs_trace_join(hit->trace);
		if (!hit->thread)
			goto nobody;
	}
	hit->outermost = enter(hit);
	const uint32_t event = qs_load_relaxed(id);
	QS_TRACE_SWITCH_STEP(LoadWord);
	hit->config = qs_load_relaxed(word);
	if (hit->config == 0 || hit->config >= QS_TRACE_CONFIGS || event == 0)
		goto nothing;
	hit->own = ring_for(hit);
	if (!hit->own)
		goto nothing;
	qs_store_relaxed(&hit->own->depth, qs_load_relaxed(&hit->own->depth) + 1);
	qs_compiler_barrier();
	if (qs_likely(size <= hit->trace->ring_size - HEADER)) {
		const uint32_t total = (uint32_t)(size + HEADER + 7) & ~7u;
		if (qs_likely(total <= hit->trace->ring_size && reserve(hit, total, event - 1)))
			return true;
	}
	lose(hit->own, 1);
	settle(hit->own);
nothing:
	leave(hit);
nobody:
	busier(~0u);
	return false;
}

/* Takes the record back; where a handler's lies above it, it becomes padding. */
static void take_back(const struct qs_trace_hit *hit)
{
	const uint32_t padding = QS_TRACE_PADDING;
	if (!qs_local_swap(&hit->own->reserved, hit->end, hit->position))
		memcpy(hit->record + sizeof(uint32_t), &padding, sizeof(padding));
}

void qs_trace_end(struct qs_trace_hit *hit)
{
	const size_t total = (size_t)(hit->end - hit->position);
	const size_t used = (size_t)(hit->at - hit->record);
	memset(hit->at, 0, total - used);
	const struct qs_trace_config *config = &hit->trace->control->configs[hit->config];
	const volatile uint32_t *shared_length = &config->filter_length;
	const uint32_t length = *shared_length;
	if (qs_unlikely(length != 0)) {
		uint32_t event;
		memcpy(&event, hit->record + sizeof(uint32_t), sizeof(event));
		if (event >= QS_TRACE_EVENTS ||
		    !qs_trace_filter(config->filter, length, &hit->trace->described[event], hit->record + HEADER,
				     used - HEADER))
			take_back(hit);
	}
	settle(hit->own);
	leave(hit);
	busier(~0u);
}
