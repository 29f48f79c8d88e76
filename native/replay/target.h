/* SPDX-License-Identifier: MIT */
/*
 * What the replay driver needs to know of an implementation: a shared library that exports qs_target_get().
 *
 * A world is one fresh instance of the implementation with its updaters (threads 0..), its readers (the threads after
 * them) and its cells, the objects that are published and freed. Steps are numbers of enum qs_step.
 */
#ifndef QUIESCE_TARGET_H
#define QUIESCE_TARGET_H

#include <stdint.h>

#define QS_TARGET_ABI 2

struct qs_target {
	uint32_t abi; /* QS_TARGET_ABI */
	const char *name;

	/* Before anything else: `hook` is called at each step point, on the thread that has reached it. */
	void (*set_hook)(void (*hook)(int step));

	/* A fresh world, NULL when it can't be made: nobody registered, cell 0 live and published. */
	void *(*create)(int updaters, int readers, int cells);
	void (*destroy)(void *world);

	/*
	 * Performs, on thread `thread`, the whole operation that begins with `step`. NULL when it went
	 * well, else what went wrong, in words; QS_TARGET_USE_AFTER_FREE when it used something freed.
	 */
	const char *(*run)(void *world, int thread, int step);

	/* On thread `thread`: leaves its sections and unregisters. Updaters have nothing to do. */
	void (*drain)(void *world, int thread);

	/*
	 * The state but for where the threads are: the first QS_WORD_AT(updaters, readers, cells) words of one, in the
	 * order of generated/words.h; conformance/contract/plan.ts says what they mean. Numbers of grace periods and
	 * the doorbell are as they are, or all less a number of the world's own; the driver makes them relative. An
	 * owner is the number of its thread.
	 */
	void (*observe)(void *world, int32_t *words);

	/* How often membarrier has been called so far. */
	uint64_t (*membarriers)(void);
};

#define QS_TARGET_USE_AFTER_FREE "used after it was freed"

typedef const struct qs_target *(*qs_target_get_function)(void);
#define QS_TARGET_GET "qs_target_get"

#endif
