/* SPDX-License-Identifier: MIT */
/*
 * Two operations that race, in every order in which the second one comes as a whole between two accesses of the first:
 * the door (door.h) says when. So this needs no luck.
 */
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static qs_atomic(void *) pointer;

static void (*other)(void);
static int left; /* accesses until the other one's turn */

static void take_turn(const char *what, const volatile void *address)
{
	(void)what;
	(void)address;
	if (--left == 0) {
		door_hook = NULL;
		other();
	}
}

/* Runs `one` again and again, with `another` as a whole before its first access, its second one, and so on. */
static void at_every_access(void (*one)(void), void (*another)(void), void (*afresh)(void), void (*check)(void))
{
	for (int turn = 1, over = 0; !over; turn++) {
		afresh();
		other = another;
		left = turn;
		door_hook = take_turn;
		one();
		over = door_hook != NULL;
		door_hook = NULL;
		if (!over)
			check();
	}
}

struct object {
	struct qs_head head; /* first */
	int freed;
};

static struct object object[3];
static struct qs_domain domains[2];

static void count(void *freed)
{
	((struct object *)freed)->freed++;
}

static void replace_first(void)
{
	qs_replace(&domains[0], &pointer, &object[1], count);
}

static void replace_second(void)
{
	qs_replace(&domains[1], &pointer, &object[2], count);
}

static void publish_afresh(void)
{
	memset(object, 0, sizeof object);
	qs_store_relaxed(&pointer, &object[0]);
}

static void neither_lost_nor_freed_twice(void)
{
	for (int i = 0; i < 3; i++)
		CHECK(object[i].freed == (qs_load_relaxed(&pointer) != &object[i]));
}

/* The updaters have a domain each: of one domain, the second would wait for its turn for ever. */
static void test_replace_between_the_accesses_of_another(void)
{
	for (int i = 0; i < 2; i++)
		CHECK(qs_domain_init(&domains[i], NULL) == 0);
	at_every_access(replace_first, replace_second, publish_afresh, neither_lost_nor_freed_twice);
	for (int i = 0; i < 2; i++)
		CHECK(qs_domain_destroy(&domains[i]) == 0);
}

static struct qs_reader *reader[2];

static void leave_slots(void)
{
	for (int i = 0; i < 2; i++) {
		if (reader[i])
			(void)qs_unregister(reader[i]);
		reader[i] = NULL;
	}
	qs_store_relaxed(&domain.used, 0);
}

static void register_first(void)
{
	CHECK(qs_register(&domain, &reader[0]) == 0);
}

static void register_second(void)
{
	CHECK(qs_register(&domain, &reader[1]) == 0);
}

static void two_slots(void)
{
	CHECK(reader[0] != reader[1]);
	CHECK(qs_load_relaxed(&domain.used) == 2);
}

static void test_register_between_the_accesses_of_another(void)
{
	begin(2);
	at_every_access(register_first, register_second, leave_slots, two_slots);
	leave_slots();
	end();
}

static void count_head(struct qs_head *head)
{
	count(head);
}

static void defer_first(void)
{
	qs_defer(&domain, &object[1].head, count_head);
}

static void defer_second(void)
{
	qs_defer(&domain, &object[2].head, count_head);
}

static void forget_objects(void)
{
	(void)qs_reclaim(&domain);
	memset(object, 0, sizeof object);
}

static void both_deferred(void)
{
	CHECK(qs_reclaim(&domain) == 2 && object[1].freed == 1 && object[2].freed == 1);
}

static void test_defer_between_the_accesses_of_another(void)
{
	begin(1);
	at_every_access(defer_first, defer_second, forget_objects, both_deferred);
	end();
}

void test_interleavings(void)
{
	check_run("a replace between two accesses of another loses nothing and frees nothing twice",
		  test_replace_between_the_accesses_of_another);
	check_run("a register between two accesses of another gets another slot",
		  test_register_between_the_accesses_of_another);
	check_run("a defer between two accesses of another loses nothing", test_defer_between_the_accesses_of_another);
}
