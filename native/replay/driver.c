/* SPDX-License-Identifier: MIT */
/*
 * The replay driver. Each thread of the specification is a thread here; exactly one has the turn. It performs one
 * step of the target, from the step point at which it stood to the next one (or to the operation's end); there it
 * compares the whole state with the plan's and gives the turn directly to the thread of the next move. When that
 * is itself, no system call is made.
 *
 * A thread that falls asleep in a futex has given the turn away just before. While the plan has it asleep, it is
 * looked at after each move; when the plan has a move wake it, that move is complete only when both have arrived.
 *
 * At a path's end the gates are opened and the target runs freely until everything has been given back.
 * The calling thread is the watchdog.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "baton.h"
#include "generated/steps.h"
#include "target.h"

#define ASLEEP (-1)

static const char *const step_names[] = { QS_STEP_NAMES };
#define STEPS ((int)(sizeof step_names / sizeof step_names[0]))

struct driver;

struct worker {
	alignas(64) qs_atomic(uint32_t) turn;
	alignas(64) struct driver *driver;
	int32_t id;
	bool moving;                 /* between the step point it was let on from and the next one */
	qs_atomic(uint32_t) asleep;  /* it has been let into the futex */
	qs_atomic(uint32_t) expected_back; /* the move in progress is to wake it */
	int blocked;                 /* for qs_blocked() */
	pthread_t thread;
};

struct driver {
	const struct qs_plan *plan;
	const struct qs_replay_options *options;
	const struct qs_target *target;
	struct qs_progress *progress;
	struct worker *worker;
	int32_t threads;

	/* Owned by whoever has the turn. */
	void *world;
	int32_t path;
	const int32_t *move, *last;    /* the move in progress; one behind the path's last */
	const int32_t *expected;       /* the state that it leads to */
	int32_t *actual;               /* its last words, where each thread is, are kept up to date at arrival */
	int32_t asleep;                /* how many threads are */
	bool fell_asleep;              /* in the move before this one */
	uint64_t membarriers;          /* calls before the move in progress */
	int32_t raises;                /* of the number of the grace period, on this path so far */
	uint64_t paths, steps, probes;

	qs_atomic(uint32_t) pending;  /* threads that have yet to arrive for the move to be complete */
	qs_atomic(uint32_t) draining; /* the gates are open */
	qs_atomic(uint32_t) undrained;
	qs_atomic(uint32_t) quit;
	qs_atomic(uint32_t) failing;
	qs_atomic(uint32_t) over; /* the watchdog's word */
	struct qs_failure failure;
};

static _Thread_local struct worker *current;

static const char *step_name(int32_t step)
{
	return step == ASLEEP ? "asleep" : step >= 0 && step < STEPS ? step_names[step] : "an unknown step";
}

static int32_t *at(struct driver *driver, int32_t *state, int32_t thread)
{
	return state + driver->plan->words - driver->threads + thread;
}

static int32_t expected_at(struct driver *driver, int32_t thread)
{
	return driver->expected[driver->plan->words - driver->threads + thread];
}

static int64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*-------------------------------------------- failure --------------------------------------------*/

/* The first failure counts; false for all others. */
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

__attribute__((format(printf, 3, 4))) static bool record(struct driver *driver, const char *kind,
							  const char *format, ...)
{
	va_list arguments;
	bool first;
	va_start(arguments, format);
	first = record_list(driver, kind, format, arguments);
	va_end(arguments);
	return first;
}

/* The thread never goes on: what it would do next isn't what was asked. */
__attribute__((format(printf, 3, 4), noreturn)) static void fail(struct driver *driver, const char *kind,
								  const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (record_list(driver, kind, format, arguments))
		qs_baton_give(&driver->over);
	va_end(arguments);
	for (;;)
		pause();
}

__attribute__((noreturn)) static void fail_state(struct driver *driver)
{
	int32_t thread = 0;
	while (thread < driver->threads && *at(driver, driver->actual, thread) == expected_at(driver, thread))
		thread++;
	driver->failure.expected = (int32_t *)(uintptr_t)driver->expected;
	driver->failure.actual = driver->actual;
	if (thread < driver->threads)
		fail(driver, "step", "thread %d is at %s, the specification has it at %s", thread,
		     step_name(*at(driver, driver->actual, thread)), step_name(expected_at(driver, thread)));
	fail(driver, "state", "the state is not the specification's");
}

/*--------------------------------------------- moves ---------------------------------------------*/

/* Says where we are, to those who have to tell it if this process dies. */
static void set_progress(struct driver *driver, int32_t move, int32_t thread, int32_t step)
{
	qs_store_relaxed(&driver->progress->move, move);
	qs_store_relaxed(&driver->progress->thread, thread);
	qs_store_relaxed(&driver->progress->step, step);
}

