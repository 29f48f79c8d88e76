/* SPDX-License-Identifier: MIT */
/*
 * A target: an implementation that the replay driver can drive along the state graph of its specification, on real
 * threads. It is a shared library that exports
 *
 *     const struct qs_target *qs_target_get(void);
 *
 * This header is all that a target includes of ours; it needs nothing else, and may be copied. A target is made in four
 * moves:
 *
 * 1. The implementation calls a function before each of the specification's steps, on the thread that is about to take
 *    it. In an ordinary build that function isn't there: #define STEP(name) ((void)0). All that stands between two
 *    calls is done in one go, with no other thread in between: so each access stands right behind the call of its own
 *    step. One that comes a step late (a slot that is read behind the exchange that gives it away) is not noticed.
 * 2. A table of the steps' names; a step's number in all that follows is its index there. Another of the kinds of lanes
 *    (those who take steps: "reader", "updater"), and a third of the words that are looked at, by their groups, in the
 *    order of the specification's contract. The driver refuses a plan of a specification that these don't fit.
 * 3. A world is one fresh instance. run() performs an operation, from its first step to its end, on the thread of the
 *    lane that asks for it. The driver's hook returns when the step may be taken, and the thread takes no second one
 *    without asking again.
 * 4. observe() writes the words. It is called when no step is in progress: each thread stands before a step, is between
 *    operations, or is asleep in a futex.
 *
 * A step that the contract calls refusable is asked for where the specification doesn't allow it, too: of a lane that
 * stands before it, or that is between operations if some operation begins with it. The target refuses, and changes
 * nothing: before a step it comes to the same step point again (as a spinning thread does), and an operation returns
 * QS_TARGET_REFUSED. One that blocks instead can't be asked: then the specification says, in its position, that it
 * sleeps. A target whose contract has no such step is never asked.
 *
 * The whole of a target that counts, with one thread:
 *
 *     static const char *const steps[] = { "Count", 0 };
 *     static const char *const lanes[] = { "counter", 0 };
 *     static const char *const words[] = { "n", 0 };
 *     static qs_target_hook hook;
 *     static void set_hook(qs_target_hook function) { hook = function; }
 *     static void *create(const struct qs_setup *setup) { return calloc(1, sizeof(int32_t)); }
 *     static const char *run(void *n, int lane, int step) { hook(0); ++*(int32_t *)n; return 0; }
 *     static void observe(void *n, int32_t *state) { state[0] = *(int32_t *)n; }
 *     static const struct qs_target target = {
 *             .abi = QS_TARGET_ABI, .name = "counter", .steps = steps, .lanes = lanes, .words = words,
 *             .set_hook = set_hook, .create = create, .destroy = free, .run = run, .observe = observe,
 *     };
 *     const struct qs_target *qs_target_get(void) { return &target; }
 *
 * `quiesce conform --claim FILE.cfg --driver FILE` drives it, as a shared library or as its C or C++ source; in C++ the
 * members of a target are named in the order below. conformance/walkthrough/peterson_target.c is a whole one.
 *
 * Functions that are marked so may be NULL. A sentence that a function returns says what is wrong, without the lane's
 * name in front of it ("found no free slot"), and stays where it is.
 */
#ifndef QUIESCE_TARGET_H
#define QUIESCE_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QS_TARGET_ABI 3

/* Who takes steps: a thread of the driver's. */
struct qs_lane {
	const char *kind;
	const char *name; /* for a person: "reader 1" */
	int32_t value;    /* the element of the specification's set; 0 when that is no number */
};

/* Words of one kind, which follow each other in a state. */
struct qs_group {
	const char *name;
	int32_t first;
	int32_t count;
};

/* A constant of the specification that is a whole number in 32 bits. */
struct qs_constant {
	const char *name;
	int32_t value;
};

/* The size of a world. */
struct qs_setup {
	const struct qs_lane *lane;
	const struct qs_group *group;
	const struct qs_constant *constant;
	int32_t lanes, groups, constants; /* how many of each there are */
	int32_t positions;                /* the first of the words that say where each lane stands */
	const int32_t *step;              /* the target's number of each step that stands there: see qs_setup_next() */
};

