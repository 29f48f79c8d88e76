/* SPDX-License-Identifier: MIT */
/* The domain's worker: started, stopped, replaced; the barrier; back-pressure. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "deferred.h"
#include "quiesce/qsbr.h"

static void test_call_starts_a_worker(void)
{
	deferred_begin();
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	CHECK(turns(&deferred[0].runs, 1));
	CHECK(qs_worker_start(&subject, NULL) == -EALREADY);
	CHECK(qs_worker_stop(&subject) == 0);
	CHECK(qs_worker_stop(&subject) == -ESRCH);
	CHECK(qs_worker_start(&subject, NULL) == 0);
	defer_some(1, 1);
	CHECK(turns(&deferred[1].runs, 1));
	deferred_end();
}

static void test_worker_waits_for_a_section(void)
{
	struct qs_reader *reader;
	qs_token token;
	deferred_begin();
	CHECK(qs_register(&subject, &reader) == 0);
	token = qs_read_lock(reader);
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	usleep(20000);
	CHECK(each_has_run(0, 0, 0));
	qs_read_unlock(token);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 0, 1));
	CHECK(qs_unregister(reader) == 0);
	deferred_end();
}

/* No wake-up is lost: each of many is waited for, and the worker sleeps as often as it can. */
static void test_no_lost_wake_up(void)
{
	deferred_begin();
	CHECK(qs_worker_start(&subject, &(struct qs_worker_options){ .linger_us = QS_LINGER_NEVER }) == 0);
	for (uint32_t i = 1; i <= 20000; i++) {
		qs_defer(&subject, &deferred[0].head, deferred_run);
		for (int look = 0; look < 1000 && qs_load_acquire(&deferred[0].runs) != i; look++)
			qs_pause();
		if (!turns(&deferred[0].runs, i)) {
			CHECK(!"the worker sleeps");
			break;
		}
	}
	deferred_end();
}

static void test_stop_leaves_the_rest(void)
{
	deferred_begin();
	deferred[0].then = stay;
	defer_some(0, 3);
	CHECK(qs_worker_start(&subject, NULL) == 0);
	CHECK(turns(&is_inside, 1));
	qs_store_release(&may_leave, 1);
	CHECK(qs_worker_stop(&subject) == 0);
	(void)qs_reclaim(&subject);
	CHECK(each_has_run(0, 3, 1));
	deferred_end();
}

static void *stop(void *argument)
{
	CHECK(qs_worker_stop(&subject) == 0);
	return argument;
}

static void test_barrier_outlives_the_worker(void)
{
	pthread_t thread;
	deferred_begin();
	deferred[0].then = stay;
	defer_some(0, 3);
	CHECK(qs_worker_start(&subject, NULL) == 0);
	CHECK(turns(&is_inside, 1));
	CHECK(pthread_create(&thread, NULL, stop, NULL) == 0);
	usleep(20000);
	qs_store_release(&may_leave, 1);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1));
	CHECK(pthread_join(thread, NULL) == 0);
	deferred_end();
}

static qs_atomic(uint32_t) passed;

static void *wait_at_barrier(void *argument)
{
	CHECK(qs_barrier(&subject) == 0);
	qs_store_release(&passed, 1);
	return argument;
}

static void test_barrier_waits_for_the_one_that_runs(void)
{
	pthread_t thread;
	deferred_begin();
	qs_store_relaxed(&passed, 0);
	deferred[0].then = stay;
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	CHECK(turns(&is_inside, 1));
	CHECK(pthread_create(&thread, NULL, wait_at_barrier, NULL) == 0);
	usleep(50000);
	CHECK(qs_load_acquire(&passed) == 0);
	qs_store_release(&may_leave, 1);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(qs_load_acquire(&passed) == 1);
	deferred_end();
}

static void test_barrier_without_a_worker(void)
{
	deferred_begin();
	defer_some(0, 3);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1));
	CHECK(deferred[0].place < deferred[1].place && deferred[2].place < deferred[3].place);
	deferred_end();
}

static int from_callback[4];

static void ask_everything(struct deferred *self)
{
	(void)self;
	from_callback[0] = qs_barrier(&subject);
	from_callback[1] = qs_worker_stop(&subject);
	from_callback[2] = qs_domain_destroy(&subject);
	from_callback[3] = (int)qs_reclaim(&subject);
}

static void test_from_inside(void)
{
	struct qs_reader *reader;
	qs_token token;
	deferred_begin();
	deferred[0].then = ask_everything;
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(from_callback[0] == -EDEADLK && from_callback[1] == -EDEADLK);
	CHECK(from_callback[2] == -EBUSY && from_callback[3] == 0);
	CHECK(qs_register(&subject, &reader) == 0);
	token = qs_read_lock(reader);
	CHECK(qs_barrier(&subject) == -EDEADLK);
	qs_read_unlock(token);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(qs_unregister(reader) == 0);
	deferred_end();
}

