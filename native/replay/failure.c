/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drive.h"

const char *drive_step_name(const struct driver *driver, int32_t step)
{
	if (step == QS_ASLEEP)
		return "asleep";
	return step >= 0 && step < driver->plan->steps ? driver->plan->step[step] : "an unknown step";
}

int64_t drive_milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool record_list(struct driver *driver, const char *kind, const char *format, va_list arguments)
{
	struct qs_failure *failure = &driver->failure;
	uint32_t nobody = 0;
	if (!qs_compare_exchange(&driver->failing, &nobody, 1))
		return false;
	failure->path = qs_load_relaxed(&driver->progress->path);
	failure->move = qs_load_relaxed(&driver->progress->move);
	failure->lane = qs_load_relaxed(&driver->progress->lane);
	failure->step = qs_load_relaxed(&driver->progress->step);
	vsnprintf(failure->message, sizeof failure->message, format, arguments);
	failure->kind = kind;
	return true;
}

bool drive_record(struct driver *driver, const char *kind, const char *format, ...)
{
	va_list arguments;
	bool first;
	va_start(arguments, format);
	first = record_list(driver, kind, format, arguments);
	va_end(arguments);
	return first;
}

void drive_fail(struct driver *driver, const char *kind, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (record_list(driver, kind, format, arguments))
		qs_baton_give(&driver->over);
	va_end(arguments);
	for (;;)
		pause();
}

void drive_fail_taken(struct driver *driver)
{
	drive_fail(driver, "taken", "it takes a step that the specification does not allow here");
}

void drive_compare(struct driver *driver)
{
	int32_t lane = 0;
	if (memcmp(driver->actual, driver->expected, (size_t)driver->plan->words * sizeof(int32_t)) == 0)
		return;
	while (lane < driver->lanes && *at(driver, driver->actual, lane) == expected_at(driver, lane))
		lane++;
	driver->failure.expected = driver->expected;
	driver->failure.actual = driver->actual;
	if (lane < driver->lanes)
		drive_fail(driver, "step", "%s is at %s, the specification has it at %s", lane_name(driver, lane),
			   drive_step_name(driver, *at(driver, driver->actual, lane)),
			   drive_step_name(driver, expected_at(driver, lane)));
	drive_fail(driver, "state", "the state is not the specification's");
}