/* Publishes the move in progress, and what has to arrive for it to be complete. The one to give the turn to. */
static struct worker *prepare(struct driver *driver)
{
	uint32_t pending = 1;
	driver->expected = driver->plan->state + (size_t)driver->move[2] * (size_t)driver->plan->words;
	for (int32_t i = 0; driver->asleep > 0 && i < driver->threads; i++) {
		struct worker *worker = &driver->worker[i];
		if (qs_load_relaxed(&worker->asleep) && expected_at(driver, i) != ASLEEP) {
			qs_store_relaxed(&worker->expected_back, 1);
			pending++;
		}
	}
	qs_store_release(&driver->pending, pending);
	set_progress(driver, qs_load_relaxed(&driver->progress->move) + 1, driver->move[0], driver->move[1]);
	return &driver->worker[driver->move[0]];
}

/* Every thread that the plan has asleep is looked at: it must sit in a futex. */
static void probe_sleepers(struct driver *driver, struct worker *self)
{
	for (int32_t i = 0; i < driver->threads; i++) {
		struct worker *worker = &driver->worker[i];
		int64_t since;
		if (worker == self || !qs_load_acquire(&worker->asleep))
			continue;
		driver->probes++;
		if (qs_blocked(worker->blocked, &worker->turn))
			continue;
		/* It may be on its way into the futex; or it is on its way out, and will say so itself. */
		since = milliseconds();
		do {
			sched_yield();
			if (milliseconds() - since > driver->options->hang_ms / 2)
				fail(driver, "not-blocked", "thread %d should be asleep, and isn't in a futex", i);
		} while (!qs_blocked(worker->blocked, &worker->turn));
	}
}

/*
 * Looks at the target's state as a plan sees it. Numbers of grace periods are relative there, since the specification's
 * graph comes back to where it was after each update: gp is taken less the raises of the path so far, and an
 * announcement by its age: 0 nothing, 1 older than gp, 2 as young as gp, 3 a number that there hasn't been yet.
 */
static void observe(struct driver *driver)
{
	int32_t *words = driver->actual;
	int32_t *announced = words + 3 + driver->plan->cells;
	int32_t gp;
	driver->target->observe(driver->world, words);
	gp = words[0];
	words[0] = gp - driver->raises;
	for (int32_t i = 0; i < driver->plan->readers; i++) {
		if (announced[i] != 0)
			announced[i] = announced[i] < gp ? 1 : announced[i] == gp ? 2 : 3;
	}
}

static void check_membarriers(struct driver *driver)
{
	uint64_t calls = driver->target->membarriers() - driver->membarriers;
	uint64_t wanted = driver->move[1] == QS_STEP_Membarrier || driver->move[1] == QS_STEP_MembarrierWaiting;
	if (calls != wanted)
		fail(driver, "membarrier", "%s called membarrier %llu times, not %llu", step_name(driver->move[1]),
		     (unsigned long long)calls, (unsigned long long)wanted);
	driver->membarriers += calls;
}

static bool next_path(struct driver *driver, struct worker *self);
static bool end_path(struct driver *driver, struct worker *self);

static void give(struct worker *worker)
{
	qs_baton_give(&worker->turn);
}

/* All have arrived. True when the next turn is the caller's own. */
static bool complete(struct driver *driver, struct worker *self)
{
	struct worker *next;
	driver->raises += driver->move[1] == QS_STEP_Raise;
	observe(driver);
	if (memcmp(driver->actual, driver->expected, (size_t)driver->plan->words * sizeof(int32_t)) != 0)
		fail_state(driver);
	check_membarriers(driver);
	if (driver->asleep > 0)
		probe_sleepers(driver, self);
	driver->steps++;
	qs_store_relaxed(&driver->progress->steps, driver->steps);
	driver->move += 3;
	if (driver->move == driver->last)
		return end_path(driver, self);
	next = prepare(driver);
	if (next == self)
		return true;
	give(next);
	return false;
}

/* The calling thread has come to a step point, or to the end of its operation. True: it goes on at once. */
static bool arrive(struct worker *self, int step)
{
	struct driver *driver = self->driver;
	if (qs_load_relaxed(&self->asleep)) {
		if (!qs_exchange_acquire(&self->expected_back, 0))
			fail(driver, "not-blocked", "thread %d should be asleep, and has arrived at %s", self->id,
			     step_name(step));
		qs_store_relaxed(&self->asleep, 0);
		driver->asleep--;
	}
	self->moving = false;
	*at(driver, driver->actual, self->id) = step;
	return qs_fetch_sub(&driver->pending, 1) == 1 && complete(driver, self);
}