static void defer_next(struct deferred *self)
{
	if (self < &deferred[DEFERRED - 1])
		qs_defer(&subject, &(self + 1)->head, deferred_run);
}

static void test_destroy_with_a_worker(void)
{
	deferred_begin();
	for (int i = 0; i < DEFERRED; i++)
		deferred[i].then = defer_next;
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	deferred_end();
	CHECK(each_has_run(0, DEFERRED - 1, 1));
}

static void end_thread(struct deferred *self)
{
	(void)self;
	pthread_exit(NULL);
}

static void test_worker_is_replaced(void)
{
	deferred_begin();
	deferred[1].then = end_thread;
	CHECK(qs_worker_start(&subject, NULL) == 0);
	defer_some(0, 3);
	CHECK(turns(&deferred[3].runs, 1));
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1));
	deferred_end();
}

static qs_atomic(uint32_t) answered;

static void *synchronize(void *argument)
{
	qs_synchronize(&subject);
	qs_store_release(&answered, 1);
	return argument;
}

/* The worker's thread has to answer the signal of an updater, as every reader has. */
static void read_and_wait(struct deferred *self)
{
	struct qs_reader *reader;
	pthread_t thread;
	(void)self;
	CHECK(qs_register(&subject, &reader) == 0);
	CHECK(pthread_create(&thread, NULL, synchronize, NULL) == 0);
	CHECK(turns(&answered, 1));
	CHECK(qs_unregister(reader) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

static void test_callbacks_read_in_every_flavour(void)
{
	for (enum qs_flavour flavour = QS_MEMBARRIER; flavour <= QS_MB; flavour++) {
		if (flavour == QS_SIGNAL && !QS_KNOWS_FENCES)
			continue; /* the thread sanitizer keeps signals back, now and then for ever */
		deferred_begin();
		CHECK(qs_domain_destroy(&subject) == 0);
		CHECK(qs_domain_init(&subject, &(struct qs_options){ .flavour = flavour }) == 0);
		qs_store_relaxed(&answered, 0);
		deferred[0].then = read_and_wait;
		CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
		CHECK(qs_barrier(&subject) == 0);
		deferred_end();
	}
}

/* A reader of QS_QSBR is online while it waits: the worker would wait for it. */
static void test_barrier_of_an_online_reader(void)
{
	struct qs_reader *reader;
	deferred_begin();
	CHECK(qs_domain_destroy(&subject) == 0);
	CHECK(qs_domain_init(&subject, &(struct qs_options){ .flavour = QS_QSBR }) == 0);
	CHECK(qs_qsbr_register(&subject, &reader) == 0);
	CHECK(qs_load_relaxed(&reader->announced) != 0);
	for (int i = 0; i < 4; i++)
		CHECK(qs_call(&subject, &deferred[i].head, deferred_run) == 0);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1));
	CHECK(qs_load_relaxed(&reader->announced) != 0);
	CHECK(qs_qsbr_unregister(reader) == 0);
	deferred_end();
}

/*-------------------------------------------- back-pressure --------------------------------------*/

#define MANY 20000
static struct qs_head many[MANY];
static qs_atomic(uint32_t) counted;

static void count_one(struct qs_head *head)
{
	(void)head;
	qs_fetch_add(&counted, 1);
}

static uint32_t most_left(uint32_t already)
{
	uint32_t most = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t left;
		CHECK(qs_call(&subject, &many[i], count_one) == 0);
		left = already + i + 1 - qs_load_acquire(&counted);
		most = left > most ? left : most;
	}
	return most;
}

static void test_callers_wait_beyond_the_bound(void)
{
	const struct qs_worker_options options = { .bound = 1000, .wait_ms = 60000, .linger_us = 5000 };
	deferred_begin();
	qs_store_relaxed(&counted, 0);
	CHECK(qs_worker_start(&subject, &options) == 0);
	CHECK(most_left(0) <= 1000 + 257);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(qs_load_acquire(&counted) == MANY);
	deferred_end();
}

#define SOME 400

static void call_some(struct deferred *self)
{
	(void)self;
	for (int i = 0; i < SOME; i++)
		(void)qs_call(&subject, &many[i], count_one);
}

static time_t seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Either would wait for itself until the time is up. */
static void test_no_wait_inside(void)
{
	const struct qs_worker_options options = { .bound = 100, .wait_ms = 10000 };
	struct qs_reader *reader;
	qs_token token;
	time_t began = seconds();
	deferred_begin();
	qs_store_relaxed(&counted, 0);
	CHECK(qs_worker_start(&subject, &options) == 0);
	CHECK(qs_register(&subject, &reader) == 0);
	token = qs_read_lock(reader);
	call_some(NULL);
	qs_read_unlock(token);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(qs_load_acquire(&counted) == SOME);
	CHECK(qs_unregister(reader) == 0);
	deferred[0].then = call_some;
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	CHECK(qs_barrier(&subject) == 0 && qs_barrier(&subject) == 0);
	CHECK(qs_load_acquire(&counted) == 2 * SOME);
	CHECK(seconds() - began < 9);
	deferred_end();
}

