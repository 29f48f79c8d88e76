/* SPDX-License-Identifier: MIT */
/* What a process has committed becomes packets: each record is looked at before it is believed. */
#ifndef QS_TRACE_DRAIN_H
#define QS_TRACE_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "process.h"
#include "stream.h"

/* What the recorder knows of a ring, in its own memory. */
struct qs_tap {
	bool begun;
	bool resumed;          /* another recorder has left `position` */
	uint64_t position;     /* below it all has been recorded */
	uint64_t lost;         /* the ring's count, as far as it has been recorded */
	uint64_t unsaid;       /* events lost in other ways, not yet recorded */
	uint64_t appended;     /* CLOCK_MONOTONIC, ns: when its last packet was written */
	uint32_t vtid;
	struct qs_stream stream;
};

/* A recorded process: its folder, and the taps of its rings; the last is for what found no ring. */
struct qs_tapped {
	int folder;
	char path[160];     /* of the folder, below the recording */
	char *metadata;     /* as they stand there; NULL: not yet */
	uint32_t described; /* events that they have */
	bool resumed;       /* another recorder has written some of them */
	uint32_t compared;  /* events that agree with those, or were refused */
	bool told_damage, told_ringless, told_undescribed;
	struct qs_tap taps[QS_TRACE_RINGS + 1];
};

struct qs_totals {
	uint64_t events, bytes, packets, lost, damaged;
};

/* What the recorder is to the drain. */
struct qs_drain {
	const struct qs_directory *directory;
	int out;
	int64_t offset; /* of our clock: CLOCK_REALTIME - CLOCK_MONOTONIC */
	uint32_t clock; /* which it is: our time namespace; 0: unknown */
	struct qs_totals totals;
	uint64_t read;    /* bytes of the last ring */
	uint32_t fullest; /* of 256, which is what a ring usually has, since it was set to 0 */
	int error;        /* of the last packet that could not be written; 0 when one could */
};

/*
 * Takes what is in the rings of a process; with `all`, also of rings that overwrite. False where something could not be
 * written: then it stays in the ring, and `drain->error` says why.
 */
bool qs_drain_process(struct qs_drain *drain, struct qs_process *process, bool all);

/* Ends the streams. */
void qs_drain_close(struct qs_process *process);

#endif