/*
 * The driver's. It returns when the step may be taken, with the words of the state that the plan has after it: they are
 * for a step which leaves the implementation a choice that the plan has made (which of several to begin with), and for
 * nothing else. NULL: the implementation runs freely, and chooses as it likes.
 */
typedef const int32_t *(*qs_target_hook)(int step);

/* What a target that announces its sleep (see below) calls the hook with. */
#define QS_TARGET_SLEEPS (-1)

struct qs_target {
	uint32_t abi; /* QS_TARGET_ABI */
	const char *name;

	/* Names, each table with NULL at its end. */
	const char *const *steps;
	const char *const *lanes;
	const char *const *words; /* without the positions of the lanes, which the driver itself knows */

	/*
	 * A lane that the plan has asleep after a step has to sleep in a futex then. false: it goes to sleep by the
	 * step itself, which changes nothing else. true: the target calls the hook with QS_TARGET_SLEEPS on a thread
	 * that is about to sleep, when all that the step changes has been changed; the hook returns immediately.
	 */
	bool announces_sleep;

	/* Why this target can't have a world of that size; NULL when it can. May be NULL. */
	const char *(*misfit)(const struct qs_setup *setup);

	/* Before anything else: the hook to call at each step point. */
	void (*set_hook)(qs_target_hook hook);

	/* A world in the specification's initial state, NULL when it can't be made. `setup` outlives it. */
	void *(*create)(const struct qs_setup *setup);
	void (*destroy)(void *world);

	/*
	 * Performs, on the thread of this lane, the whole operation that begins with `step`. NULL when it went well,
	 * QS_TARGET_REFUSED when it can't be done now and nothing has changed, else what went wrong;
	 * QS_TARGET_USE_AFTER_FREE when it used something freed.
	 */
	const char *(*run)(void *world, int lane, int step);

	/* The state but for where the lanes stand: the words, in the order of their groups. */
	void (*observe)(void *world, int32_t *words);

	/*
	 * After each move, when the state is the plan's: NULL, or what this target alone knows to be wrong, such as how
	 * often it has called the kernel. May be NULL.
	 */
	const char *(*moved)(void *world, int lane, int step);

	/*
	 * At a path's end the hook lets everybody through. Does this lane, which is between operations, have something
	 * to give back? If so drain() does it, on its thread. Both may be NULL.
	 */
	bool (*holds)(void *world, int lane);
	void (*drain)(void *world, int lane);

	/* When all have given back what they had: NULL, or what is wrong. May be NULL. */
	const char *(*rest)(void *world);
};

#define QS_TARGET_USE_AFTER_FREE "used after it was freed"
#define QS_TARGET_REFUSED "refused"

/* The library has this. */
__attribute__((visibility("default"))) const struct qs_target *qs_target_get(void);
typedef const struct qs_target *(*qs_target_get_function)(void);
#define QS_TARGET_GET "qs_target_get"

/* How many lanes of a kind there are. */
static inline int32_t qs_setup_lanes(const struct qs_setup *setup, const char *kind)
{
	int32_t count = 0;
	for (int32_t i = 0; i < setup->lanes; i++)
		count += strcmp(setup->lane[i].kind, kind) == 0;
	return count;
}

/* The words of a group: an empty one when there is no such group. */
static inline struct qs_group qs_setup_group(const struct qs_setup *setup, const char *name)
{
	struct qs_group group = { name, 0, 0 };
	for (int32_t i = 0; i < setup->groups; i++) {
		if (strcmp(setup->group[i].name, name) == 0)
			group = setup->group[i];
	}
	return group;
}

/*
 * Of the words that the hook has returned: the step that the lane comes to next, as the target numbers it; -1 when it
 * is between operations or asleep then.
 */
static inline int32_t qs_setup_next(const struct qs_setup *setup, const int32_t *words, int32_t lane)
{
	const int32_t position = words[setup->positions + lane];
	return position > 0 ? setup->step[position] : -1;
}

/* The value of a constant. */
static inline int32_t qs_setup_constant(const struct qs_setup *setup, const char *name, int32_t otherwise)
{
	for (int32_t i = 0; i < setup->constants; i++) {
		if (strcmp(setup->constant[i].name, name) == 0)
			return setup->constant[i].value;
	}
	return otherwise;
}

#ifdef __cplusplus
}
#endif

#endif