/* The callback wants what the caller holds. */
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void want_what_is_held(struct deferred *self)
{
	(void)self;
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&held);
}

static void test_the_wait_ends(void)
{
	deferred_begin();
	qs_store_relaxed(&counted, 0);
	CHECK(qs_worker_start(&subject, &(struct qs_worker_options){ .bound = 10, .wait_ms = 1 }) == 0);
	deferred[0].then = want_what_is_held;
	pthread_mutex_lock(&held);
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	(void)most_left(1);
	pthread_mutex_unlock(&held);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(qs_load_acquire(&counted) == MANY);
	deferred_end();
}

/*----------------------------------------- signals, memory ---------------------------------------*/

static qs_atomic(uint32_t) signalled;

static void defer_in_handler(int signal)
{
	uint32_t i = qs_load_relaxed(&signalled);
	(void)signal;
	if (i == MANY)
		return;
	qs_store_relaxed(&signalled, i + 1);
	qs_defer(&subject, &many[i], count_one);
}

static void test_signal_handlers_defer(void)
{
	const struct itimerval often = { { 0, 100 }, { 0, 100 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action;
	uint32_t calls = 0;
	memset(&action, 0, sizeof action);
	action.sa_handler = defer_in_handler;
	action.sa_flags = SA_RESTART;
	deferred_begin();
	qs_store_relaxed(&counted, 0);
	qs_store_relaxed(&signalled, 0);
	CHECK(qs_worker_start(&subject, &(struct qs_worker_options){ .linger_us = QS_LINGER_NEVER }) == 0);
	CHECK(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &often, NULL) == 0);
	while (qs_load_relaxed(&signalled) < 300) {
		CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
		calls++;
		CHECK(qs_barrier(&subject) == 0);
	}
	CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
	CHECK(signal(SIGALRM, SIG_DFL) != SIG_ERR);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 0, calls));
	CHECK(qs_load_acquire(&counted) == qs_load_relaxed(&signalled));
	deferred_end();
}

struct thing {
	int before[3];
	struct qs_head head;
};

/* The address sanitizer says if one is freed at the wrong address, or not at all. */
static void test_free(void)
{
	deferred_begin();
	for (int i = 0; i < 10; i++) {
		struct thing *thing = malloc(sizeof *thing);
		CHECK(thing != NULL);
		if (thing)
			qs_defer_free(&subject, thing, head);
	}
	CHECK(qs_reclaim(&subject) == 10);
	deferred_end();
}

static void *call_often(void *argument)
{
	struct qs_head *mine = argument;
	for (int i = 0; i < MANY / 4; i++)
		(void)qs_call(&subject, &mine[i], count_one);
	return NULL;
}

static void test_all_at_once(void)
{
	pthread_t thread[4];
	deferred_begin();
	qs_store_relaxed(&counted, 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&thread[i], NULL, call_often, &many[i * MANY / 4]) == 0);
	for (int i = 0; i < 50; i++) {
		(void)qs_worker_stop(&subject);
		(void)qs_reclaim(&subject);
	}
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(qs_load_acquire(&counted) == MANY);
	deferred_end();
}

void test_worker(void)
{
	check_run("the first call starts a worker", test_call_starts_a_worker);
	check_run("the worker waits for a section", test_worker_waits_for_a_section);
	check_run("no wake-up of the worker is lost", test_no_lost_wake_up);
	check_run("a worker that is stopped leaves the rest", test_stop_leaves_the_rest);
	check_run("a barrier does without the worker that has left", test_barrier_outlives_the_worker);
	check_run("a barrier waits for the callback that runs", test_barrier_waits_for_the_one_that_runs);
	check_run("a barrier without a worker runs all itself", test_barrier_without_a_worker);
	check_run("what would wait for itself says so", test_from_inside);
	check_run("destroy stops the worker and runs all", test_destroy_with_a_worker);
	check_run("a worker that a callback ends is replaced", test_worker_is_replaced);
	check_run("callbacks read in every flavour", test_callbacks_read_in_every_flavour);
	check_run("an online reader waits at a barrier", test_barrier_of_an_online_reader);
	check_run("callers wait beyond the bound", test_callers_wait_beyond_the_bound);
	check_run("callers inside a section or a callback don't", test_no_wait_inside);
	check_run("a caller that holds what a callback wants goes on", test_the_wait_ends);
	check_run("signal handlers defer", test_signal_handlers_defer);
	check_run("deferred freeing frees", test_free);
	check_run("callers, a barrier and a worker that comes and goes lose nothing", test_all_at_once);
}
