/* SPDX-License-Identifier: MIT */
/*
 * Free-running threads whose steps are recorded: the library is compiled with its step points, and each of its threads
 * does over and over what the threads of spec/rcu/number-steps/Urcu.tla may do. One recording after another, each of a
 * domain of its own from its first state on. Usage: steps OPTION=VALUE..., see main(). Prints one line of JSON.
 *
 * Nothing is given back to the allocator while a recording lasts, so that a use after free is seen and not undefined.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "quiesce/quiesce.h"
#include "write.h"

#ifndef RECORD_FLAVOUR
#define RECORD_FLAVOUR QS_MEMBARRIER
#endif

#define MOST_THREADS 64
#define NAME_LENGTH 24

/* What is observed in a step; the names are those of the contract, spec/rcu/number-steps/Urcu.contract.json. */
enum { NOTHING, SLOT, ANNOUNCED, HELD, FOUND };

enum { EMPTY, LIVE, FREED };

struct object {
	qs_atomic(uint32_t) state;
	uint32_t cell; /* with one updater: which of the specification's two cells it is */
};

struct self {
	struct world *world;
	unsigned int thread;
	uint32_t dice;
	struct object *object; /* an updater's, one for each update */
};

static struct world {
	struct qs_domain domain;
	qs_atomic(void *) head;
	struct object first;
	unsigned int updaters, readers, threads, nesting;
	uint64_t events;
	qs_atomic(uint32_t) stop, ready, gone;
	pthread_t thread[MOST_THREADS];
	struct self self[MOST_THREADS];
	struct qs_lane lane[MOST_THREADS];
	char name[MOST_THREADS][NAME_LENGTH];
} world;

static const char *const step_name[] = { QS_STEP_NAMES };

static void on_step(int step)
{
	if (qs_own_lane)
		qs_lane_step(qs_own_lane, (unsigned int)step);
}

/* With the thread's number in brackets, as the contract has it. */
static const char *name_of_value[4 * MOST_THREADS];
static char value_text[4 * MOST_THREADS][NAME_LENGTH];
static const char *const kind_of_value[] = { "slot", "announced", "held", "found" };

static void name_values(unsigned int threads)
{
	for (unsigned int i = 0; i < 4 * threads; i++) {
		(void)snprintf(value_text[i], NAME_LENGTH, "%s[%u]", kind_of_value[i % 4], i / 4);
		name_of_value[i] = value_text[i];
	}
}

static void observe(const struct self *self, unsigned int step, unsigned int what, int64_t value)
{
	qs_lane_observe(qs_own_lane, step, 4 * self->thread + what, value);
}

/* Has the thread recorded its share? */
static bool is_done(const struct world *of)
{
	return qs_load_relaxed(&qs_own_lane->count) >= of->events || qs_load_relaxed(&of->stop);
}

/* Threads that are never late for anything would run one after another: a section lasts less than a microsecond. */
static void dawdle(uint32_t *dice)
{
	const struct timespec moment = { .tv_nsec = 1000 };
	*dice = *dice * 1664525u + 1013904223u;
	switch (*dice >> 28) {
	case 0:
		(void)nanosleep(&moment, NULL);
		break;
	case 1:
	case 2:
	case 3:
		sched_yield();
		break;
	default:
		for (uint32_t i = *dice >> 22 & 0xff; i > 0; i--)
			qs_pause();
	}
}

static void use(const struct self *self, const struct object *held)
{
	QS_STEP(Use);
	int64_t found = qs_load_relaxed(&held->state);
	qs_lane_end(qs_own_lane);
	observe(self, QS_STEP_Use, FOUND, found);
}

