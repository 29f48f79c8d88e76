/* SPDX-License-Identifier: MIT */
/* A thread's ring as the recorder sees it: what it says of itself, what lies in it, and what has been taken from it. */
#ifndef QS_TRACE_RING_H
#define QS_TRACE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process.h"

/* What a ring says of itself, read in the order that makes it hold together. */
struct qs_seen {
	const struct qs_process *process;
	uint32_t index;
	uint64_t committed, begin, tail, consumed, lost, told;
	uint32_t use, owner, channel;
	bool overwrite;
};

/* Fills in what is seen now; false where the ring is gone. */
bool qs_ring_look(struct qs_seen *seen);

/* Looks at `tail` once more, after what was copied; false where the ring is gone. */
bool qs_ring_look_again(struct qs_seen *seen);

/* The thread may write below this position again, and so many of its losses have been said. */
void qs_ring_consume(struct qs_seen *seen, uint64_t position, uint64_t told);

/* Copies what the ring has from there on, of its size at most, until the next call. NULL where it is gone. */
const uint8_t *qs_ring_copy(const struct qs_seen *seen, uint64_t position, size_t length);

#endif
