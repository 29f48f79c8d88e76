/* SPDX-License-Identifier: MIT */
/*
 * The replay driver. Each lane of the specification is a thread here; exactly one has the turn. It performs one
 * step of the target, from the step point at which it stood to the next one (or to the operation's end); there it
 * compares the whole state with the plan's and gives the turn directly to the thread of the next move. When that
 * is itself, no system call is made.
 *
 * A thread that falls asleep in a futex has given the turn away just before. While the plan has it asleep, it is
 * looked at after each move; when the plan has a move wake some, that move is complete only when all have arrived.
 *
 * At a path's end the gates are opened and the target runs freely until everything has been given back.
 * The calling thread is the watchdog.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <dirent.h>
#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../src/futex.h"
#include "drive.h"

/* The operation that the calling thread has begun is over, and has done nothing. */
static bool refused(struct driver *driver, struct worker *self)
{
	if (!is_asked(driver))
		drive_fail(driver, "refused", "it refuses a step that the specification allows");
	return drive_arrive(self, QS_IDLE);
}

/* With the turn, between operations. True: it still has it, or it has to drain. */
static bool operate(struct worker *self)
{
	struct driver *driver = self->driver;
	const char *problem;
	if (!driver->world)
		return drive_next_path(driver, self);
	if (is_draining(driver)) {
		if (driver->target->drain)
			driver->target->drain(driver->world, self->id);
		return qs_fetch_sub(&driver->undrained, 1) == 1 && drive_next_path(driver, self);
	}
	problem = driver->target->run(driver->world, self->id, driver->setup.step[moved_step(driver)]);
	if (is_draining(driver))
		return true;
	if (problem && strcmp(problem, QS_TARGET_REFUSED) == 0)
		return refused(driver, self);
	if (problem)
		drive_fail(driver, strcmp(problem, QS_TARGET_USE_AFTER_FREE) == 0 ? "use-after-free" : "state",
			   "%s %s", lane_name(driver, self->id), problem);
	if (is_asked(driver))
		drive_fail_taken(driver);
	if (!self->moving && !qs_load_relaxed(&self->asleep))
		drive_fail(driver, "step", "%s ended an operation without the step %s",
			   lane_name(driver, self->id), drive_step_name(driver, moved_step(driver)));
	return drive_arrive(self, QS_IDLE);
}

static void *work(void *argument)
{
	struct worker *self = argument;
	/* A thread that is woken then doesn't push its waker off the processor: one switch for a turn, not two. */
	struct sched_param parameters = { 0 };
	(void)sched_setscheduler(0, SCHED_BATCH, &parameters);
	self->blocked = qs_blocked_open();
	drive_current = self;
	for (;;) {
		qs_baton_take(&self->turn);
		if (qs_load_acquire(&self->driver->quit))
			break;
		while (operate(self))
			continue;
	}
	if (self->blocked >= 0)
		close(self->blocked);
	return NULL;
}

/*
 * Nothing moves when nothing has moved at so many looks in a row, with the same part of hang_ms before each. A process
 * that is stopped as a whole, or gets no processor, doesn't look either: however long that takes, it is one look.
 */
enum { LOOKS = 8 };

/* Returns when all paths have been driven, or something has failed, or nothing has moved for too long. */
static void watch(struct driver *driver)
{
	struct qs_progress *progress = driver->progress;
	const int32_t part = driver->options->hang_ms / LOOKS + 1;
	uint64_t seen = UINT64_MAX;
	int64_t last = 0;
	int still = 0;
	while (qs_load_acquire(&driver->over) == 0) {
		const int64_t now = drive_milliseconds();
		uint64_t moves = qs_load_relaxed(&progress->steps) + qs_load_relaxed(&progress->probes) +
				 qs_load_relaxed(&progress->paths);
		/* It may be woken for no reason: that is no look. */
		if (moves != seen || now - last >= part) {
			still = moves != seen ? 0 : still + 1;
			last = now;
		}
		seen = moves;
		if (still >= LOOKS &&
		    drive_record(driver, "hang",
				 is_draining(driver) ? "the target doesn't come to rest after the path's end (%d ms)" :
						       "nothing has arrived for %d ms",
				 driver->options->hang_ms))
			return;
		(void)qs_futex_wait(&driver->over, 0, (uint32_t)part);
	}
}

static void pin(int32_t cpu)
{
	cpu_set_t set;
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	(void)sched_setaffinity(0, sizeof set, &set);
	while (tasks && (entry = readdir(tasks))) {
		if (entry->d_name[0] != '.')
			(void)sched_setaffinity((pid_t)strtol(entry->d_name, NULL, 10), sizeof set, &set);
	}
	if (tasks)
		closedir(tasks);
}

static const char *load(struct driver *driver)
{
	static char problem[QS_MESSAGE_MAX];
	void *library = dlopen(driver->options->target, RTLD_NOW | RTLD_LOCAL);
	qs_target_get_function get;
	if (!library) {
		snprintf(problem, sizeof problem, "the target can't be loaded: %s", dlerror());
		return problem;
	}
	*(void **)&get = dlsym(library, QS_TARGET_GET);
	if (!get)
		return "the target doesn't export " QS_TARGET_GET "()";
	driver->target = get();
	return driver->target ? NULL : QS_TARGET_GET "() returns NULL";
}

static void start_workers(struct driver *driver)
{
	for (int32_t i = 0; i < driver->lanes; i++) {
		struct worker *worker = &driver->worker[i];
		worker->driver = driver;
		worker->id = i;
		worker->blocked = -1;
		if (pthread_create(&worker->thread, NULL, work, worker) != 0)
			abort();
	}
}

static void stop_workers(struct driver *driver)
{
	qs_store_release(&driver->quit, 1);
	for (int32_t i = 0; i < driver->lanes; i++)
		qs_baton_give(&driver->worker[i].turn);
	for (int32_t i = 0; i < driver->lanes; i++)
		pthread_join(driver->worker[i].thread, NULL);
}

const char *qs_replay(const struct qs_plan *plan, const struct qs_replay_options *options,
		      struct qs_progress *progress, struct qs_replay_result *result)
{
	struct timespec start, end;
	const char *problem;
	struct driver *driver = aligned_alloc(64, (sizeof(struct driver) + 63) / 64 * 64);
	if (!driver)
		return "out of memory";
	memset(driver, 0, sizeof *driver);
	driver->plan = plan;
	driver->options = options;
	driver->progress = progress;
	driver->lanes = plan->setup.lanes;
	driver->path = options->first;
	driver->worker = aligned_alloc(64, (size_t)driver->lanes * sizeof(struct worker));
	driver->actual = calloc((size_t)plan->words, sizeof(int32_t));
	if (!driver->worker || !driver->actual)
		return "out of memory";
	memset(driver->worker, 0, (size_t)driver->lanes * sizeof(struct worker));
	problem = load(driver);
	if (!problem)
		problem = drive_match(driver);
	result->refused = problem != NULL;
	if (problem)
		return problem;
	if (options->cpu >= 0)
		pin(options->cpu);
	driver->target->set_hook(drive_hook);
	clock_gettime(CLOCK_MONOTONIC, &start);
	start_workers(driver);
	qs_baton_give(&driver->worker[0].turn);
	watch(driver);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!qs_load_acquire(&driver->failing))
		stop_workers(driver);
	*result = (struct qs_replay_result){
		.paths = driver->paths,
		.steps = driver->steps,
		.probes = driver->probes,
		.seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
		.failure = driver->failure,
	};
	return NULL;
}
