/* SPDX-License-Identifier: MIT */
/* What is replaced or deferred is freed once, after a grace period. */
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

struct object {
	struct qs_head head; /* first */
	int value;
};

static qs_atomic(void *) pointer;
static int freed[4];
static size_t freed_count;

static void note(int value)
{
	if (freed_count < 4)
		freed[freed_count] = value;
	freed_count++;
}

static void reclaim_object(void *object)
{
	note(((struct object *)object)->value);
}

static void reclaim_head(struct qs_head *head)
{
	note(((struct object *)head)->value);
	memset(head, 0, sizeof *head); /* it is the callback's now */
}

static void reclaim_and_defer(struct qs_head *head)
{
	note(((struct object *)head)->value);
	qs_defer(&domain, head, reclaim_head);
}

static void test_replace(void)
{
	struct object one = { .value = 1 }, two = { .value = 2 };
	begin(1);
	freed_count = 0;
	qs_store_relaxed(&pointer, NULL);
	qs_replace(&domain, &pointer, &one, reclaim_object);
	CHECK(freed_count == 0 && qs_dereference(&pointer) == &one);
	qs_replace(&domain, &pointer, &two, reclaim_object);
	CHECK(freed_count == 1 && freed[0] == 1 && qs_dereference(&pointer) == &two);
	qs_replace(&domain, &pointer, NULL, NULL);
	CHECK(freed_count == 1 && qs_dereference(&pointer) == NULL);
	end();
}

static struct object fresh = { .value = 2 };

static void *replace_thread(void *argument)
{
	(void)argument;
	qs_replace(&domain, &pointer, &fresh, reclaim_object);
	return NULL;
}

static void test_replace_waits_for_the_section_that_may_use_it(void)
{
	struct object one = { .value = 1 };
	struct qs_reader *reader;
	pthread_t thread;
	qs_token token;
	begin(1);
	freed_count = 0;
	qs_store_relaxed(&pointer, &one);
	reader = registered();
	token = qs_read_lock(reader);
	CHECK(qs_dereference(&pointer) == &one);
	start_waiting(&thread, replace_thread, reader);
	CHECK(freed_count == 0 && qs_dereference(&pointer) == &fresh);
	qs_read_unlock(token);
	pthread_join(thread, NULL);
	CHECK(freed_count == 1 && freed[0] == 1);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_publish(void)
{
	struct object one = { .value = 1 };
	qs_assign(&pointer, (void *)&one);
	CHECK(qs_dereference(&pointer) == &one);
}

static void test_reclaim_frees_the_oldest_first(void)
{
	struct object one = { .value = 1 }, two = { .value = 2 }, three = { .value = 3 };
	struct qs_reader *reader;
	begin(1);
	freed_count = 0;
	reader = registered(); /* without one there is no grace period to count */
	CHECK(qs_reclaim(&domain) == 0 && qs_domain_number(&domain) == 1);
	qs_defer(&domain, &one.head, reclaim_head);
	qs_defer(&domain, &two.head, reclaim_head);
	qs_defer(&domain, &three.head, reclaim_head);
	CHECK(freed_count == 0);
	CHECK(qs_reclaim(&domain) == 3 && qs_domain_number(&domain) == 2);
	CHECK(freed_count == 3 && freed[0] == 1 && freed[1] == 2 && freed[2] == 3);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_what_a_callback_defers_is_left_to_the_next(void)
{
	struct object one = { .value = 1 };
	begin(1);
	freed_count = 0;
	qs_defer(&domain, &one.head, reclaim_and_defer);
	CHECK(qs_reclaim(&domain) == 1 && freed_count == 1);
	end(); /* runs the rest */
	CHECK(freed_count == 2);
}

static void test_destroy_runs_what_callbacks_defer(void)
{
	struct object one = { .value = 1 };
	begin(1);
	freed_count = 0;
	qs_defer(&domain, &one.head, reclaim_and_defer);
	end();
	CHECK(freed_count == 2);
}

static void *reclaim_thread(void *argument)
{
	(void)argument;
	(void)qs_reclaim(&domain);
	return NULL;
}

static void test_what_is_deferred_in_a_grace_period_waits_for_the_next(void)
{
	struct object one = { .value = 1 }, two = { .value = 2 };
	struct qs_reader *reader;
	pthread_t thread;
	qs_token token;
	begin(1);
	freed_count = 0;
	reader = registered();
	token = qs_read_lock(reader);
	qs_defer(&domain, &one.head, reclaim_head);
	start_waiting(&thread, reclaim_thread, reader);
	qs_defer(&domain, &two.head, reclaim_head);
	qs_read_unlock(token);
	pthread_join(thread, NULL);
	CHECK(freed_count == 1 && freed[0] == 1);
	CHECK(qs_unregister(reader) == 0);
	end();
	CHECK(freed_count == 2 && freed[1] == 2);
}

void test_freeing(void)
{
	check_run("replace frees what was published before", test_replace);
	check_run("replace waits for the section that may use it", test_replace_waits_for_the_section_that_may_use_it);
	check_run("publish and dereference", test_publish);
	check_run("reclaim frees the oldest first, with one grace period", test_reclaim_frees_the_oldest_first);
	check_run("what a callback defers is left to the next", test_what_a_callback_defers_is_left_to_the_next);
	check_run("destroy runs what callbacks defer", test_destroy_runs_what_callbacks_defer);
	check_run("what is deferred in a grace period waits for the next",
		  test_what_is_deferred_in_a_grace_period_waits_for_the_next);
}
