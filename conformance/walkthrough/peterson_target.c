/*
 * Peterson's lock, and what lets Quiesce hold its threads before each step: native/replay/target.h says what the table
 * at the end is. C, and C++ from C++20 on.
 */
#include <stdlib.h>

#include "target.h"

/* The steps of Peterson.tla, in any order: a step is called by its index here. */
enum { RAISE, GIVE_TURN, LOAD_FLAG, LOAD_TURN, LOWER };
static const char *const steps[] = { "Raise", "GiveTurn", "LoadFlag", "LoadTurn", "Lower", NULL };
static const char *const lanes[] = { "thread", NULL };
/* The words of Peterson.contract.json, in its order. */
static const char *const words[] = { "flag", "turn", NULL };

static qs_target_hook hook;
#define STEP(name) ((void)hook(name))

/*------------------------------------------- the implementation -------------------------------------------*/

struct peterson {
	int32_t flag[2];
	int32_t turn;
};

static bool holds(void *world, int self)
{
	return ((struct peterson *)world)->flag[self] != 0;
}

static bool lock(struct peterson *peterson, int self)
{
	if (holds(peterson, self))
		return false;
	STEP(RAISE);
	__atomic_store_n(&peterson->flag[self], 1, __ATOMIC_SEQ_CST);
	STEP(GIVE_TURN);
	__atomic_store_n(&peterson->turn, 1 - self, __ATOMIC_SEQ_CST);
	for (;;) {
		STEP(LOAD_FLAG);
		if (!__atomic_load_n(&peterson->flag[1 - self], __ATOMIC_SEQ_CST))
			return true;
		STEP(LOAD_TURN);
		if (__atomic_load_n(&peterson->turn, __ATOMIC_SEQ_CST) == self)
			return true;
	}
}

static bool unlock(struct peterson *peterson, int self)
{
	if (!holds(peterson, self))
		return false;
	STEP(LOWER);
	__atomic_store_n(&peterson->flag[self], 0, __ATOMIC_SEQ_CST);
	return true;
}

/*----------------------------------------------- the target -----------------------------------------------*/

static void set_hook(qs_target_hook function)
{
	hook = function;
}

static const char *misfit(const struct qs_setup *setup)
{
	return setup->lanes == 2 ? NULL : "it is a lock for two threads";
}

static void *create(const struct qs_setup *setup)
{
	(void)setup;
	return calloc(1, sizeof(struct peterson));
}

/* An operation begins with RAISE or with LOWER. Who is inside can't lock again, and who is outside can't unlock. */
static const char *run(void *world, int lane, int step)
{
	struct peterson *peterson = (struct peterson *)world;
	const bool done = step == RAISE ? lock(peterson, lane) : unlock(peterson, lane);
	return done ? NULL : QS_TARGET_REFUSED;
}

/* Where a path ends, who is inside comes out, so that the other can get in. */
static void drain(void *world, int lane)
{
	(void)unlock((struct peterson *)world, lane);
}

static void observe(void *world, int32_t *state)
{
	const struct peterson *peterson = (const struct peterson *)world;
	state[0] = __atomic_load_n(&peterson->flag[0], __ATOMIC_SEQ_CST);
	state[1] = __atomic_load_n(&peterson->flag[1], __ATOMIC_SEQ_CST);
	state[2] = __atomic_load_n(&peterson->turn, __ATOMIC_SEQ_CST);
}

static const struct qs_target target = {
	.abi = QS_TARGET_ABI,
	.name = "peterson",
	.steps = steps,
	.lanes = lanes,
	.words = words,
	.announces_sleep = false,
	.misfit = misfit,
	.set_hook = set_hook,
	.create = create,
	.destroy = free,
	.run = run,
	.observe = observe,
	.moved = NULL,
	.holds = holds,
	.drain = drain,
	.rest = NULL,
};

const struct qs_target *qs_target_get(void)
{
	return &target;
}
