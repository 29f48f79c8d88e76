/* SPDX-License-Identifier: MIT */
/*
 * What lies in the memory that traced processes share with who controls and records them. Only this file says so; both
 * sides include it, and neither believes what it finds there: every number is read once, checked, and used as a copy.
 *
 * A trace directory belongs to one user, mode 0700. In it:
 *
 *   control       struct qs_trace_control: the rules and configurations. Written by the controller that holds `lock`;
 *                 traced processes map it for reading only.
 *   NAME.trace    struct qs_trace_process: one a traced process, made by it, and shared with controller and recorder.
 *   NAME.life     a page that only the traced process has open for writing, not inherited by fork(). The kernel grants
 *                 a read lease on it when no living process has it: so, and only so, is a process known to be dead.
 *   lock          flock(): who changes something
 *   recorder      flock(): who records
 *
 * NAME is PID-RANDOM; only the header says whose it is.
 */
#ifndef QS_TRACE_LAYOUT_H
#define QS_TRACE_LAYOUT_H

#include <stdalign.h>
#include <stdint.h>

#include "quiesce/atomic.h"

#define QS_TRACE_MAGIC UINT64_C(0x3165636172747371) /* "qstrace1" */
#define QS_TRACE_VERSION 1u
#define QS_TRACE_PAGE 4096u
#define QS_TRACE_LINE 128u

/*------------------------------- control ------------------------------------*/

#define QS_TRACE_RULES 128u
#ifndef QS_TRACE_CONFIGS /* a driver of the specification has as many as that */
#define QS_TRACE_CONFIGS 256u /* 0 is none */
#endif
#define QS_TRACE_CHANNELS 4u
#define QS_TRACE_FILTER_MAX 976u

/* How an event is to be recorded. Replaced, never changed: what a rule no longer names is free after a grace period. */
struct qs_trace_config {
	uint32_t channel;       /* below QS_TRACE_CHANNELS */
	uint32_t sample;        /* one of so many; 0 and 1: all */
	uint32_t filter_length; /* bytes of `filter`; 0: every event passes */
	uint32_t reserved;
	uint8_t filter[QS_TRACE_FILTER_MAX]; /* native/tracepoint/FILTER.md */
	uint8_t pad[32];
};

/* Which events a configuration is for. The last rule that fits decides. Patterns: * and ?, NUL-terminated. */
struct qs_trace_rule {
	uint32_t config;    /* 0: off */
	uint32_t level_max; /* events of this level and below, more important, ones; levels are 0 to 14 as in syslog */
	int32_t process;    /* pid as the process itself sees it; 0: any */
	uint32_t reserved;
	char program[64];   /* of the executable's base name */
	char provider[64];
	char name[64];
	uint8_t pad[48];
};

/* Two copies: a change is written into the one that isn't active, and begins with `active`. */
struct qs_trace_rules {
	qs_atomic(uint32_t) count;
	uint32_t running; /* 0: stopped, all words are 0 */
	uint8_t overwrite[QS_TRACE_CHANNELS]; /* 1: a full ring loses the oldest; 0: the newest */
	uint8_t pad[116];
	struct qs_trace_rule rules[QS_TRACE_RULES];
};

struct qs_trace_control {
	qs_atomic(uint64_t) magic; /* written last */
	uint32_t version;
	uint32_t flags; /* QS_TRACE_GLOBAL, fixed when the directory is made */
	alignas(QS_TRACE_LINE) qs_atomic(uint64_t) gp; /* number of the current grace period; starts at 1; only grows */
	alignas(QS_TRACE_LINE) qs_atomic(uint64_t) generation; /* grows before a change of the rules and after it */
	qs_atomic(uint32_t) active; /* 0 or 1: the copy of the rules that holds */
	/* By a recorder, when it looks for programs: CLOCK_MONOTONIC, ns. Rings take more memory only where one is. */
	alignas(QS_TRACE_LINE) qs_atomic(uint64_t) recorded;
	alignas(QS_TRACE_PAGE) struct qs_trace_rules rules[2];
	alignas(QS_TRACE_PAGE) struct qs_trace_config configs[QS_TRACE_CONFIGS];
};

/* The controller pays, with membarrier GLOBAL_EXPEDITED; without it each recorded event has a full fence (letter A). */
#define QS_TRACE_GLOBAL 1u

/*------------------------------- a process ----------------------------------*/

#define QS_TRACE_EVENTS 4096u
#define QS_TRACE_TEXT_MAX 1008u
#define QS_TRACE_WORD_PAGES 64u
#define QS_TRACE_WORDS_A_PAGE (QS_TRACE_PAGE / sizeof(uint32_t))
#define QS_TRACE_RINGS 256u
#define QS_TRACE_RING_MIN (UINT32_C(1) << 12)
#define QS_TRACE_RING_MAX (UINT32_C(1) << 26)
/* Where nobody asks for a size: so much a ring may have, and so much it has while its recorder keeps up. */
#define QS_TRACE_RING_DEFAULT (UINT32_C(4) << 20)
#define QS_TRACE_RING_USUAL (UINT32_C(256) << 10)

