/* SPDX-License-Identifier: MIT */
/* The replay driver, for JavaScript: a plan and options as they come in, a result as it goes out. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../replay/driver.h"
#include "functions.h"

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

/* An array of objects; its length. */
static uint32_t list_property(napi_env env, napi_value object, const char *name, napi_value *list)
{
	uint32_t length = 0;
	*list = property(env, object, name);
	if (!*list || napi_get_array_length(env, *list, &length) != napi_ok)
		(void)addon_throw(env, "EINVAL", name);
	return length;
}

static napi_value element(napi_env env, napi_value list, uint32_t index)
{
	napi_value value = NULL;
	(void)napi_get_element(env, list, index, &value);
	return value;
}

/* A copy that is never given back: the process drives one plan, and ends. */
static const char *kept_text(napi_env env, napi_value value)
{
	const char *text = addon_copy_text(env, value);
	if (!text) {
		(void)addon_throw(env, "EINVAL", "a name of the plan is no text");
		return "";
	}
	return text;
}

static const struct qs_lane *lanes(napi_env env, napi_value shape, int32_t *count)
{
	napi_value list;
	const uint32_t length = list_property(env, shape, "lanes", &list);
	struct qs_lane *lane = calloc(length + 1, sizeof *lane);
	for (uint32_t i = 0; lane && i < length; i++) {
		napi_value one = element(env, list, i);
		lane[i].kind = kept_text(env, property(env, one, "kind"));
		lane[i].name = kept_text(env, property(env, one, "name"));
		lane[i].value = int32_property(env, one, "value");
	}
	*count = lane ? (int32_t)length : 0;
	return lane;
}

static const struct qs_group *groups(napi_env env, napi_value shape, int32_t *count)
{
	napi_value list;
	const uint32_t length = list_property(env, shape, "groups", &list);
	struct qs_group *group = calloc(length + 1, sizeof *group);
	for (uint32_t i = 0; group && i < length; i++) {
		napi_value one = element(env, list, i);
		group[i].name = kept_text(env, property(env, one, "name"));
		group[i].first = int32_property(env, one, "first");
		group[i].count = int32_property(env, one, "count");
	}
	*count = group ? (int32_t)length : 0;
	return group;
}

static const struct qs_constant *constants(napi_env env, napi_value shape, int32_t *count)
{
	napi_value list;
	const uint32_t length = list_property(env, shape, "constants", &list);
	struct qs_constant *constant = calloc(length + 1, sizeof *constant);
	for (uint32_t i = 0; constant && i < length; i++) {
		napi_value one = element(env, list, i);
		constant[i].name = kept_text(env, property(env, one, "name"));
		constant[i].value = int32_property(env, one, "value");
	}
	*count = constant ? (int32_t)length : 0;
	return constant;
}

static const char *const *step_names(napi_env env, napi_value shape, int32_t *count)
{
	napi_value list;
	const uint32_t length = list_property(env, shape, "steps", &list);
	const char **step = calloc(length + 1, sizeof *step);
	for (uint32_t i = 0; step && i < length; i++)
		step[i] = kept_text(env, element(env, list, i));
	*count = step ? (int32_t)length : 0;
	return step;
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
	set(env, result, "lane", addon_number(env, failure->lane));
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
		.words = int32_property(env, argument[0], "words"),
		.positions = int32_property(env, argument[0], "positions"),
		.state = array_property(env, argument[0], "states", &given.state),
		.start = array_property(env, argument[0], "starts", &given.start),
		.offset = array_property(env, argument[0], "offsets", &given.offset),
		.move = array_property(env, argument[0], "moves", &given.move),
	};
	plan.setup.lane = lanes(env, argument[0], &plan.setup.lanes);
	plan.setup.group = groups(env, argument[0], &plan.setup.groups);
	plan.setup.constant = constants(env, argument[0], &plan.setup.constants);
	plan.step = step_names(env, argument[0], &plan.steps);
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
		return addon_throw(env, result.refused ? "EPROTO" : "EINVAL", problem);
	return result_object(env, &result, plan.words);
}

void addon_define_replay(napi_env env, napi_value exports)
{
	const napi_property_descriptor functions[] = {
		ADDON_FUNCTION("replay", replay),
	};
	addon_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
