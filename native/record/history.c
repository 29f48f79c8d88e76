/* SPDX-License-Identifier: MIT */
/*
 * Free-running threads of the library as anybody would compile it, in the manner of native/test/stress.c, that record
 * not its steps but what RCU promises about them: sections, grace periods, which object each reader finds, and when one
 * is freed. Usage: history OPTION=VALUE..., see main(). Prints one line of JSON.
 *
 * What RCU promises is about what is between the return of a lock and the call of its unlock. So these are moments:
 * Lock is a stamp behind the one, Unlock the stamp in front of the other. Where the thread is interrupted beside them,
 * the section looks shorter, never longer. A grace period is from call to return, for the same reason.
 *
 * An object has a number that is never used again. What is freed is poisoned, and its memory is used again much later.
 */
#define _GNU_SOURCE
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
/* So many of an updater's objects are freed before the memory of the first is used again. */
#define OBJECTS 4096
#define POISON UINT64_MAX

enum step { LOCK, UNLOCK, FIND, READ, PUBLISH, SYNCHRONIZE, FREE };
static const char *const step_name[] = { "Lock", "Unlock", "Find", "Read", "Publish", "Synchronize", "Free" };

enum observed { NOTHING, SEES, REPLACES, FREES, POISONED };
static const char *const name_of_value[] = { "sees", "replaces", "frees", "poisoned" };

struct object {
	alignas(64) qs_atomic(uint64_t) number;
};

struct self {
	unsigned int thread;
	uint32_t dice;
};

static struct qs_domain domain;
static qs_atomic(void *) head;
static qs_atomic(uint32_t) stop, ready, gone;
static struct object first;
static unsigned int updaters, readers, threads;
static uint32_t dwell; /* pauses in a section, at most */
static bool cold;
static unsigned int pause_us; /* of an updater, after one of 16 updates */
static pthread_t thread[MOST_THREADS];
static struct self self[MOST_THREADS];
static struct qs_lane lane[MOST_THREADS];
static char text[MOST_THREADS][NAME_LENGTH];

static uint32_t throw_dice(struct self *own)
{
	own->dice = own->dice * 1664525u + 1013904223u;
	return own->dice >> 16;
}

static void begin_step(enum step step)
{
	qs_lane_step(qs_own_lane, step);
}

static void saw(enum step step, enum observed what, uint64_t number)
{
	qs_lane_end(qs_own_lane);
	qs_lane_observe(qs_own_lane, step, what, (int64_t)number);
}

/* Looks at the object that it has found, whose number it knows, again. */
static void look(struct object *object, uint64_t number)
{
	uint64_t found;
	begin_step(READ);
	found = qs_load_relaxed(&object->number);
	saw(READ, found == number ? SEES : POISONED, number);
}

/*
 * Takes the reader's slot out of its processor's caches, now and then: its next announcement then stays in the store
 * buffer for as long as a line takes to come from memory, and what follows overtakes it, unless something keeps it.
 */
static void make_cold(struct qs_reader *reader)
{
#if defined(__x86_64__)
	if (cold)
		__builtin_ia32_clflush(reader);
#else
	(void)reader;
#endif
}

static void section(struct self *own, struct qs_reader *reader)
{
	struct object *object;
	uint64_t number;
	uint32_t dice = throw_dice(own);
	qs_token token;
	make_cold(reader);
	/* No stamp between the lock and what follows it: that would give the lock's store time to be seen. */
	begin_step(FIND);
	token = qs_read_lock(reader);
	object = qs_dereference(&head);
	number = qs_load_relaxed(&object->number);
	qs_lane_moment(qs_own_lane, LOCK);
	qs_lane_observe(qs_own_lane, FIND, number == POISON ? POISONED : SEES,
			number == POISON ? 0 : (int64_t)number);
	for (uint32_t i = dice % (dwell + 1); i > 0; i--)
		qs_pause();
	if (dice % 1024 == 0)
		sched_yield();
	if (dice % 4 == 0)
		qs_read_unlock(qs_read_lock(reader));
	if (dice % 4096 == 1)
		usleep(300);
	if (number != POISON)
		look(object, number);
	qs_lane_moment(qs_own_lane, UNLOCK);
	qs_read_unlock(token);
}

static bool has_room(void)
{
	const struct qs_lane *own = qs_own_lane;
	return own->wraps || qs_load_relaxed(&own->count) + 16 < own->capacity;
}

static bool goes_on(void)
{
	if (!has_room())
		qs_store_relaxed(&stop, 1);
	return !qs_load_relaxed(&stop);
}

static void read_all_the_time(struct self *own)
{
	struct qs_reader *reader;
	if (qs_register(&domain, &reader) != 0)
		return;
	while (goes_on())
		section(own, reader);
	(void)qs_unregister(reader);
}

static void poison(void *memory)
{
	struct object *old = memory;
	uint64_t number = qs_load_relaxed(&old->number);
	begin_step(FREE);
	qs_store_relaxed(&old->number, POISON);
	saw(FREE, FREES, number);
	qs_lane_observe(qs_own_lane, PUBLISH, REPLACES, (int64_t)number);
}