/* In a tracepoint's word: off, or the number of a configuration; or, before its module was seen: */
#define QS_TRACE_UNKNOWN UINT32_C(0xffffffff)

/*
 * An event, described: PROVIDER:NAME;LEVEL;FIELD;FIELD...  FIELD is TYPE NAME. Written once.
 *   u1 u2 u4 u8 i1 i2 i4 i8   integers, of so many bytes      x1 x2 x4 x8   the same, shown in hexadecimal
 *   f4 f8                     floats                          s             a string, NUL-terminated
 *   q:TYPE                    a sequence: u4 count, then its elements, TYPE an integer or float
 *   e4{LABEL=VALUE,...}       an enumeration, recorded as an i4; around labels and values may be spaces
 * Names are C identifiers of at most 63 characters; a provider may have dots. At most 16 fields.
 */
struct qs_trace_event {
	qs_atomic(uint32_t) length; /* of the text without NUL, written last; 0: there is none */
	uint32_t word;              /* which word switches it: page * QS_TRACE_WORDS_A_PAGE + index */
	uint64_t gone;              /* 1: its module was unloaded */
	char text[QS_TRACE_TEXT_MAX];
};

/*
 * A thread's ring of one channel. Positions are in bytes and only grow; byte p lies at p % size. Records:
 *   u4 size (a multiple of 8, with this header)   u4 event, or QS_TRACE_PADDING   u8 time (CLOCK_MONOTONIC, ns)
 *   then the fields, packed, native byte order; then zeros up to size.
 * A record never wraps around: padding fills the end (its time may be missing when only 8 bytes are left), which may
 * be most of the ring.
 *
 *   committed   written by the thread (release): what lies below is complete           letter: see spec/tracing
 *   tail        written by the thread, in overwrite mode, before it overwrites: what lies below is lost
 *   consumed    written by the recorder: what lies below has been read (discard mode)
 */
struct qs_trace_ring {
	alignas(QS_TRACE_LINE) qs_atomic(uint64_t) announced; /* 0, or the grace period's number: inside a section */
	alignas(QS_TRACE_LINE) qs_atomic(uint64_t) committed;
	qs_atomic(uint64_t) tail;
	qs_atomic(uint64_t) lost;      /* events that found no room */
	qs_atomic(uint32_t) owner;     /* thread id as its process sees it; 0: free */
	qs_atomic(uint32_t) channel;
	qs_atomic(uint32_t) overwrite; /* 1: as `overwrite` was when the ring was taken */
	qs_atomic(uint32_t) use;       /* grows each time that a thread takes the ring; positions go on */
	qs_atomic(uint64_t) begin;     /* the position at which this use began */
	alignas(QS_TRACE_LINE) qs_atomic(uint64_t) consumed;
	qs_atomic(uint64_t) told; /* of `lost`: what a recording has said; stored by the recorder, before consumed */
};

struct qs_trace_header {
	qs_atomic(uint64_t) magic; /* written last, before the file gets its name */
	uint32_t version;
	uint32_t flags;
	uint64_t size;       /* of the file */
	uint32_t ring_size;  /* a power of two, QS_TRACE_RING_MIN to _MAX */
	uint32_t uid;
	int32_t pid;         /* as the process sees it */
	uint32_t clock;      /* whose CLOCK_MONOTONIC: its time namespace's inode number; 0: unknown */
	uint64_t started;    /* CLOCK_MONOTONIC, ns, when tracing was opened */
	int64_t realtime;    /* CLOCK_REALTIME - CLOCK_MONOTONIC then, ns */
	/* the generation of the rules that this process has applied by itself; 0: not yet */
	qs_atomic(uint64_t) applied;
	qs_atomic(uint64_t) lost;    /* events of threads that found no ring */
	qs_atomic(uint32_t) rings;   /* how many have ever been used */
	qs_atomic(uint32_t) events;  /* how many are described */
	char program[64];    /* base name of the executable, NUL-terminated */
	qs_atomic(uint64_t) told;    /* of `lost`: what a recording has said */
	qs_atomic(uint32_t) silent;  /* events for which there was no place: they can't be switched on */
};

struct qs_trace_process {
	struct qs_trace_header header;
	alignas(QS_TRACE_PAGE) qs_atomic(uint32_t) words[QS_TRACE_WORD_PAGES][QS_TRACE_WORDS_A_PAGE];
	alignas(QS_TRACE_PAGE) struct qs_trace_event events[QS_TRACE_EVENTS];
	alignas(QS_TRACE_PAGE) struct qs_trace_ring rings[QS_TRACE_RINGS];
	/* then QS_TRACE_RINGS times ring_size bytes, each aligned to a page; a file with holes: what no thread uses
	 * isn't	 * there */
};

#define QS_TRACE_PADDING UINT32_C(0xffffffff)

#endif
