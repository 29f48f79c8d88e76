/* SPDX-License-Identifier: MIT */
/*
 * A stream: packets of one use of one ring, in files (parts). Whenever the recorder is killed, a part is a whole file
 * of packets: its last one is empty and covers the rest, which is a hole. What is added is written into the hole
 * first, and the store of one packet header, which doesn't cross a page, makes it visible.
 */
#ifndef QS_TRACE_STREAM_H
#define QS_TRACE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctf.h"

struct qs_stream {
	uint32_t ring, use, part;
	bool open;      /* the part is there */
	uint64_t at;    /* where its last, empty packet begins */
	uint64_t size;  /* of the file */
	uint64_t sequence, discarded; /* since the part began */
	uint64_t time;      /* of the last event, or later */
	uint64_t ring_lost; /* as the last packet that counted has it */
};

/* What is known of the packet that is added: times, positions, ring_lost, vtid, ring, use, channel and events. */
typedef struct qs_ctf_packet qs_packet;

/*
 * Adds a packet with `length` bytes of events; `discarded` events have been lost since the last one. 0, or an errno:
 * then nothing has been added.
 */
int qs_stream_append(struct qs_stream *stream, int folder, const qs_packet *packet, uint64_t discarded,
		     const uint8_t *events, size_t length);

/* Ends the part: without its empty packet. Nothing can go wrong with it that loses something. */
void qs_stream_close(struct qs_stream *stream, int folder);

/* Reads the name of a part. */
bool qs_stream_name(const char *file, uint32_t *ring, uint32_t *use, uint32_t *part);

/*
 * Looks through a part that another recorder has left: the last packet's header is in `last`; what comes after the last
 * whole packet is cut off, and so, with `cut`, is an empty last one. False where it holds no packet.
 */
bool qs_stream_mend(int folder, const char *file, qs_packet *last, bool cut);

#endif
