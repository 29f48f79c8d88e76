/* SPDX-License-Identifier: MIT */
/* Our own library as a target of the replay driver. */
#include "observed_calls.h"
#include "target.h"
#include "number_world.h"

static void (*driver_hook)(int step);

static void hook(int step)
{
	world_show();
	driver_hook(step);
	world_stepped(step);
}

static void set_hook(void (*function)(int step))
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
	.set_hook = set_hook,
	.create = world_create,
	.destroy = world_destroy,
	.run = run,
	.drain = world_drain,
	.observe = world_observe,
	.membarriers = qs_observed_membarriers,
};

__attribute__((visibility("default"))) const struct qs_target *qs_target_get(void);

const struct qs_target *qs_target_get(void)
{
	return &target;
}
