/* SPDX-License-Identifier: MIT */
/*
 * What the replay driver needs to know of an implementation: a shared library that exports qs_target_get().
 *
 * A world is one fresh instance of the implementation with its readers (threads 1..readers), its updater
 * (thread 0) and its cells, the objects that are published and freed. Steps are numbers of enum qs_step.
 */
#ifndef QUIESCE_TARGET_H
#define QUIESCE_TARGET_H

#include <stdint.h>

#define QS_TARGET_ABI 1

struct qs_target {
	uint32_t abi; /* QS_TARGET_ABI */
	const char *name;

	/* Before anything else: `hook` is called at each step point, on the thread that has reached it. */
	void (*set_hook)(void (*hook)(int step));

	/* A fresh world, NULL when it can't be made: nobody registered, cell 0 live and published. */
	void *(*create)(int readers, int cells);
	void (*destroy)(void *world);

	/*
	 * Performs, on thread `thread`, the whole operation that begins with `step`. NULL when it went
	 * well, else what went wrong, in words; QS_TARGET_USE_AFTER_FREE when it used something freed.
	 */
	const char *(*run)(void *world, int thread, int step);

	/* On thread `thread`: leaves its sections and unregisters. The updater has nothing to do. */
	void (*drain)(void *world, int thread);

	/*
	 * The shared state, in this order: gp, waiting, head, cell 0.., announced 1.., owner 1.., slot 1.., held 1..
	 * (QS_WORD_AT(readers, cells) words; conformance/contract/plan.ts says what they mean).
	 */
	void (*observe)(void *world, int32_t *words);

	/* How often membarrier has been called so far. */
	uint64_t (*membarriers)(void);
};

#define QS_TARGET_USE_AFTER_FREE "used after it was freed"

typedef const struct qs_target *(*qs_target_get_function)(void);
#define QS_TARGET_GET "qs_target_get"

#endif
