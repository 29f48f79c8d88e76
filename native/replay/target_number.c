/* SPDX-License-Identifier: MIT */
/* Our own library as a target of the replay driver. */
#include "generated/words.h"
#include "observed_calls.h"
#include "target.h"
#include "number_world.h"

static const char *const steps[] = { QS_STEP_NAMES, NULL };
static const char *const lanes[] = { "updater", "reader", NULL };
static const char *const words[] = { QS_WORD_NAMES, NULL };

static qs_target_hook driver_hook;

static void hook(int step)
{
	world_show();
	(void)driver_hook(step);
	world_stepped(step);
}

static void set_hook(qs_target_hook function)
{
	driver_hook = function;
	qs_step_hook = hook;
}

static const char *run(void *world, int thread, int step)
{
	const char *problem, *called;
	world_hide(world);
	problem = world_operate(world, thread, step);
	world_show();
	called = qs_observed_problem();
	return problem ? problem : called;
}

static const struct qs_target target = {
	.abi = QS_TARGET_ABI,
	.name = "quiesce",
	.steps = steps,
	.lanes = lanes,
	.words = words,
	.misfit = world_misfit,
	.set_hook = set_hook,
	.create = world_create,
	.destroy = world_destroy,
	.run = run,
	.observe = world_observe,
	.moved = world_moved,
	.holds = world_holds,
	.drain = world_drain,
	.rest = world_rest,
};

const struct qs_target *qs_target_get(void)
{
	return &target;
}
