/* SPDX-License-Identifier: MIT */
/* Threads that read while something else is measured. */
#ifndef QUIESCE_BENCH_READER_H
#define QUIESCE_BENCH_READER_H

#include "bench.h"

#include <pthread.h>
#include <stdlib.h>

#include SIDE

enum reader_kind {
	READER_NONE,   /* not registered; the thread keeps its processor busy */
	READER_ASLEEP, /* registered, and asleep outside of every section */
	READER_SHORT,  /* a section after another, as short as they get */
	READER_SPINS,  /* stays in each section for some time, and computes there */
	READER_SLEEPS, /* stays in each section for some time, and sleeps there */
};

/* Sections between two looks at whether to stop, and between two quiescent states (which only qsbr has). */
enum { READER_SECTIONS = 16, READER_LINE = 128 };

#define ANYWHERE (~0u)

struct reader {
	enum reader_kind kind;
	unsigned rank; /* of the processor, or ANYWHERE */
	uint64_t section_ns;
	uint64_t times; /* how many sections; 0: until it is told to stop */
	pthread_t thread;
	_Atomic bool ready;  /* registered, or in its first section where that takes time */
	_Atomic bool inside; /* a section that takes time */
	/* Shows that the thread runs. An atomic store would be a fence, which some readers would not have otherwise. */
	volatile uint64_t progress;
	char apart[READER_LINE];
};

static uint64_t reader_value = 1;
static side_pointer reader_pointer;
static _Atomic bool reader_stop;
static pthread_mutex_t reader_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t reader_stopped = PTHREAD_COND_INITIALIZER;

/* Read pairs in a loop. The one body that is compared: everything in it but the pair is the same for all sides. */
static bench_noinline void reader_pairs(side_reader *reader, unsigned pairs)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < pairs; i++) {
		side_token token = side_lock(reader);
		sum += *(uint64_t *)side_dereference(&reader_pointer);
		side_unlock(reader, token);
	}
	bench_keep(sum);
}

static inline void reader_sleep_until_stopped(void)
{
	pthread_mutex_lock(&reader_mutex);
	while (!reader_stop)
		pthread_cond_wait(&reader_stopped, &reader_mutex);
	pthread_mutex_unlock(&reader_mutex);
}

static inline void reader_long_section(struct reader *self, side_reader *reader)
{
	uint64_t progress = self->progress;
	uint64_t until = bench_now() + self->section_ns;
	side_token token = side_lock(reader);
	self->inside = true;
	self->ready = true;
	if (self->kind == READER_SLEEPS)
		bench_sleep_ns(self->section_ns);
	else
		while (bench_now() < until)
			self->progress = ++progress;
	self->inside = false;
	side_unlock(reader, token);
	side_quiescent(reader);
}

#ifndef READER_CANNOT_SLEEP
static inline void *reader_main(void *argument)
{
	struct reader *self = argument;
	uint64_t progress = 0;
	if (self->rank != ANYWHERE)
		bench_pin(self->rank);
	while (!reader_stop && self->kind == READER_NONE) {
		self->progress = ++progress;
		if (!self->ready)
			self->ready = true;
	}
	if (self->kind == READER_NONE)
		return NULL;
	side_reader *reader = side_register();
	if (self->kind == READER_ASLEEP) {
		side_offline(reader);
		self->ready = true;
		reader_sleep_until_stopped();
		side_online(reader);
	}
	while (!reader_stop && self->kind == READER_SHORT) {
		reader_pairs(reader, READER_SECTIONS);
		side_quiescent(reader);
		self->progress = ++progress;
		if (!self->ready)
			self->ready = true;
	}
	uint64_t left = self->times;
	while (!reader_stop && self->kind > READER_SHORT) {
		reader_long_section(self, reader);
		if (left > 0 && --left == 0)
			break;
	}
	side_unregister(reader);
	return NULL;
}

/* Starts it, and waits until it is ready. */
static inline void reader_start(struct reader *reader)
{
	side_publish(&reader_pointer, &reader_value);
	if (pthread_create(&reader->thread, NULL, reader_main, reader) != 0)
		bench_fail("a thread can't be started");
	while (!reader->ready)
		bench_sleep_ns(100000);
}

/* The kind that an option names. */
static inline enum reader_kind reader_kind_of(const char *option)
{
	static const char *const names[] = {"none", "asleep", "short", "spins", "sleeps"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bench_is(option, names[i]))
			return (enum reader_kind)i;
	}
	bench_fail("which kind of reader? none, asleep, short, spins or sleeps");
}

static inline void reader_stop_all(struct reader *readers, unsigned count)
{
	pthread_mutex_lock(&reader_mutex);
	reader_stop = true;
	pthread_cond_broadcast(&reader_stopped);
	pthread_mutex_unlock(&reader_mutex);
	for (unsigned i = 0; i < count; i++)
		pthread_join(readers[i].thread, NULL);
}
#endif

#endif