/* In one call, of which only the whole is seen; and step by step. */
static void replace(const struct self *own, struct object *fresh)
{
	struct object *old;
	begin_step(PUBLISH);
	if (own->thread % 2 == 1) {
		qs_replace(&domain, &head, fresh, poison);
		return;
	}
	old = qs_exchange(&head, fresh);
	qs_lane_observe(qs_own_lane, PUBLISH, REPLACES, (int64_t)qs_load_relaxed(&old->number));
	begin_step(SYNCHRONIZE);
	qs_synchronize(&domain);
	poison(old);
}

static void replace_all_the_time(struct self *own)
{
	struct object *object = aligned_alloc(64, OBJECTS * sizeof *object);
	if (!object)
		return;
	for (uint64_t i = 0; goes_on(); i++) {
		struct object *fresh = &object[i % OBJECTS];
		qs_store_relaxed(&fresh->number, 1 + own->thread + i * updaters);
		replace(own, fresh);
		if (pause_us != 0 && throw_dice(own) % 16 == 0)
			usleep(pause_us);
	}
	/* The memory stays: somebody may still have an object of it. */
}

static void *run(void *argument)
{
	struct self *own = argument;
	(void)qs_fetch_add(&ready, 1);
	while (qs_load_acquire(&ready) < threads)
		sched_yield();
	qs_own_lane = &lane[own->thread];
	(void)(own->thread < updaters ? replace_all_the_time(own) : read_all_the_time(own));
	qs_own_lane = NULL;
	(void)qs_fetch_add(&gone, 1);
	return NULL;
}

static void fail(const char *what)
{
	(void)fprintf(stderr, "%s\n", what);
	exit(3);
}

static void on_signal(int number)
{
	(void)number;
	qs_store_relaxed(&stop, 1);
}

static void wait_ms(uint64_t ms, bool (*over)(void))
{
	uint64_t until = qs_monotonic_ns() + ms * 1000000u;
	while (!over() && qs_monotonic_ns() < until) {
		const struct timespec moment = { .tv_nsec = 1000000 };
		(void)nanosleep(&moment, NULL);
	}
}

static bool is_stopped(void)
{
	return qs_load_relaxed(&stop) != 0;
}

static bool all_gone(void)
{
	return qs_load_acquire(&gone) == threads;
}

static void start(uint64_t events, bool wraps)
{
	for (unsigned int i = 0; i < threads; i++) {
		if (qs_lane_make(&lane[i], events) != 0)
			fail("there is not enough memory for the lanes");
		lane[i].wraps = wraps;
		self[i] = (struct self){ .thread = i, .dice = i };
		(void)snprintf(text[i], NAME_LENGTH, "%s %u", i < updaters ? "updater" : "reader", i);
	}
	for (unsigned int i = 0; i < threads; i++) {
		if (pthread_create(&thread[i], NULL, run, &self[i]) != 0)
			fail("a thread can't be started");
	}
}

int main(int count, char **words)
{
	static const char *const names[] = { "updaters", "readers", "events", "ms", "wraps", "dwell", "pause", "cold",
					     "patience", "made", "out", NULL };
	const struct sigaction action = { .sa_handler = on_signal };
	const struct qs_options options = { .capacity = MOST_THREADS, .flavour = RECORD_FLAVOUR,
					    .nap_ms = QS_NAP_NEVER };
	struct qs_ticks_facts facts;
	struct qs_recording recording = { .name = "", .clock = &facts, .lane = lane, .steps = 7,
					  .step_name = step_name, .names = 4, .name_of_value = name_of_value,
					  .values_are_parameters = true };
	const char *lane_name[MOST_THREADS];
	uint64_t events = 0;
	FILE *file;
	qs_options_read(count, words, names);
	updaters = (unsigned int)qs_option("updaters", 2);
	readers = (unsigned int)qs_option("readers", 2);
	threads = updaters + readers;
	dwell = (uint32_t)qs_option("dwell", 20);
	cold = qs_option("cold", 1) != 0;
	pause_us = (unsigned int)qs_option("pause", 20);
	if (updaters == 0 || readers == 0 || threads > MOST_THREADS)
		fail("there must be an updater and a reader, and at most 64 threads");
	file = fopen(qs_option_text("out", "/dev/stdout"), "wbe");
	if (!file)
		fail("the output can't be opened");
	if (qs_domain_init(&domain, &options) != 0 || qs_domain_flavour(&domain) != RECORD_FLAVOUR)
		fail("a domain of this flavour can't be made here: quiesce doctor says why");
	qs_store_relaxed(&head, &first);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	if (qs_ticks_begin(&facts) != 0)
		fail("the clock can't be measured");
	start(qs_option("events", 1000000) / threads + 32, qs_option("wraps", 0) != 0);
	wait_ms(qs_option("ms", 1000), is_stopped);
	qs_store_relaxed(&stop, 1);
	wait_ms(qs_option("patience", 5000), all_gone);
	facts.per_second = qs_ticks_per_second();
	recording.hung = !all_gone();
	recording.made = qs_option_text("made", "{}");
	recording.lanes = threads;
	recording.lane_name = lane_name;
	for (unsigned int i = 0; i < threads; i++) {
		lane_name[i] = text[i];
		events += qs_load_acquire(&lane[i].count);
	}
	qs_recording_write(file, &recording);
	if (fflush(file) != 0 || ferror(file) != 0)
		fail("the output can't be written");
	qs_recording_tell(&recording, 1, events);
	/* Threads that hang end with the process. */
	_exit(0);
}
