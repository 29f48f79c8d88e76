/* SPDX-License-Identifier: MIT */
/*
 * Callbacks that don't return to qs_reclaim(), and threads that call it at the same time. It needs nothing of the
 * library but qs_defer() and qs_reclaim(), so that it can be tried on the first edition, which fails in all of these.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "deferred.h"

static void *reclaim(void *argument)
{
	(void)argument;
	(void)qs_reclaim(&subject);
	return NULL;
}

static void reclaim_on_a_thread(void)
{
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, reclaim, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

static void leave_thread(struct deferred *self)
{
	(void)self;
	pthread_exit(NULL);
}

static void cancel_thread(struct deferred *self)
{
	(void)self;
	(void)pthread_cancel(pthread_self());
	pthread_testcancel();
}

static void test_the_rest_runs_after_one_that(void (*leaves)(struct deferred *self))
{
	deferred_begin();
	deferred[1].then = leaves;
	defer_some(0, 3);
	reclaim_on_a_thread();
	CHECK(each_has_run(0, 1, 1) && each_has_run(2, 3, 0));
	CHECK(qs_reclaim(&subject) == 2);
	CHECK(each_has_run(0, 3, 1));
	CHECK(qs_reclaim(&subject) == 0);
	deferred_end();
}

static void test_pthread_exit(void)
{
	test_the_rest_runs_after_one_that(leave_thread);
}

static void test_cancelled(void)
{
	test_the_rest_runs_after_one_that(cancel_thread);
}

static jmp_buf outside;

static void jump_out(struct deferred *self)
{
	(void)self;
	longjmp(outside, 1);
}

static void test_longjmp(void)
{
	deferred_begin();
	deferred[1].then = jump_out;
	defer_some(0, 3);
	if (setjmp(outside) == 0)
		(void)qs_reclaim(&subject);
	CHECK(each_has_run(0, 1, 1) && each_has_run(2, 3, 0));
	(void)qs_reclaim(&subject); /* finds out that the second isn't running any more */
	CHECK(each_has_run(0, 3, 1));
	CHECK(qs_reclaim(&subject) == 0);
	deferred_end();
}

static void *reclaim_and_jump(void *argument)
{
	if (setjmp(outside) == 0)
		(void)qs_reclaim(&subject);
	return argument;
}

static void test_longjmp_and_end(void)
{
	pthread_t thread;
	deferred_begin();
	deferred[0].then = jump_out;
	defer_some(0, 1);
	CHECK(pthread_create(&thread, NULL, reclaim_and_jump, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(qs_reclaim(&subject) == 1);
	CHECK(each_has_run(0, 1, 1));
	deferred_end();
}

static qs_atomic(uint32_t) returned, who;

/* Asleep at a few looks in a row: it waits for somebody. */
static bool sleeps(uint32_t thread)
{
	char name[64], text[512];
	int asleep = 0;
	snprintf(name, sizeof name, "/proc/self/task/%u/stat", thread);
	for (bool is_asleep = true; is_asleep && asleep < 3; asleep += is_asleep) {
		FILE *stat = fopen(name, "r");
		const char *end = stat && fgets(text, sizeof text, stat) ? strrchr(text, ')') : NULL;
		is_asleep = end && end[1] == ' ' && end[2] == 'S';
		if (stat)
			(void)fclose(stat);
		usleep(1000);
	}
	return asleep == 3;
}

static void *reclaim_until_nothing_is_left(void *argument)
{
	qs_store_release(&who, (uint32_t)syscall(SYS_gettid));
	while (qs_reclaim(&subject) > 0)
		continue;
	qs_store_release(&returned, 1);
	return argument;
}

static void test_held_by_another(void)
{
	pthread_t first, second;
	deferred_begin();
	qs_store_relaxed(&returned, 0);
	qs_store_relaxed(&who, 0);
	deferred[0].then = stay;
	defer_some(0, 0);
	CHECK(pthread_create(&first, NULL, reclaim, NULL) == 0);
	CHECK(turns(&is_inside, 1));
	CHECK(pthread_create(&second, NULL, reclaim_until_nothing_is_left, NULL) == 0);
	/* A second that doesn't wait returns. */
	for (int i = 0; i < 10000 && qs_load_acquire(&returned) == 0; i++) {
		if (qs_load_acquire(&who) != 0 && sleeps(qs_load_relaxed(&who)))
			break;
		usleep(1000);
	}
	CHECK(qs_load_acquire(&returned) == 0);
	qs_store_release(&may_leave, 1);
	CHECK(pthread_join(first, NULL) == 0 && pthread_join(second, NULL) == 0);
	CHECK(qs_load_acquire(&returned) == 1);
	deferred_end();
}

static void test_two_share(void)
{
	pthread_t first, second;
	deferred_begin();
	deferred[0].then = stay;
	defer_some(0, 3);
	CHECK(pthread_create(&first, NULL, reclaim, NULL) == 0);
	CHECK(turns(&is_inside, 1));
	/* What stands behind the one that stays is free for others. */
	CHECK(pthread_create(&second, NULL, reclaim, NULL) == 0);
	CHECK(turns(&deferred[3].runs, 1));
	CHECK(deferred[1].place < deferred[2].place && deferred[2].place < deferred[3].place);
	qs_store_release(&may_leave, 1);
	CHECK(pthread_join(first, NULL) == 0 && pthread_join(second, NULL) == 0);
	CHECK(each_has_run(0, 3, 1));
	deferred_end();
}

void test_leaving(void)
{
	check_run("the rest runs after a callback that ends its thread", test_pthread_exit);
	check_run("the rest runs after a callback that is cancelled", test_cancelled);
	check_run("the rest runs after a callback that jumps out", test_longjmp);
	check_run("a thread that has jumped out and ends holds nothing", test_longjmp_and_end);
	check_run("reclaim does not say that nothing is left while another thread runs it", test_held_by_another);
	check_run("a callback that takes long holds no other up", test_two_share);
}
