/* SPDX-License-Identifier: MIT */
/*
 * A hit, access by access (test/door.h): in which order it does what others rely on, and what they would find if they
 * looked, or if a signal handler came, just before each access.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "../state.h"
#include "events.h"
#include "second.h"

#define CHECKED(number) ((number) * UINT64_C(0x9e3779b97f4a7c15))

static struct qs_trace_process *process; /* as others see it */
static struct qs_trace_process *own;     /* as the library does */

static void hit(uint64_t number)
{
	qs_tracepoint(other, count, 7, number, CHECKED(number));
}

/*------------------------------- opening ------------------------------------*/

static int generations, unnamed;

static void on_opening(const char *what, const volatile void *address)
{
	(void)address;
	const struct qs_trace_control *control = second_control();
	/* The library has a mapping of its own of the control file: by what it is, not where. */
	if (!control || strcmp(what, "load acquire") != 0 || generations++ != 1)
		return;
	struct qs_trace_process *named = second_process(getpid());
	unnamed = !named;
	if (named)
		second_forget(named);
}

static bool is_release(const char *what)
{
	return strcmp(what, "store release") == 0;
}

static void is_named_before_rules_are_read(void)
{
	hit(0);
	/* The files' directory has a control file already, whose processes pay for themselves. */
	const pid_t child = fork();
	if (child == 0) {
		const int error = qs_trace_open(NULL);
		struct qs_trace_control *control = second_control();
		if (control)
			control->flags = 0;
		_exit(error || !control);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	struct qs_trace_process *dead = second_process(child);
	if (!dead || !second_control())
		abort();
	second_forget(dead);
	second_config(1, 0, 1, NULL, 0);
	second_overwrite(1, true);
	second_config(2, 1, 1, NULL, 0);
	second_rule("other", "count", 1);
	const struct qs_trace_options options = {.ring_size = QS_TRACE_RING_MIN};
	door_hook = on_opening;
	CHECK(qs_trace_open(&options) == 0);
	door_hook = NULL;
	process = second_process(getpid());
	if (!process)
		abort();
	own = qs_trace_here()->process;
	CHECK(generations >= 2 && !unnamed && process->header.applied != 0);
	CHECK(qs_trace_here()->fences);
	hit(1);
	CHECK(second_read_all(process, NULL, NULL) == 1);
}

/*------------------------------- order --------------------------------------*/

enum step { ANNOUNCED = 1, FENCED, WORD_READ, COMMITTED, LEFT };
static int steps[64], step_count;
static bool torn;

static void on_hit(const char *what, const volatile void *address)
{
	const struct qs_trace_ring *ring = &own->rings[0];
	int step = 0;
	if (address == &ring->announced && qs_load_relaxed((qs_atomic(uint64_t) *)&process->rings[0].announced) == 0 &&
	    (strncmp(what, "exchange acq_rel", 16) == 0 || strncmp(what, "store", 5) == 0))
		step = ANNOUNCED;
	else if (address == &ring->announced && is_release(what))
		step = LEFT;
	else if (address == &ring->committed && is_release(what))
		step = COMMITTED;
	else if (strcmp(what, "full fence") == 0)
		step = FENCED;
	else if (address == &qs_tp_word_other_count)
		step = WORD_READ;
	if (step == ANNOUNCED && strncmp(what, "exchange", 8) == 0 && step_count < 60) {
		steps[step_count++] = ANNOUNCED;
		step = FENCED;
	}
	if (step == COMMITTED) {
		/* All of the record must be there. */
		const unsigned char *data = (const unsigned char *)process + sizeof(*process);
		uint64_t check;
		memcpy(&check, data + process->rings[0].committed % QS_TRACE_RING_MIN + 28, 8);
		torn = torn || check != CHECKED(4711);
	}
	if (step && step_count < 60)
		steps[step_count++] = step;
}

static void is_in_order(void)
{
	static const int expected[] = {WORD_READ, WORD_READ, ANNOUNCED, FENCED, WORD_READ, COMMITTED, LEFT};
	step_count = 0;
	door_hook = on_hit;
	hit(4711);
	door_hook = NULL;
	CHECK(step_count == (int)(sizeof(expected) / sizeof(*expected)) &&
	      memcmp(steps, expected, sizeof(expected)) == 0);
	CHECK(!torn && second_read_all(process, NULL, NULL) == 1);
}

static void switch_off(const char *what, const volatile void *address)
{
	(void)what;
	if (address == &own->rings[0].announced && qs_load_relaxed(&process->rings[0].announced) == 0)
		second_word(process, "count", 0);
}

static void is_looked_at_again(void)
{
	door_hook = switch_off;
	hit(1);
	door_hook = NULL;
	CHECK(second_read_all(process, NULL, NULL) == 0 && process->rings[0].announced == 0);
	second_word(process, "count", 1);
}

static int taken, given_back, unordered;
static const char *applied_by;

static void on_handing_over(const char *what, const volatile void *address)
{
	struct qs_trace *trace = qs_trace_here();
	for (uint32_t i = 0; i < QS_TRACE_RINGS; i++) {
		if (address != &trace->own[i].owner)
			continue;
		taken += strncmp(what, "compare-exchange acq_rel", 24) == 0;
		given_back += strncmp(what, "store", 5) == 0;
		unordered += strncmp(what, "store", 5) == 0 && !is_release(what);
	}
	if (address == &own->header.applied)
		applied_by = what;
}

static void *hits_once(void *data)
{
	hit(1);
	return data;
}

/* AF, AG: whose ring it is next finds all that was done with it. AH: who sees rules as applied finds the words. */
static void hands_over_in_order(void)
{
	pthread_t thread;
	door_hook = on_handing_over;
	CHECK(pthread_create(&thread, NULL, hits_once, NULL) == 0 && pthread_join(thread, NULL) == 0);
	qs_trace_apply(qs_trace_here());
	door_hook = NULL;
	CHECK(taken > 0 && given_back > 0 && unordered == 0);
	CHECK(applied_by && is_release(applied_by));
	CHECK(second_read_all(process, NULL, NULL) == 1);
}

/*------------------------------- handlers -----------------------------------*/

static long accesses, interrupted_at;
static int depth, looks, nested;
static uint64_t handler_number, last_tail, last_committed;
static bool went_back, damaged;
static uint32_t ring_number;

static void see(const struct second_record *record, void *previous)
{
	uint32_t thread;
	uint64_t number, check;
	(void)previous;
	memcpy(&thread, record->fields, 4);
	memcpy(&number, record->fields + 4, 8);
	memcpy(&check, record->fields + 12, 8);
	damaged = damaged || thread != 7 || check != CHECKED(number) || record->size != 40;
}

/* What a recorder would find now. */
static void look(void)
{
	struct qs_trace_ring *ring = &process->rings[ring_number];
	const uint64_t tail = qs_load_relaxed(&ring->tail), committed = qs_load_relaxed(&ring->committed);
	went_back = went_back || tail < last_tail || committed < last_committed;
	last_tail = tail;
	last_committed = committed;
	damaged = damaged ||
		  (ring_number == 1 ? second_look(process, 1, see, NULL) : second_read(process, 0, see, NULL)) < 0;
	looks++;
}

static void on_access(const char *what, const volatile void *address)
{
	(void)what;
	(void)address;
	door_hook = NULL;
	look();
	if (depth == 0 && ++accesses == interrupted_at) {
		depth++;
		for (int i = 0; i < nested; i++) {
			door_hook = on_access;
			hit(handler_number++);
		}
		depth--;
	}
	door_hook = on_access;
}

/* A handler before each access of a hit; the hits go on around the ring, so that padding and the tail are met, too. */
static void interrupt_everywhere(uint32_t ring, int hits, unsigned rounds)
{
	nested = hits;
	ring_number = ring;
	last_tail = last_committed = 0;
	went_back = damaged = false;
	long longest = 0;
	for (unsigned round = 0; round < rounds; round++) {
		for (interrupted_at = 1; interrupted_at <= longest + 1; interrupted_at++) {
			accesses = 0;
			handler_number = 1000;
			const uint64_t lost = process->rings[ring].lost;
			struct qs_trace_ring *shared = &process->rings[ring];
			const uint64_t before = shared->committed;
			door_hook = on_access;
			hit(1);
			door_hook = NULL;
			longest = accesses > longest ? accesses : longest;
			look();
			const uint64_t expected = interrupted_at <= accesses ? 4 : 1;
			if (ring == 0 && hits == 3)
				CHECK(shared->committed - before >= expected * 40 && shared->lost == lost);
			CHECK(shared->announced == 0 && process->rings[0].announced == 0);
			/* Not more was given up for the others than for the thread itself. */
			CHECK(ring == 0 ||
				qs_load_relaxed(&qs_trace_here()->own[1].tail) == qs_load_relaxed(&shared->tail));
			CHECK(!went_back && !damaged);
			if (went_back || damaged)
				return;
		}
		/* Another place in the ring. */
		hit(5);
	}
	CHECK(longest > 20 && looks > 1000);
}

static void handlers_anywhere(void)
{
	interrupt_everywhere(0, 3, 40);
}

static void handlers_anywhere_while_overwriting(void)
{
	second_rule("other", "count", 2);
	for (unsigned i = 0; i < 300; i++)
		hit(i);
	CHECK(process->header.rings == 2 && process->rings[1].tail > 0);
	interrupt_everywhere(1, 3, 40);
}

static void handlers_that_fill_the_ring(void)
{
	interrupt_everywhere(1, 150, 1);
	second_rule("other", "count", 1);
	interrupt_everywhere(0, 150, 1);
	second_rule("other", "count", 2);
}

/* What is overwritten was given up before. */
static bool fenced, early;
static unsigned char oldest[40];

static void on_overwriting(const char *what, const volatile void *address)
{
	const struct qs_trace_ring *ring = &process->rings[1];
	const unsigned char *data = (const unsigned char *)process + sizeof(*process) + QS_TRACE_RING_MIN;
	(void)address;
	if (strcmp(what, "release fence") != 0)
		return;
	fenced = true;
	early = early || ring->committed + 40 - ring->tail > QS_TRACE_RING_MIN || memcmp(data, oldest, 40) != 0;
}

static void the_tail_moves_first(void)
{
	const struct qs_trace_ring *ring = &process->rings[1];
	const unsigned char *data = (const unsigned char *)process + sizeof(*process) + QS_TRACE_RING_MIN;
	/* To where the next record goes to the ring's first byte. */
	for (int i = 0; i < 200 && ring->committed % QS_TRACE_RING_MIN != 0 &&
			QS_TRACE_RING_MIN - ring->committed % QS_TRACE_RING_MIN >= 40;
	     i++)
		hit(9);
	memcpy(oldest, data, 40);
	door_hook = on_overwriting;
	hit(10);
	door_hook = NULL;
	CHECK(fenced && !early && memcmp(data, oldest, 40) != 0);
}

int main(void)
{
	alarm(TEST_PATIENCE * 10);
	(void)second_begin();
	check_run("it has its name before it reads the rules", is_named_before_rules_are_read);
	check_run("a hit announces, fences, looks again, writes, commits, leaves", is_in_order);
	check_run("what was switched off meanwhile is not recorded", is_looked_at_again);
	check_run("a ring changes hands, and rules are applied, in order", hands_over_in_order);
	check_run("a handler may come before any access", handlers_anywhere);
	check_run("and while the oldest is overwritten", handlers_anywhere_while_overwriting);
	check_run("a handler that fills the ring spares what is under way", handlers_that_fill_the_ring);
	check_run("the tail moves before anything is overwritten", the_tail_moves_first);
	second_end();
	return check_end();
}
