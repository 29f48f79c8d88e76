/* SPDX-License-Identifier: MIT */
/* The replay driver, for JavaScript: a plan and options as they come in, a result as it goes out. */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#include "../replay/driver.h"
#include "functions.h"
#include "generated/steps.h"

static napi_value steps(napi_env env, napi_callback_info info)
{
	static const char *const names[] = { QS_STEP_NAMES };
	napi_value result = NULL;
	(void)info;
	(void)napi_create_array(env, &result);
	for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)napi_set_element(env, result, i, addon_text(env, names[i]));
	return result;
}

static napi_value property(napi_env env, napi_value object, const char *name)
{
	napi_value value = NULL;
	if (napi_get_named_property(env, object, name, &value) != napi_ok)
		(void)addon_throw(env, "EINVAL", name);
	return value;
}

static int32_t int32_property(napi_env env, napi_value object, const char *name)
{
	int32_t value = 0;
	napi_value given = property(env, object, name);
	if (!given || napi_get_value_int32(env, given, &value) != napi_ok)
		(void)addon_throw(env, "EINVAL", name);
	return value;
}

static const int32_t *array_property(napi_env env, napi_value object, const char *name, size_t *length)
{
	napi_typedarray_type type = napi_uint8_array;
	void *data = NULL;
	napi_value given = property(env, object, name);
	bool is_array = false;
	*length = 0;
	if (!given || napi_is_typedarray(env, given, &is_array) != napi_ok || !is_array ||
	    napi_get_typedarray_info(env, given, &type, length, &data, NULL, NULL) != napi_ok ||
	    type != napi_int32_array)
		(void)addon_throw(env, "EINVAL", name);
	return data;
}

static void set(napi_env env, napi_value object, const char *name, napi_value value)
{
	(void)napi_set_named_property(env, object, name, value);
}

static napi_value words(napi_env env, const int32_t *values, int32_t count)
{
	napi_value result = NULL;
	(void)napi_create_array_with_length(env, (size_t)count, &result);
	for (int32_t i = 0; i < count; i++)
		(void)napi_set_element(env, result, (uint32_t)i, addon_number(env, values[i]));
	return result;
}

static napi_value failure_object(napi_env env, const struct qs_failure *failure, int32_t count)
{
	napi_value result = NULL;
	(void)napi_create_object(env, &result);
	set(env, result, "kind", addon_text(env, failure->kind));
	set(env, result, "path", addon_number(env, failure->path));
	set(env, result, "move", addon_number(env, failure->move));
	set(env, result, "thread", addon_number(env, failure->thread));
	set(env, result, "step", addon_number(env, failure->step));
	set(env, result, "message", addon_text(env, failure->message));
	if (failure->expected && failure->actual) {
		set(env, result, "expected", words(env, failure->expected, count));
		set(env, result, "actual", words(env, failure->actual, count));
	}
	return result;
}

static napi_value result_object(napi_env env, const struct qs_replay_result *outcome, int32_t count)
{
	napi_value result = NULL;
	(void)napi_create_object(env, &result);
	set(env, result, "paths", addon_number(env, (double)outcome->paths));
	set(env, result, "steps", addon_number(env, (double)outcome->steps));
	set(env, result, "probes", addon_number(env, (double)outcome->probes));
	set(env, result, "seconds", addon_number(env, outcome->seconds));
	if (outcome->failure.kind)
		set(env, result, "failure", failure_object(env, &outcome->failure, count));
	return result;
}

/* replay(plan, options, descriptor of the progress file) */
static napi_value replay(napi_env env, napi_callback_info info)
{
	napi_value argument[3];
	struct qs_plan_lengths given = { 0 };
	size_t length = 0;
	char target[4096];
	struct qs_plan plan;
	struct qs_replay_options options;
	struct qs_replay_result result = { 0 };
	struct qs_progress *progress;
	int32_t descriptor = -1;
	const char *problem;
	if (!addon_arguments(env, info, 3, argument))
		return NULL;
	plan = (struct qs_plan){
		.updaters = int32_property(env, argument[0], "updaters"),
		.readers = int32_property(env, argument[0], "readers"),
		.cells = int32_property(env, argument[0], "cells"),
		.words = int32_property(env, argument[0], "words"),
		.state = array_property(env, argument[0], "state", &given.state),
		.start = array_property(env, argument[0], "start", &given.start),
		.offset = array_property(env, argument[0], "offset", &given.offset),
		.move = array_property(env, argument[0], "move", &given.move),
	};
	options = (struct qs_replay_options){
		.cpu = int32_property(env, argument[1], "cpu"),
		.hang_ms = int32_property(env, argument[1], "hangMs"),
		.first = int32_property(env, argument[1], "first"),
		.stride = int32_property(env, argument[1], "stride"),
		.target = target,
	};
	if (addon_failed(env))
		return NULL;
	if (napi_get_value_string_utf8(env, property(env, argument[1], "target"), target, sizeof target, &length) !=
		    napi_ok ||
	    napi_get_value_int32(env, argument[2], &descriptor) != napi_ok || options.stride < 1 ||
	    options.first < 0 || options.hang_ms < 1)
		return addon_throw(env, "EINVAL", "the options of replay are wrong");
	plan.paths = (int32_t)given.start;
	plan.states = plan.words > 0 ? (int32_t)(given.state / (size_t)plan.words) : 0;
	problem = qs_plan_problem(&plan, &given);
	if (problem)
		return addon_throw(env, "EINVAL", problem);
	progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (progress == MAP_FAILED)
		return addon_throw_errno(env, -errno);
	problem = qs_replay(&plan, &options, progress, &result);
	if (problem)
		return addon_throw(env, "EINVAL", problem);
	return result_object(env, &result, plan.words);
}

void addon_define_replay(napi_env env, napi_value exports)
{
	const napi_property_descriptor functions[] = {
		ADDON_FUNCTION("steps", steps),
		ADDON_FUNCTION("replay", replay),
	};
	addon_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
