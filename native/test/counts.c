/* SPDX-License-Identifier: MIT */
/*
 * What grace periods cost: how many barriers they ask the kernel for (through the linker: -Wl,--wrap=syscall), and who
 * waits for whom. Each test fails on the first edition of the protocol.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../replay/observed_calls.h"
#include "check.h"
#include "door.h"
#include "fixture.h"

static qs_atomic(uint32_t) stop, started;

static void *read_short_sections(void *argument)
{
	struct qs_reader *reader = registered();
	while (!atomic_load(&stop)) {
		qs_token token = qs_read_lock(reader);
		qs_read_unlock(token);
		atomic_store(&started, 1);
	}
	CHECK(qs_unregister(reader) == 0);
	return argument;
}

static void *synchronize_once(void *argument)
{
	qs_synchronize(&domain);
	return argument;
}

/* Every unlock of one reader used to wake the updater that waits for another, which then ran a barrier again. */
static void test_a_long_section_beside_short_ones(void)
{
	pthread_t reading, updating;
	struct qs_reader *reader;
	qs_token token;
	uint64_t before;
	begin(2);
	reader = registered();
	atomic_store(&stop, 0);
	atomic_store(&started, 0);
	CHECK(pthread_create(&reading, NULL, read_short_sections, NULL) == 0);
	while (!atomic_load(&started))
		continue;
	token = qs_read_lock(reader);
	before = qs_observed_membarriers(QS_PRIVATE_EXPEDITED);
	start_waiting(&updating, synchronize_once, reader);
	usleep(300000);
	qs_read_unlock(token);
	pthread_join(updating, NULL);
	/* E, I, and another I where the short sections' reader took its notice and was found inside again. */
	CHECK(qs_observed_membarriers(QS_PRIVATE_EXPEDITED) - before <= 4);
	printf("# barriers behind a section of 0.3 s: %llu\n",
	       (unsigned long long)(qs_observed_membarriers(QS_PRIVATE_EXPEDITED) - before));
	atomic_store(&stop, 1);
	pthread_join(reading, NULL);
	CHECK(qs_unregister(reader) == 0);
	end();
}

