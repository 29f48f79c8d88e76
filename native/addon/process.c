/* SPDX-License-Identifier: MIT */
/* What a process that drives a target has to do to itself and Node has no function for. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "functions.h"

/* The processors that this process may run on. */
static napi_value cpus(napi_env env, napi_callback_info info)
{
	cpu_set_t set;
	napi_value result = NULL;
	uint32_t count = 0;
	(void)info;
	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return addon_throw_errno(env, -errno);
	(void)napi_create_array(env, &result);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &set))
			(void)napi_set_element(env, result, count++, addon_number(env, (double)cpu));
	}
	return result;
}

/* For a process that drives a target: no core file when the target crashes, and no life without its parent. */
static napi_value become_shard(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	int32_t parent = 0;
	struct rlimit none = { 0, 0 };
	if (!addon_arguments(env, info, 1, argument) || napi_get_value_int32(env, argument[0], &parent) != napi_ok)
		return addon_throw(env, "EINVAL", "the parent's process id is a number");
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	return addon_undefined(env);
}

/* Ends the process regardless of its threads: some may be stuck in the target. */
static napi_value exit_now(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	int32_t code = 0;
	if (!addon_arguments(env, info, 1, argument) || napi_get_value_int32(env, argument[0], &code) != napi_ok)
		return addon_throw(env, "EINVAL", "the exit code is a number");
	_exit(code);
}

void addon_define_process(napi_env env, napi_value exports)
{
	const napi_property_descriptor functions[] = {
		ADDON_FUNCTION("cpus", cpus),
		ADDON_FUNCTION("becomeShard", become_shard),
		ADDON_FUNCTION("exitNow", exit_now),
	};
	addon_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
