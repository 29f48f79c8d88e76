/* SPDX-License-Identifier: MIT */
/*
 * The Common Trace Format, 1.8, as far as we write it: the heads of packets and of events, and the metadata that
 * describe them and the events' fields.
 */
#ifndef QS_TRACE_CTF_H
#define QS_TRACE_CTF_H

#include <stddef.h>
#include <stdint.h>

#include "process.h"

#define QS_CTF_MAGIC UINT32_C(0xC1FC1FC1)

struct qs_ctf_packet {
	uint32_t magic, stream_id;
	uint64_t timestamp_begin, timestamp_end;
	uint64_t content_size, packet_size; /* bits */
	uint64_t events_discarded, packet_seq_num;
	uint64_t position_begin, position_end; /* in the ring: the next recorder goes on here */
	uint64_t ring_lost;                    /* the ring's own count, of all its uses */
	uint32_t vtid, ring, use, channel;
	uint64_t events;
};

/*
 * Packets begin and end at multiples of it: so no packet's header lies on two pages, and it is written whole or not
 * at all.
 */
enum { QS_CTF_ALIGN = 128 };

QS_STATIC_ASSERT(sizeof(struct qs_ctf_packet) == 104, "as the metadata say, and no more than QS_CTF_ALIGN");

/*
 * An event's head is four bytes: its number, in 12 bits, and the last 20 bits of its time, from which a reader knows it
 * that knows the time before. After a pause of a millisecond, and for the event with the number that says so, it is the
 * extended one, with the whole number and the whole time.
 */
enum { QS_CTF_EVENT_BITS = 12, QS_CTF_TIME_BITS = 20, QS_CTF_EVENT_HEAD_MAX = 12 };

QS_STATIC_ASSERT(QS_TRACE_EVENTS <= 1u << QS_CTF_EVENT_BITS, "all numbers of events but one fit");

/*
 * Writes the head of an event with that number, and a time in nanoseconds that isn't before `before`: that of the
 * event in front of it, or of the packet's begin. Returns how many bytes, QS_CTF_EVENT_HEAD_MAX at most.
 */
size_t qs_ctf_event_head(uint8_t *to, uint32_t event, uint64_t time, uint64_t before);

/*
 * The metadata of a process: those `before`, or NULL, and the events from `described` on that they lack. NULL where
 * there is no memory. `offset` is CLOCK_REALTIME - CLOCK_MONOTONIC, ns.
 */
char *qs_ctf_metadata(const struct qs_process *process, int64_t offset, const char *before, uint32_t described);

/* False where the metadata describe the event of this number otherwise: what they describe must stay as it was. */
bool qs_ctf_agrees(const char *metadata, const struct qs_event *event, uint32_t id);

#endif