/* While nobody is registered, or all are offline, an updater disturbs nobody. */
static void test_no_barrier_without_readers(void)
{
	struct qs_reader *reader;
	uint64_t before;
	begin(2);
	before = qs_observed_membarriers(QS_PRIVATE_EXPEDITED);
	qs_synchronize(&domain);
	reader = registered();
	CHECK(qs_offline(reader) == 0);
	qs_synchronize(&domain);
	CHECK(qs_observed_membarriers(QS_PRIVATE_EXPEDITED) == before);
	CHECK(qs_online(reader) == 0);
	qs_synchronize(&domain);
	CHECK(qs_observed_membarriers(QS_PRIVATE_EXPEDITED) == before + 1);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static _Thread_local bool slow;
static qs_atomic(uint32_t) asked, others_are_done;

/* A call that has asked for its grace period is put off its processor, before it looks whether that has ended. */
static void put_off(const char *what, const volatile void *address)
{
	(void)what;
	if (!slow || address != &domain.ended)
		return;
	slow = false;
	atomic_store(&asked, 1);
	while (!atomic_load(&others_are_done))
		sched_yield();
}

static void *synchronize_slowly(void *argument)
{
	slow = true;
	qs_synchronize(&domain);
	return argument;
}

/*
 * Behind the first edition's mutex a call had to get the mutex, which whoever gave it back took again before another
 * was awake: one of two updaters made a single call in seconds. Now a call that is never let on is served all the same,
 * and returns without a grace period of its own when it is.
 */
static void test_an_updater_in_a_loop_starves_nobody(void)
{
	struct qs_reader *reader;
	pthread_t updating;
	uint64_t number;
	begin(1);
	reader = registered();
	atomic_store(&asked, 0);
	atomic_store(&others_are_done, 0);
	door_hook = put_off;
	CHECK(pthread_create(&updating, NULL, synchronize_slowly, NULL) == 0);
	while (!atomic_load(&asked))
		sched_yield();
	for (int i = 0; i < 3; i++)
		qs_synchronize(&domain);
	number = qs_domain_number(&domain);
	atomic_store(&others_are_done, 1);
	pthread_join(updating, NULL);
	door_hook = NULL;
	CHECK(number == 4 && qs_domain_number(&domain) == number);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void *read_once(void *argument)
{
	struct qs_reader **place = argument;
	struct qs_reader *reader = registered();
	qs_token token = qs_read_lock(reader);
	*place = reader;
	atomic_store(&started, 1);
	while (!atomic_load(&stop))
		usleep(500);
	qs_read_unlock(token);
	CHECK(qs_unregister(reader) == 0);
	return NULL;
}

static qs_atomic(uint32_t) stalled, go_on;
static struct qs_reader *late;

/* The reader falls asleep just before it clears its notice, or behind that, before it wakes: until it is let on. */
static void stall(const char *what, const volatile void *address)
{
	(void)what;
	if (late && address == &late->notice && atomic_load(&stop) && !atomic_load(&stalled) &&
	    qs_load_relaxed(&late->announced) == 0 && what[0] == 's') {
		atomic_store(&stalled, 1);
		while (!atomic_load(&go_on))
			sched_yield();
	}
}

static void test_a_stalled_reader_that_has_left_holds_nobody_up(void)
{
	pthread_t reading, updating;
	begin(2);
	atomic_store(&stop, 0);
	atomic_store(&started, 0);
	atomic_store(&stalled, 0);
	atomic_store(&go_on, 0);
	late = NULL;
	CHECK(pthread_create(&reading, NULL, read_once, &late) == 0);
	while (!atomic_load(&started))
		continue;
	start_waiting(&updating, synchronize_once, late);
	door_hook = stall;
	atomic_store(&stop, 1);
	pthread_join(updating, NULL); /* without the reader's help */
	CHECK(atomic_load(&stalled) == 1);
	atomic_store(&go_on, 1);
	pthread_join(reading, NULL);
	door_hook = NULL;
	end();
}

static qs_atomic(uint32_t) stalls;
static struct qs_stall last;

static void note_stall(const struct qs_stall *stall, void *context)
{
	CHECK(context == &stalls);
	last = *stall;
	atomic_fetch_add(&stalls, 1);
}

static void test_a_stall_is_reported(void)
{
	struct qs_options options = options_for(2);
	struct qs_reader *reader;
	pthread_t updating;
	qs_token token;
	options.stall_ms = 5;
	options.stalled = note_stall;
	options.context = &stalls;
	CHECK(qs_domain_init(&domain, &options) == 0);
	reader = registered();
	token = qs_read_lock(reader);
	start_waiting(&updating, synchronize_once, reader);
	CHECK(becomes(&stalls, 2));
	qs_read_unlock(token);
	pthread_join(updating, NULL);
	CHECK(last.domain == &domain && last.slot == 0 && last.thread == getpid() && last.milliseconds >= 10);
	CHECK(last.announced == 1 && last.number == 2);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static _Thread_local bool registering;

/* It has claimed its slot, which is not yet in its thread's list: the thread waits there until it has been asked. */
static void wait_to_be_asked(const char *what, const volatile void *address)
{
	(void)what;
	if (!registering || address != &domain.slots[1].notice)
		return;
	registering = false;
	while (!qs_load_relaxed(&domain.asked))
		sched_yield();
	usleep(5000);
}

static void *register_and_leave(void *argument)
{
	struct qs_reader *reader;
	registering = true;
	reader = registered();
	CHECK(becomes(&stop, 1)); /* the barrier has ended, without this thread's leaving */
	CHECK(qs_unregister(reader) == 0);
	return argument;
}

static void *synchronize_until_asked(void *argument)
{
	while (!qs_load_relaxed(&domain.asked))
		qs_synchronize(&domain);
	atomic_store(&stop, 1);
	return argument;
}

/*
 * QS_SIGNAL: the handler finds no reader to answer for, so registering has to. There is another reader, or nobody would
 * be asked yet; and its slot is below the mark, since somebody has had it before.
 */
static void test_a_thread_that_is_asked_while_it_registers(void)
{
	struct qs_options options = options_for(2);
	struct qs_reader *another;
	pthread_t registering_thread, updating;
	options.flavour = QS_SIGNAL;
	CHECK(qs_domain_init(&domain, &options) == 0);
	another = registered();
	CHECK(qs_unregister(registered()) == 0);
	atomic_store(&stop, 0);
	door_hook = wait_to_be_asked;
	CHECK(pthread_create(&registering_thread, NULL, register_and_leave, NULL) == 0);
	CHECK(pthread_create(&updating, NULL, synchronize_until_asked, NULL) == 0);
	pthread_join(registering_thread, NULL);
	pthread_join(updating, NULL);
	door_hook = NULL;
	CHECK(qs_unregister(another) == 0);
	end();
}

int main(void)
{
	alarm(TEST_PATIENCE);
	check_run("a grace period behind a long section runs two barriers, or a few",
		  test_a_long_section_beside_short_ones);
	check_run("without a reader that is online there is no barrier", test_no_barrier_without_readers);
	check_run("an updater in a loop starves nobody", test_an_updater_in_a_loop_starves_nobody);
	check_run("a stalled reader that has left holds nobody up",
		  test_a_stalled_reader_that_has_left_holds_nobody_up);
	check_run("a stall is reported, with the reader's thread", test_a_stall_is_reported);
	check_run("a thread that is asked while it registers answers", test_a_thread_that_is_asked_while_it_registers);
	return check_end();
}
