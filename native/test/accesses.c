/* SPDX-License-Identifier: MIT */
/*
 * What the library does access by access, seen through the door (door.h). So it needs neither luck nor weak memory:
 * each letter is kept by what spec/letters.json says it is kept by, on every processor; and two operations that race
 * are run in every order in which the second one comes as a whole between two accesses of the first.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

void (*door_hook)(const char *what, const volatile void *address);

static qs_atomic(void *) pointer;

/*-------------------------------------------- letters --------------------------------------------*/

static char seen[1024];

static const char *name_of(const volatile void *address)
{
	if (address == &domain.shared.gp)
		return " gp";
	if (address == &domain.shared.waiting)
		return " waiting";
	if (address == &domain.slots[0].announced)
		return " announced";
	if (address == &domain.slots[0].owner)
		return " owner";
	if (address == &pointer)
		return " pointer";
	return address ? " something" : "";
}

static void note(const char *what, const volatile void *address)
{
	size_t length = strlen(seen);
	snprintf(seen + length, sizeof seen - length, "%s%s%s", length ? ", " : "", what, name_of(address));
}

/* What has been seen since begin_noting(). */
static bool saw(const char *wanted)
{
	bool same = strcmp(seen, wanted) == 0;
	door_hook = NULL;
	if (!same)
		printf("# wanted: %s\n# seen:   %s\n", wanted, seen);
	return same;
}

static void begin_noting(void)
{
	seen[0] = '\0';
	door_hook = note;
}

/* A domain of the flavour that `flags` asks for, with the one reader that name_of() knows. */
static struct qs_reader *prepare(unsigned int flags)
{
	struct qs_reader *reader = NULL;
	CHECK(qs_domain_init(&domain, 1, flags) == 0);
	CHECK(qs_register(&domain, &reader) == 0);
	return reader;
}

static void finish(struct qs_reader *reader)
{
	CHECK(qs_unregister(reader) == 0);
	CHECK(qs_domain_destroy(&domain) == 0);
}

static void test_a_and_c(void)
{
	struct qs_reader *reader = prepare(0);
	qs_token token;
	CHECK(qs_domain_flavour(&domain) == QS_MEMBARRIER);
	begin_noting();
	token = qs_read_lock(reader);
	CHECK(saw("load relaxed announced, load relaxed gp, store relaxed announced, compiler barrier"));
	begin_noting();
	qs_read_unlock(reader, token);
	CHECK(saw("store release announced, compiler barrier, load relaxed waiting"));
	finish(reader);
}

static void test_a_and_c_in_mb(void)
{
	struct qs_reader *reader = prepare(QS_FLAG_MB);
	qs_token token;
	begin_noting();
	token = qs_read_lock(reader);
	CHECK(saw("load relaxed announced, load relaxed gp, store relaxed announced, full fence, compiler barrier"));
	begin_noting();
	qs_read_unlock(reader, token);
	CHECK(saw("store release announced, full fence, compiler barrier, load relaxed waiting"));
	finish(reader);
}

static void test_d(void)
{
	struct qs_reader *reader = prepare(QS_FLAG_MB);
	int object = 0;
	begin_noting();
	qs_publish(&pointer, &object);
	CHECK(saw("store release pointer"));
	begin_noting();
	CHECK(qs_dereference(&pointer) == &object);
	CHECK(saw("load relaxed pointer"));
	finish(reader);
}

static void test_e_and_h(void)
{
	struct qs_reader *reader = prepare(QS_FLAG_MB);
	begin_noting();
	qs_replace(&domain, &pointer, NULL, NULL);
	CHECK(saw("exchange acq_rel pointer, full fence, load relaxed gp, store relaxed gp, "
		  "load relaxed announced, acquire fence"));
	finish(reader);
}

static void test_owning_a_slot(void)
{
	struct qs_reader *reader = prepare(0);
	begin_noting();
	CHECK(qs_unregister(reader) == 0);
	CHECK(saw("load relaxed announced, store release owner"));
	begin_noting();
	CHECK(qs_register(&domain, &reader) == 0);
	CHECK(saw("compare-exchange acq_rel owner"));
	finish(reader);
}

/*----------------------------------------- interleavings -----------------------------------------*/

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
		CHECK(qs_domain_init(&domains[i], 1, 0) == 0);
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

int main(void)
{
	alarm(60);
	check_run("A and C hold the compiler, B releases", test_a_and_c);
	check_run("A and C are full fences in the flavour mb", test_a_and_c_in_mb);
	check_run("D releases", test_d);
	check_run("E is a full fence in the flavour mb, H acquires", test_e_and_h);
	check_run("to unregister releases, to register acquires", test_owning_a_slot);
	check_run("a replace between two accesses of another loses nothing and frees nothing twice",
		  test_replace_between_the_accesses_of_another);
	check_run("a register between two accesses of another gets another slot",
		  test_register_between_the_accesses_of_another);
	check_run("a defer between two accesses of another loses nothing", test_defer_between_the_accesses_of_another);
	return check_end();
}
