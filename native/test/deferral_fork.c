/* SPDX-License-Identifier: MIT */
/* fork() with callbacks on their way, and a worker. */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "check.h"
#include "deferred.h"

static bool the_rest_runs_once(void)
{
	(void)qs_reclaim(&subject);
	return each_has_run(0, 3, 1) && qs_reclaim(&subject) == 0;
}

static void test_deferred_runs_in_both(void)
{
	deferred_begin();
	defer_some(0, 3);
	CHECK(holds_in_child(the_rest_runs_once));
	CHECK(each_has_run(0, 3, 0));
	CHECK(the_rest_runs_once());
	deferred_end();
}

static struct qs_reader *reader;

/* The worker has taken the first two, and waits for a section that this thread is in. */
static bool leave_and_run(void)
{
	qs_token token = { reader };
	qs_read_unlock(token);
	return the_rest_runs_once() && qs_unregister(reader) == 0 && qs_domain_destroy(&subject) == 0;
}

static void test_fork_during_the_workers_grace_period(void)
{
	deferred_begin();
	CHECK(qs_register(&subject, &reader) == 0);
	(void)qs_read_lock(reader);
	CHECK(qs_worker_start(&subject, NULL) == 0);
	defer_some(0, 1);
	usleep(20000);
	defer_some(2, 3);
	CHECK(holds_in_child(leave_and_run));
	qs_read_unlock((qs_token){ reader });
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1));
	CHECK(qs_unregister(reader) == 0);
	deferred_end();
}

/* The worker is in the first one; that one is its own, and doesn't go on in the child. */
static void test_fork_during_a_callback_of_another(void)
{
	deferred_begin();
	deferred[0].then = stay;
	CHECK(qs_worker_start(&subject, NULL) == 0);
	defer_some(0, 3);
	CHECK(turns(&is_inside, 1));
	CHECK(holds_in_child(the_rest_runs_once));
	qs_store_release(&may_leave, 1);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1));
	deferred_end();
}

static bool the_worker_starts_again(void)
{
	if (qs_call(&subject, &deferred[1].head, deferred_run) != 0)
		return false;
	return turns(&deferred[1].runs, 1) && qs_barrier(&subject) == 0 && qs_domain_destroy(&subject) == 0;
}

static void test_the_worker_starts_again(void)
{
	deferred_begin();
	CHECK(qs_call(&subject, &deferred[0].head, deferred_run) == 0);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(holds_in_child_with_threads(the_worker_starts_again));
	CHECK(the_worker_starts_again() && qs_domain_init(&subject, NULL) == 0);
	deferred_end();
}

static bool held;

static bool nothing_is_held(void)
{
	return each_has_run(0, 1, 1); /* and goes on in the callback */
}

static void fork_in_callback(struct deferred *self)
{
	(void)self;
	held = holds_in_child(nothing_is_held);
}

static void test_a_callback_forks(void)
{
	deferred_begin();
	deferred[1].then = fork_in_callback;
	defer_some(0, 3);
	CHECK(qs_worker_start(&subject, NULL) == 0);
	CHECK(qs_barrier(&subject) == 0);
	CHECK(each_has_run(0, 3, 1) && held);
	deferred_end();
}

static bool poll_and_wait(void)
{
	uint64_t cookie = qs_poll_start(&subject);
	for (int i = 0; i < 20000 && !qs_poll(&subject, cookie); i++)
		usleep(1000);
	return qs_poll(&subject, cookie);
}

static void test_polls_go_on(void)
{
	deferred_begin();
	CHECK(qs_register(&subject, &reader) == 0);
	CHECK(poll_and_wait());
	CHECK(holds_in_child_with_threads(poll_and_wait));
	CHECK(qs_unregister(reader) == 0);
	deferred_end();
}

/* Where liburcu hangs: a worker is taken down while another thread forks. */
static qs_atomic(uint32_t) enough;

static void *start_and_stop(void *argument)
{
	while (!qs_load_acquire(&enough)) {
		(void)qs_worker_start(&subject, NULL);
		qs_defer(&subject, &deferred[0].head, deferred_run);
		(void)qs_worker_stop(&subject);
		(void)qs_reclaim(&subject);
	}
	return argument;
}

static bool a_barrier_returns(void)
{
	return qs_barrier(&subject) == 0 && qs_call(&subject, &deferred[1].head, deferred_run) == 0 &&
	       qs_barrier(&subject) == 0 && each_has_run(1, 1, 1);
}

static void test_fork_while_workers_come_and_go(void)
{
	pthread_t thread;
	deferred_begin();
	qs_store_relaxed(&enough, 0);
	CHECK(pthread_create(&thread, NULL, start_and_stop, NULL) == 0);
	for (int i = 0; i < 50; i++) {
		bool returned = holds_in_child_with_threads(a_barrier_returns);
		CHECK(returned);
		if (!returned)
			break;
	}
	qs_store_release(&enough, 1);
	CHECK(pthread_join(thread, NULL) == 0);
	deferred_end();
}

void test_deferral_fork(void)
{
	check_run("what is deferred runs once in each process", test_deferred_runs_in_both);
	check_run("a fork during the worker's grace period loses nothing", test_fork_during_the_workers_grace_period);
	check_run("a fork while the worker runs a callback loses nothing else", test_fork_during_a_callback_of_another);
	check_run("the worker starts again in a child", test_the_worker_starts_again);
	check_run("a callback forks", test_a_callback_forks);
	check_run("polls go on in a child", test_polls_go_on);
	check_run("a fork while workers come and go hangs nobody", test_fork_while_workers_come_and_go);
}
