/* SPDX-License-Identifier: MIT */
/*
 * What a traced process knows by itself, in memory of its own. Nothing that decides where is written is ever read back
 * from the memory that it shares.
 */
#ifndef QUIESCE_TRACED_STATE_H
#define QUIESCE_TRACED_STATE_H

#include <linux/limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../layout.h"
#include "quiesce/tracepoint.h"

#define QS_TRACE_MODULES 512u
#define QS_TRACE_NAME_MAX 48u
#define QS_TRACE_FIELDS 16u
#define QS_TRACED_HIDDEN __attribute__((visibility("hidden")))

/* A ring's thread. */
struct qs_trace_thread {
	struct qs_trace_own *home;                     /* here it announces its sections */
	struct qs_trace_own *ring[QS_TRACE_CHANNELS];  /* NULL: not yet */
	uint32_t sampled[QS_TRACE_CONFIGS];
};

/*
 * A ring, as its process sees it. But for `owner` only one thread, and its signal handlers, use it at a time: what a
 * handler may change under the thread's feet is changed by qs_local_swap().
 */
struct qs_trace_own {
	qs_atomic(uint32_t) owner;    /* 0: free */
	qs_atomic(uint32_t) depth;    /* records begun and not ended */
	qs_atomic(uint64_t) reserved; /* the next record goes here */
	qs_atomic(uint64_t) committed;
	qs_atomic(uint64_t) tail;
	qs_atomic(uint64_t) consumed; /* as last seen, and found possible */
	qs_atomic(uint64_t) lost;
	struct qs_trace_ring *shared;
	unsigned char *data;
	qs_atomic(uint64_t) ready; /* so many of its bytes have pages; UINT64_MAX: all that it can have */
	qs_atomic(uint64_t) turned; /* when it has last come to the end of what it usually has */
	uint32_t refused;          /* how often it has asked for more in vain, since it got some */
	bool overwrite, populated;
	struct qs_trace_thread thread; /* of the thread whose home it is */
};

/* What filters ask about an event. */
struct qs_trace_described {
	const char *text;
	uint32_t word; /* which */
	uint32_t fields;
	uint32_t hash[QS_TRACE_FIELDS]; /* FNV-1a of the name */
	uint32_t alike;                 /* a bit for each field whose hash another one has, too */
	uint8_t type[QS_TRACE_FIELDS];  /* 'u', 'i', 'x', 'f', 'e', 's', 'q' */
	uint8_t width[QS_TRACE_FIELDS];
};

struct qs_trace_known_module {
	const struct qs_trace_module *module; /* NULL: gone */
	uint32_t page, pages, event, events;
	uint64_t identity;
};

struct qs_trace {
	struct qs_trace_process *process;
	const struct qs_trace_control *control;
	unsigned char *life;
	size_t size;         /* of the mapping */
	uint32_t ring_size;
	uint32_t usual;      /* of a ring's bytes; 0: all */
	int32_t pid;
	bool fences;         /* readers pay themselves */
	bool keyed;          /* threads that end say so */
	int refused;         /* an errno: the events of a module could not be made known */
	int folder;          /* the directory's descriptor while it is being opened */
	qs_atomic(uint32_t) lock; /* of modules and events: the thread that holds it */
	uint32_t events, pages, modules;
	char program[64];
	char directory[PATH_MAX];
	char name[QS_TRACE_NAME_MAX];
	struct qs_trace_known_module module[QS_TRACE_MODULES];
	struct qs_trace_own own[QS_TRACE_RINGS];
	struct qs_trace_described described[QS_TRACE_EVENTS];
};

/* A page that reads as zeros in a forked child, until its handler says otherwise. */
struct qs_trace_mine {
	struct qs_trace *trace;
};

extern QS_TRACED_HIDDEN struct qs_trace_mine *qs_trace_mine;
extern QS_TRACED_HIDDEN _Thread_local struct qs_trace_thread *qs_trace_self __attribute__((tls_model("initial-exec")));

/* How many hits the thread is in the middle of: a handler that interrupts one may fork. */
extern QS_TRACED_HIDDEN _Thread_local qs_atomic(uint32_t) qs_trace_busy __attribute__((tls_model("initial-exec")));

/* The trace of this process; NULL: it isn't open, or belongs to the parent. */
static inline struct qs_trace *qs_trace_here(void)
{
	const struct qs_trace_mine *mine = qs_trace_mine;
	return qs_likely(mine != NULL) ? mine->trace : NULL;
}

static inline qs_atomic(uint32_t) *qs_trace_word(struct qs_trace *trace, uint32_t word)
{
	return &trace->process->words[word / QS_TRACE_WORDS_A_PAGE][word % QS_TRACE_WORDS_A_PAGE];
}