static void section(struct self *self, struct qs_reader *reader, bool nests)
{
	struct world *of = self->world;
	struct object *held;
	qs_token outer = qs_read_lock(reader), inner;
	qs_lane_end(qs_own_lane);
	observe(self, QS_STEP_Announce, ANNOUNCED, (int64_t)qs_load_relaxed(&reader->announced));
	held = qs_dereference(&of->head);
	qs_lane_end(qs_own_lane);
	if (of->updaters == 1)
		observe(self, QS_STEP_Dereference, HELD, held->cell);
	if (nests) {
		dawdle(&self->dice);
		inner = qs_read_lock(reader);
		qs_lane_end(qs_own_lane);
		observe(self, QS_STEP_LockNested, ANNOUNCED, (int64_t)qs_load_relaxed(&reader->announced));
		use(self, held);
		qs_read_unlock(inner);
	}
	dawdle(&self->dice);
	use(self, held);
	qs_read_unlock(outer);
	qs_lane_end(qs_own_lane);
}

static void *read_all_the_time(void *argument)
{
	struct self *self = argument;
	struct world *of = self->world;
	struct qs_reader *reader;
	if (qs_register(&of->domain, &reader) != 0)
		abort();
	qs_lane_end(qs_own_lane);
	observe(self, QS_STEP_Register, SLOT, reader->index + 1);
	for (unsigned int i = 0; !is_done(of); i++) {
		section(self, reader, of->nesting > 1 && i % 4 == 0);
		dawdle(&self->dice);
	}
	if (qs_unregister(reader) != 0)
		abort();
	qs_lane_end(qs_own_lane);
	return NULL;
}

static void reclaim(void *object)
{
	struct object *old = object;
	qs_store_relaxed(&old->state, FREED);
	qs_lane_end(qs_own_lane);
}

static void *replace_all_the_time(void *argument)
{
	struct self *self = argument;
	struct world *of = self->world;
	for (uint64_t i = 0; !is_done(of); i++) {
		struct object *fresh = &self->object[i];
		QS_STEP(Initialise);
		fresh->cell = (uint32_t)(i + 1) % 2;
		qs_store_relaxed(&fresh->state, LIVE);
		qs_lane_end(qs_own_lane);
		qs_replace(&of->domain, &of->head, fresh, reclaim);
		dawdle(&self->dice);
	}
	return NULL;
}

/* All begin at once. */
static void *run(void *argument)
{
	struct self *self = argument;
	struct world *of = self->world;
	(void)qs_fetch_add(&of->ready, 1);
	while (qs_load_acquire(&of->ready) < of->threads)
		sched_yield();
	qs_own_lane = &of->lane[self->thread];
	(void)(self->thread < of->updaters ? replace_all_the_time(self) : read_all_the_time(self));
	qs_own_lane = NULL;
	(void)qs_fetch_add(&of->gone, 1);
	return NULL;
}

static void fail(const char *what)
{
	(void)fprintf(stderr, "%s\n", what);
	exit(3);
}

static void make_lanes(struct world *of, bool fences)
{
	/* An operation under way when the recording is long enough has to fit in, too. */
	size_t capacity = of->events + 256;
	for (unsigned int i = 0; i < of->threads; i++) {
		bool updates = i < of->updaters;
		if (qs_lane_make(&of->lane[i], capacity) != 0)
			fail("there is not enough memory for the lanes");
		of->lane[i].fences = fences;
		of->self[i] = (struct self){ .world = of, .thread = i, .dice = i };
		(void)snprintf(of->name[i], NAME_LENGTH, "%s %u", updates ? "updater" : "reader", i);
		if (updates && !(of->self[i].object = calloc(of->events, sizeof(struct object))))
			fail("there is not enough memory for the objects");
	}
}

static void begin(struct world *of)
{
	const struct qs_options options = {
		.capacity = of->readers,
		.flavour = RECORD_FLAVOUR,
		.nap_ms = QS_NAP_NEVER, /* so nobody wakes by itself, and whoever isn't woken hangs */
		.spins = (uint32_t)qs_option("spins", 10),
	};
	memset(&of->domain, 0, sizeof of->domain);
	if (qs_domain_init(&of->domain, &options) != 0 || qs_domain_flavour(&of->domain) != RECORD_FLAVOUR)
		fail("a domain of this flavour can't be made here: quiesce doctor says why");
	qs_store_relaxed(&of->first.state, LIVE);
	qs_store_relaxed(&of->head, &of->first);
	qs_store_relaxed(&of->stop, 0);
	qs_store_relaxed(&of->ready, 0);
	qs_store_relaxed(&of->gone, 0);
	for (unsigned int i = 0; i < of->threads; i++) {
		qs_store_relaxed(&of->lane[i].count, 0);
		qs_store_relaxed(&of->lane[i].full, 0);
		if (i < of->updaters)
			memset((void *)of->self[i].object, 0, of->events * sizeof(struct object));
	}
}

