/* SPDX-License-Identifier: MIT */
/* membarrier itself, for JavaScript: the system call as it is. native/js/membarrier.ts says what its numbers mean. */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "../src/membarrier.h"
#include "functions.h"

/* command, flags, cpu. Returns what the kernel does; a negative errno if it refuses. */
static napi_value membarrier_call(napi_env env, napi_callback_info info)
{
	napi_value argument[3];
	int32_t command = 0, flags = 0, cpu = 0;
	long result;
	if (!addon_arguments(env, info, 3, argument))
		return NULL;
	if (napi_get_value_int32(env, argument[0], &command) != napi_ok ||
	    napi_get_value_int32(env, argument[1], &flags) != napi_ok ||
	    napi_get_value_int32(env, argument[2], &cpu) != napi_ok)
		return addon_throw(env, "EINVAL", "command, flags and cpu are numbers");
	result = syscall(qs_membarrier_number(), command, flags, cpu);
	return addon_number(env, (double)(result < 0 ? -errno : result));
}

void addon_define_membarrier(napi_env env, napi_value exports)
{
	const napi_property_descriptor functions[] = {
		ADDON_FUNCTION("membarrierCall", membarrier_call),
	};
	addon_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
