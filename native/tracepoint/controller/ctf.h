/* SPDX-License-Identifier: MIT */
/*
 * The Common Trace Format, 1.8, as far as we write it: the head of a packet, and the metadata that describe them and
 * the events. A record in a ring is an event of the stream as it stands, but for its size.
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

/* The metadata of a process; NULL where there is no memory. `offset` is CLOCK_REALTIME - CLOCK_MONOTONIC, ns. */
char *qs_ctf_metadata(const struct qs_process *process, int64_t offset, size_t *length);

#endif
