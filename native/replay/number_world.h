/* SPDX-License-Identifier: MIT */
/* The replay target for our own library, which is compiled into it with -DQS_STEPS: what its parts share. */
#ifndef QUIESCE_NUMBER_WORLD_H
#define QUIESCE_NUMBER_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "generated/words.h"
#include "quiesce/quiesce.h"
#include "target.h"

/* The flavour of the worlds: in each of these the steps are the same, and only what a barrier is differs. */
#ifndef NUMBER_FLAVOUR
#define NUMBER_FLAVOUR QS_MEMBARRIER
#endif

#define NESTING_MAX 16
#define NOTHING (-1)
/* The slot of a thread that is about to claim one, or has claimed one that it hasn't been given yet. */
#define CLAIMING (-1)

/*
 * Worlds begin near the end of 32 bits, so that every path crosses it: a number that is kept or compared in fewer
 * than 64 bits shows immediately, and a doorbell that doesn't turn over does. What the plan sees is less by this.
 */
#define NUMBER_BASE (UINT32_MAX - 1ull)
#define DOORBELL_BASE UINT32_MAX

enum cell_state { CELL_EMPTY = 0, CELL_LIVE = 1, CELL_FREED = 2 };

struct cell {
	qs_atomic(int32_t) state;
};

struct thread {
	struct qs_reader *reader;
	int32_t id;   /* the kernel's, which the library writes as its slot's owner; 0: it hasn't done anything yet */
	int32_t slot; /* 1.., 0: not registered, CLAIMING */
	int32_t held; /* the cell that it has dereferenced, or NOTHING */
	int32_t mine; /* the cell that it has filled, or replaced and not yet freed, or NOTHING */
	int32_t depth;
	qs_token tokens[NESTING_MAX];
};

/* How often the library has had others pass a barrier. */
struct calls {
	uint64_t private;
	uint64_t global;
	uint64_t signals;
};

/* A fresh domain, what it protects, and who does what in it: see create() of struct qs_target. */
struct world {
	int32_t first[QS_WORD_COUNT]; /* the first word of each group */
	struct qs_domain domain;
	/*
	 * The specification's graph comes back to where it was after each update, so the plan's numbers are relative:
	 * less the raises and the rings so far.
	 */
	qs_atomic(uint32_t) raises;
	qs_atomic(uint32_t) rings;
	struct calls calls; /* as of the last move */
	qs_atomic(void *) head;
	int32_t updaters;
	int32_t readers;
	int32_t cells;
	struct cell *cell; /* cells of them, and one that is nobody's: see world_hide() */
	struct thread *thread;
};

/* number_world.c: the target's misfit(), create() and destroy(). */
const char *world_misfit(const struct qs_setup *setup);
void *world_create(const struct qs_setup *setup);
void world_destroy(void *world);

/* number_operations.c: performs the operation that begins with `step`; see run() of struct qs_target. */
const char *world_operate(struct world *world, int thread, int step);

/* The target's holds() and drain(). */
bool world_holds(void *world, int thread);
void world_drain(void *world, int thread);

/* Must be called for each step that the calling thread takes, once it has been let on. */
void world_stepped(int step);

/*
 * number_sections.c, or in QS_QSBR number_quiescent.c: how readers come and go, the rest of what they do, and how one
 * leaves whatever section it is in.
 */
int reader_register(struct qs_domain *domain, struct qs_reader **reader);
int reader_unregister(struct qs_reader *reader);
const char *reader_operate(struct thread *self, int step);
void reader_leave(struct thread *self);

/* number_hidden.c: hides the words that others write from the calling thread until it comes to a step point. */
void world_hide(struct world *world);
void world_show(void);

/* number_observe.c: the target's observe() and rest(). */
void world_observe(void *world, int32_t *words);
const char *world_rest(void *world);

/* number_calls.c: how often so far; and the target's moved(). */
struct calls world_calls(void);
const char *world_moved(void *world, int thread, int step);

/* Which slot the thread has claimed, as the library has written it; 0 for none. */
int32_t world_claimed(const struct world *world, const struct thread *thread);

#endif