/* The calling thread has the turn, and stands before the step of the move in progress. */
static void begin(struct worker *self, int step)
{
	struct driver *driver = self->driver;
	if (step != driver->move[1])
		fail(driver, "step", "thread %d is at %s, the specification lets it do %s", self->id, step_name(step),
		     step_name(driver->move[1]));
	if (driver->fell_asleep) {
		/* Before this step does anything: it may be the very one that is to wake the sleeper. */
		driver->fell_asleep = false;
		probe_sleepers(driver, self);
	}
	self->moving = true;
	if (expected_at(driver, self->id) != ASLEEP)
		return;
	*at(driver, driver->actual, self->id) = ASLEEP;
	qs_store_release(&self->asleep, 1);
	driver->asleep++;
	driver->fell_asleep = true;
	if (qs_fetch_sub(&driver->pending, 1) == 1 && complete(driver, self) && !qs_load_relaxed(&driver->draining))
		fail(driver, "step", "the plan moves thread %d, which it has asleep", self->id);
}

static bool is_draining(struct driver *driver)
{
	return qs_load_acquire(&driver->draining) != 0;
}

static void hook(int step)
{
	struct worker *self = current;
	if (!self || is_draining(self->driver))
		return;
	if (self->moving || qs_load_relaxed(&self->asleep)) {
		if (!arrive(self, step))
			qs_baton_take(&self->turn);
		if (is_draining(self->driver))
			return;
	}
	begin(self, step);
}

/*--------------------------------------------- paths ---------------------------------------------*/

/* At a path's end: is there anything that this thread has to finish or to give back? */
static bool undrained(struct driver *driver, int32_t thread)
{
	const int32_t *slot = driver->expected + 3 + driver->plan->cells + 2 * driver->plan->readers;
	return expected_at(driver, thread) != QS_STEP_Idle || (thread > 0 && slot[thread - 1] != 0);
}

/*
 * Opens the gates. True when the caller has to drain, too. Who has to is settled before: once the last of the others
 * has been given its turn, the next path may have begun.
 */
static bool end_path(struct driver *driver, struct worker *self)
{
	uint64_t all = 0, woken = 0;
	uint32_t count = 0;
	for (int32_t i = 0; i < driver->threads; i++) {
		if (!undrained(driver, i))
			continue;
		count++;
		all |= (uint64_t)1 << i;
		/* The target itself has to wake those who are asleep. */
		if (i != self->id && !qs_load_relaxed(&driver->worker[i].asleep))
			woken |= (uint64_t)1 << i;
	}
	set_progress(driver, qs_load_relaxed(&driver->progress->move) + 1, 0, QS_STEP_Idle);
	if (count == 0)
		return next_path(driver, self);
	qs_store_relaxed(&driver->undrained, count);
	qs_store_release(&driver->draining, 1);
	for (int32_t i = 0; woken >> i != 0; i++) {
		if (woken >> i & 1)
			give(&driver->worker[i]);
	}
	return all >> self->id & 1;
}

/* Everything has been given back: nobody is registered, announces, or waits. */
static void check_drained(struct driver *driver)
{
	int32_t *words = driver->actual;
	int32_t readers = driver->plan->readers;
	int32_t *announced = words + 3 + driver->plan->cells;
	observe(driver);
	for (int32_t i = 0; i < 2 * readers; i++) {
		if (announced[i] != 0)
			fail(driver, "state", "after the path's end all readers have left, but slot %d still %s",
			     i % readers + 1, i < readers ? "announces" : "has an owner");
	}
	if (words[1] != 0)
		fail(driver, "state", "after the path's end nobody waits, but the futex word is %d", words[1]);
}

static bool start_path(struct driver *driver, struct worker *self)
{
	const struct qs_plan *plan = driver->plan;
	struct worker *next;
	driver->move = plan->move + (size_t)plan->offset[driver->path] * 3;
	driver->last = plan->move + (size_t)plan->offset[driver->path + 1] * 3;
	driver->expected = plan->state + (size_t)plan->start[driver->path] * (size_t)plan->words;
	qs_store_relaxed(&driver->progress->path, driver->path);
	set_progress(driver, -1, 0, QS_STEP_Idle);
	driver->world = driver->target->create(plan->readers, plan->cells);
	if (!driver->world)
		fail(driver, "state", "the target couldn't make a fresh world");
	memset(driver->actual, 0, (size_t)plan->words * sizeof(int32_t));
	driver->asleep = 0;
	driver->fell_asleep = false;
	driver->membarriers = driver->target->membarriers();
	driver->raises = 0;
	observe(driver);
	if (memcmp(driver->actual, driver->expected, (size_t)plan->words * sizeof(int32_t)) != 0)
		fail_state(driver);
	if (driver->move == driver->last)
		return next_path(driver, self);
	next = prepare(driver);
	if (next == self)
		return true;
	give(next);
	return false;
}