/* Where the member of a module's description points to. */
static inline char *qs_trace_far(const int32_t *distance)
{
	return (char *)(uintptr_t)distance + *distance;
}

/*
 * A compare-and-swap against this thread's own signal handlers, and nobody else.
 */
static inline bool qs_local_swap(qs_atomic(uint64_t) *address, uint64_t expected, uint64_t value)
{
#if defined(__x86_64__)
	bool done;
	__asm__ __volatile__("cmpxchgq %3, %1"
			     : "=@ccz"(done), "+m"(*(volatile uint64_t *)address), "+a"(expected)
			     : "r"(value)
			     : "memory");
	return done;
#else
	return qs_compare_exchange(address, &expected, value);
#endif
}

static inline void qs_local_add(qs_atomic(uint64_t) *address, uint64_t value)
{
	uint64_t old;
	do
		old = qs_load_relaxed(address);
	while (!qs_local_swap(address, old, old + value));
}

/* One ring more for the calling thread. NULL: there is none; counted as one event lost. (rings.c) */
QS_TRACED_HIDDEN struct qs_trace_thread *qs_trace_join(struct qs_trace *trace);
QS_TRACED_HIDDEN struct qs_trace_own *qs_trace_claim(struct qs_trace *trace, uint32_t channel);
/*
 * Does a record that goes beyond what a ring usually has go to the ring's beginning? Else the ring takes more memory.
 */
QS_TRACED_HIDDEN bool qs_trace_turns(const struct qs_trace *trace, struct qs_trace_own *own, uint64_t position,
				     uint32_t total, uint64_t time);
/* More pages for the thread's ring, so that its first `end` bytes have some; false: there is no room for them. */
QS_TRACED_HIDDEN bool qs_trace_grow(struct qs_trace_own *own, uint64_t end, uint32_t size);
/* The calling thread ends. */
QS_TRACED_HIDDEN void qs_trace_leave(struct qs_trace *trace);

/* Sees to it that pages are there, so that writing there can't fail. Zero, or an errno. (files.c) */
QS_TRACED_HIDDEN int qs_trace_populate(const volatile void *address, size_t size);

/* A tracepoint of a module that is unknown was hit. (modules.c) */
QS_TRACED_HIDDEN void qs_trace_meet(const struct qs_trace_module *module);
/* Maps the words of a module, and describes its events. The lock is held. */
QS_TRACED_HIDDEN void qs_trace_add_module(struct qs_trace *trace, const struct qs_trace_module *module);
QS_TRACED_HIDDEN void qs_trace_add_loaded(struct qs_trace *trace);
/* Takes apart an event's text, which stays. */
QS_TRACED_HIDDEN void qs_trace_describe(struct qs_trace_described *event, const char *text);
/* Makes the words of a module zeros of its own. */
QS_TRACED_HIDDEN void qs_trace_silence(const struct qs_trace_module *module);

/* The modules are known: names the files, and applies the rules. Then it is open. Zero, or an errno. (open.c) */
QS_TRACED_HIDDEN int qs_trace_go_on(struct qs_trace *trace, const char **why);

/* Switches all events as the rules say, and says so. (rules.c) */
QS_TRACED_HIDDEN void qs_trace_apply(struct qs_trace *trace);
/* Does the text, of so many bytes, fit the pattern of so many? */
QS_TRACED_HIDDEN bool qs_trace_fits(const char *pattern, size_t pattern_length, const char *text, size_t length);

/* The lock, which signal handlers only try. */
QS_TRACED_HIDDEN bool qs_trace_try_lock(struct qs_trace *trace);
QS_TRACED_HIDDEN void qs_trace_unlock(struct qs_trace *trace);

/* Directory, control file and this process's files: makes a trace of them. Zero, or an errno, and why. (files.c) */
QS_TRACED_HIDDEN int qs_trace_make(struct qs_trace *trace, const char **why);
/* Its files get their names. */
QS_TRACED_HIDDEN int qs_trace_publish(struct qs_trace *trace, const char **why);
/* Maps a part of the process's file, by its name, in place of what is at `to`. False where that can't be. */
QS_TRACED_HIDDEN bool qs_trace_map_again(const struct qs_trace *trace, void *to, size_t size, size_t offset);
/* Removes the files from the directory, whose descriptor is open. */
QS_TRACED_HIDDEN void qs_trace_remove(const struct qs_trace *trace);
/* Removes what was made, and the mappings. */
QS_TRACED_HIDDEN void qs_trace_unmake(struct qs_trace *trace);

#endif