/* False: some thread has not ended in so many milliseconds. */
static bool ended(struct world *of, uint64_t patience_ms)
{
	uint64_t until = qs_monotonic_ns() + patience_ms * 1000000u;
	while (qs_load_acquire(&of->gone) < of->threads) {
		const struct timespec moment = { .tv_nsec = 20000 };
		if (qs_monotonic_ns() > until)
			return false;
		(void)nanosleep(&moment, NULL);
	}
	return true;
}

static bool record(struct world *of, uint64_t patience_ms)
{
	begin(of);
	for (unsigned int i = 0; i < of->threads; i++) {
		if (pthread_create(&of->thread[i], NULL, run, &of->self[i]) != 0)
			fail("a thread can't be started");
	}
	if (!ended(of, patience_ms))
		return false;
	for (unsigned int i = 0; i < of->threads; i++)
		pthread_join(of->thread[i], NULL);
	(void)qs_domain_destroy(&of->domain);
	return true;
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

int main(int count, char **words)
{
	static const char *const names[] = { "updaters", "readers", "nesting", "events", "recordings", "ms",
					     "fences",   "drain",   "spins",   "patience", "made", "out", NULL };
	const struct sigaction action = { .sa_handler = on_signal };
	struct qs_ticks_facts facts;
	struct qs_recording recording = { .clock = &facts };
	const char *lane_name[MOST_THREADS];
	char name[NAME_LENGTH];
	uint64_t most, until, made = 0, events = 0;
	FILE *file;
	qs_options_read(count, words, names);
	world.updaters = (unsigned int)qs_option("updaters", 1);
	world.readers = (unsigned int)qs_option("readers", 2);
	world.nesting = (unsigned int)qs_option("nesting", 2);
	world.threads = world.updaters + world.readers;
	most = qs_option("recordings", UINT64_MAX);
	if (world.updaters == 0 || world.readers == 0 || world.threads > MOST_THREADS)
		fail("there must be an updater and a reader, and at most 64 threads");
	file = fopen(qs_option_text("out", "/dev/stdout"), "wbe");
	if (!file)
		fail("the output can't be opened");
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	if (qs_ticks_begin(&facts) != 0)
		fail("the clock can't be measured");
	name_values(world.threads);
	world.events = qs_option("events", 200) / world.threads;
	make_lanes(&world, qs_option("fences", 0) != 0);
	qs_step_hook = on_step;
	for (unsigned int i = 0; i < world.threads; i++)
		lane_name[i] = world.name[i];
	recording.made = qs_option_text("made", "{}");
	recording.drain = qs_option("fences", 0) ? 0 : qs_option("drain", 1000) * facts.per_second / 1000000000u;
	recording.name = name;
	recording.lanes = world.threads;
	recording.lane = world.lane;
	recording.lane_name = lane_name;
	recording.steps = QS_STEP_COUNT;
	recording.step_name = step_name;
	recording.names = 4u * world.threads;
	recording.name_of_value = name_of_value;
	until = qs_monotonic_ns() + qs_option("ms", 1000) * 1000000u;
	while (!interrupted && !recording.hung && made < most && (made == 0 || qs_monotonic_ns() < until)) {
		recording.hung = !record(&world, qs_option("patience", 2000));
		facts.per_second = qs_ticks_per_second();
		(void)snprintf(name, sizeof name, "%llu", (unsigned long long)++made);
		qs_recording_write(file, &recording);
		for (unsigned int i = 0; i < world.threads; i++)
			events += qs_load_acquire(&world.lane[i].count);
	}
	if (fflush(file) != 0 || ferror(file) != 0)
		fail("the output can't be written");
	qs_recording_tell(&recording, made, events);
	/* Threads that hang end with the process. */
	_exit(0);
}