/* Called by one thread, when all others stand idle. */
static bool next_path(struct driver *driver, struct worker *self)
{
	int32_t limit = qs_load_relaxed(&driver->progress->limit);
	if (driver->world) {
		check_drained(driver);
		driver->target->destroy(driver->world);
		driver->world = NULL;
		driver->paths++;
		qs_store_relaxed(&driver->progress->paths, driver->paths);
		qs_store_relaxed(&driver->progress->probes, driver->probes);
		driver->path += driver->options->stride;
	}
	for (int32_t i = 0; i < driver->threads; i++) {
		qs_store_relaxed(&driver->worker[i].asleep, 0);
		qs_store_relaxed(&driver->worker[i].expected_back, 0);
		driver->worker[i].moving = false;
	}
	qs_store_release(&driver->draining, 0);
	if (driver->path < driver->plan->paths && (limit < 0 || driver->path <= limit))
		return start_path(driver, self);
	qs_baton_give(&driver->over);
	return false;
}

/*-------------------------------------------- threads --------------------------------------------*/

/* With the turn, between operations. True: it still has it, or it has to drain. */
static bool operate(struct worker *self)
{
	struct driver *driver = self->driver;
	const char *problem;
	if (!driver->world)
		return next_path(driver, self);
	if (is_draining(driver)) {
		driver->target->drain(driver->world, self->id);
		return qs_fetch_sub(&driver->undrained, 1) == 1 && next_path(driver, self);
	}
	problem = driver->target->run(driver->world, self->id, driver->move[1]);
	if (is_draining(driver))
		return true;
	if (problem)
		fail(driver, strcmp(problem, QS_TARGET_USE_AFTER_FREE) == 0 ? "use-after-free" : "state",
		     "thread %d %s", self->id, problem);
	if (!self->moving && !qs_load_relaxed(&self->asleep))
		fail(driver, "step", "thread %d ended an operation without the step %s", self->id,
		     step_name(driver->move[1]));
	return arrive(self, QS_STEP_Idle);
}

static void *work(void *argument)
{
	struct worker *self = argument;
	/* A thread that is woken then doesn't push its waker off the processor: one switch for a turn, not two. */
	struct sched_param parameters = { 0 };
	(void)sched_setscheduler(0, SCHED_BATCH, &parameters);
	self->blocked = qs_blocked_open();
	current = self;
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

/* Returns when all paths have been driven, or something has failed, or nothing has moved for too long. */
static void watch(struct driver *driver)
{
	struct qs_progress *progress = driver->progress;
	uint64_t seen = UINT64_MAX;
	int64_t since = milliseconds();
	while (qs_load_acquire(&driver->over) == 0) {
		uint64_t now = qs_load_relaxed(&progress->steps) + qs_load_relaxed(&progress->paths);
		if (now != seen)
			since = milliseconds();
		seen = now;
		if (milliseconds() - since > driver->options->hang_ms &&
		    record(driver, "hang",
			   is_draining(driver) ? "the target doesn't come to rest after the path's end (%d ms)" :
						 "nothing has arrived for %d ms",
			   driver->options->hang_ms))
			return;
		qs_wait_for(&driver->over, 0, driver->options->hang_ms / 8 + 1);
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
	if (driver->target->abi != QS_TARGET_ABI)
		return "the target was built for another version of target.h";
	return NULL;
}

static void start_workers(struct driver *driver)
{
	for (int32_t i = 0; i < driver->threads; i++) {
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
	for (int32_t i = 0; i < driver->threads; i++)
		give(&driver->worker[i]);
	for (int32_t i = 0; i < driver->threads; i++)
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
	driver->threads = plan->readers + 1;
	driver->path = options->first;
	driver->worker = aligned_alloc(64, (size_t)driver->threads * sizeof(struct worker));
	driver->actual = calloc((size_t)plan->words, sizeof(int32_t));
	if (!driver->worker || !driver->actual)
		return "out of memory";
	memset(driver->worker, 0, (size_t)driver->threads * sizeof(struct worker));
	problem = load(driver);
	if (problem)
		return problem;
	if (options->cpu >= 0)
		pin(options->cpu);
	driver->target->set_hook(hook);
	clock_gettime(CLOCK_MONOTONIC, &start);
	start_workers(driver);
	give(&driver->worker[0]);
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
