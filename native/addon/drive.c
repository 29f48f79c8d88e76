/* SPDX-License-Identifier: MIT */
/* A driver library (native/drive/driver.h), for JavaScript: one at a time, with one instance at a time. */
#define _GNU_SOURCE
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../drive/host.h"
#include "functions.h"

static const struct qs_driver *driver;
static struct qs_host *host;

/* Where a crash happened, said in the way that a handler may. */
static void on_crash(int number)
{
	void *frames[48];
	static const char head[] = "the driver's process crashed here:\n";
	(void)!write(2, head, sizeof head - 1);
	backtrace_symbols_fd(frames, backtrace(frames, 48), 2);
	signal(number, SIG_DFL);
	raise(number);
}

static void watch_crashes(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	void *frame;
	/* The first call loads a library, which a handler may not. */
	(void)backtrace(&frame, 1);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		signal(numbers[i], on_crash);
}

/* Reads [name, number or text] pairs. */
static struct qs_value *values_of(napi_env env, napi_value list, int *count)
{
	uint32_t length = 0;
	struct qs_value *values;
	(void)napi_get_array_length(env, list, &length);
	values = calloc(length + 1, sizeof *values);
	*count = (int)length;
	for (uint32_t i = 0; values && i < length; i++) {
		napi_value pair, name, value;
		int64_t number = 0;
		(void)napi_get_element(env, list, i, &pair);
		(void)napi_get_element(env, pair, 0, &name);
		(void)napi_get_element(env, pair, 1, &value);
		values[i].name = addon_copy_text(env, name);
		if (napi_get_value_int64(env, value, &number) == napi_ok)
			values[i].number = number;
		else
			values[i].text = addon_copy_text(env, value);
	}
	return values;
}

static void free_values(const struct qs_value *values, int count)
{
	for (int i = 0; i < count; i++) {
		free((void *)(uintptr_t)values[i].name);
		free((void *)(uintptr_t)values[i].text);
	}
	free((void *)(uintptr_t)values);
}

static void free_ask(struct qs_ask *ask)
{
	free_values(ask->parameter, ask->parameters);
	free((void *)(uintptr_t)ask->step);
	free(ask);
}

/* driveOpen(file) */
static napi_value open_driver(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	const char *problem = NULL;
	char *file;
	if (!addon_arguments(env, info, 1, argument))
		return NULL;
	file = addon_copy_text(env, argument[0]);
	driver = file ? qs_host_load(file, &problem) : NULL;
	free(file);
	if (!driver)
		return addon_throw(env, "EINVAL", problem ? problem : "the file's name is no string");
	qs_host_free = free_ask;
	watch_crashes();
	return addon_text(env, driver->name ? driver->name : "");
}

/* driveBegin(claim, lanes, constants) */
static napi_value begin(napi_env env, napi_callback_info info)
{
	napi_value argument[3];
	struct qs_driver_world world = { 0 };
	const char *problem = NULL;
	char *claim;
	if (!addon_arguments(env, info, 3, argument))
		return NULL;
	if (!driver || host)
		return addon_throw(env, "EINVAL", "no driver is open, or an instance is");
	world.claim = claim = addon_copy_text(env, argument[0]);
	world.lane = values_of(env, argument[1], &world.lanes);
	world.constant = values_of(env, argument[2], &world.constants);
	host = qs_host_begin(driver, &world, &problem);
	free(claim);
	free_values(world.lane, world.lanes);
	free_values(world.constant, world.constants);
	if (!host)
		return addon_throw(env, "EINVAL", problem);
	return addon_undefined(env);
}

/* driveStep(step, lane, parameters): 0 done, 1 refused, 2 unknown, 4 blocked */
static napi_value step(napi_env env, napi_callback_info info)
{
	napi_value argument[3];
	struct qs_ask *ask;
	const char *problem = NULL;
	int32_t lane = 0;
	int taken;
	if (!addon_arguments(env, info, 3, argument))
		return NULL;
	ask = calloc(1, sizeof *ask);
	if (!host || !ask || napi_get_value_int32(env, argument[1], &lane) != napi_ok) {
		free(ask);
		return addon_throw(env, "EINVAL", "there is no instance, or the lane is no number");
	}
	ask->step = addon_copy_text(env, argument[0]);
	ask->lane = lane;
	ask->parameter = values_of(env, argument[2], &ask->parameters);
	taken = qs_host_step(host, ask, &problem);
	if (!problem)
		problem = qs_host_problem(host);
	if (problem)
		return addon_throw(env, "EINVAL", problem);
	return addon_number(env, taken);
}

/* What napi needs, behind the look that a driver is given. */
struct look {
	struct qs_look shown;
	napi_env env;
	napi_value words;
};

static void show(struct qs_look *shown, const char *word, napi_value value)
{
	struct look *look = (struct look *)shown;
	(void)napi_set_named_property(look->env, look->words, word, value);
}

static napi_env env_of(struct qs_look *shown)
{
	return ((struct look *)shown)->env;
}

static void number(struct qs_look *shown, const char *word, int64_t value)
{
	show(shown, word, addon_number(env_of(shown), (double)value));
}

static void text(struct qs_look *shown, const char *word, const char *value)
{
	show(shown, word, addon_text(env_of(shown), value));
}

static void list(struct qs_look *shown, const char *word, const int64_t *values, size_t count)
{
	napi_value result = NULL;
	(void)napi_create_array_with_length(env_of(shown), count, &result);
	for (size_t i = 0; i < count; i++)
		(void)napi_set_element(env_of(shown), result, (uint32_t)i,
				       addon_number(env_of(shown), (double)values[i]));
	show(shown, word, result);
}

static void boolean(struct qs_look *shown, const char *word, int value)
{
	napi_value result = NULL;
	(void)napi_get_boolean(env_of(shown), value != 0, &result);
	show(shown, word, result);
}

/* driveLook(): the words */
static napi_value look(napi_env env, napi_callback_info info)
{
	struct look shown = {
		.shown = { .number = number, .text = text, .list = list, .boolean = boolean },
		.env = env,
	};
	const char *problem;
	(void)info;
	if (!host)
		return addon_throw(env, "EINVAL", "there is no instance");
	qs_host_settle(host);
	problem = qs_host_problem(host);
	if (problem)
		return addon_throw(env, "EINVAL", problem);
	(void)napi_create_object(env, &shown.words);
	qs_host_look(host, &shown.shown);
	return shown.words;
}

/* driveBusy(lane) */
static napi_value busy(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	int32_t lane = -1;
	if (!addon_arguments(env, info, 1, argument))
		return NULL;
	(void)napi_get_value_int32(env, argument[0], &lane);
	return addon_number(env, host ? qs_host_is_busy(host, lane) : 0);
}

/* driveEnd() */
static napi_value end(napi_env env, napi_callback_info info)
{
	(void)info;
	if (host)
		qs_host_end(host);
	host = NULL;
	return addon_undefined(env);
}

void addon_define_drive(napi_env env, napi_value exports)
{
	const napi_property_descriptor functions[] = {
		ADDON_FUNCTION("driveOpen", open_driver), ADDON_FUNCTION("driveBegin", begin),
		ADDON_FUNCTION("driveStep", step),        ADDON_FUNCTION("driveLook", look),
		ADDON_FUNCTION("driveBusy", busy),        ADDON_FUNCTION("driveEnd", end),
	};
	addon_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
