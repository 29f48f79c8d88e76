/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drive.h"

static const char *const step_names[] = { QS_STEP_NAMES };
#define STEPS ((int)(sizeof step_names / sizeof step_names[0]))

const char *drive_step_name(int32_t step)
{
	return step == ASLEEP ? "asleep" : step >= 0 && step < STEPS ? step_names[step] : "an unknown step";
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
	failure->thread = qs_load_relaxed(&driver->progress->thread);
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

void drive_compare(struct driver *driver)
{
	int32_t thread = 0;
	if (memcmp(driver->actual, driver->expected, (size_t)driver->plan->words * sizeof(int32_t)) == 0)
		return;
	while (thread < driver->threads && *at(driver, driver->actual, thread) == expected_at(driver, thread))
		thread++;
	driver->failure.expected = driver->expected;
	driver->failure.actual = driver->actual;
	if (thread < driver->threads)
		drive_fail(driver, "step", "thread %d is at %s, the specification has it at %s", thread,
			   drive_step_name(*at(driver, driver->actual, thread)),
			   drive_step_name(expected_at(driver, thread)));
	drive_fail(driver, "state", "the state is not the specification's");
}
