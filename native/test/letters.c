/* SPDX-License-Identifier: MIT */
/*
 * Each letter is kept by what spec/letters.json names. The door (door.h) records the library access by access: so
 * this needs no weak memory, and no luck.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static qs_atomic(void *) pointer;

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
	if (address == &domain.deferred)
		return " deferred";
	if (address == &pointer)
		return " pointer";
	return address ? " something" : "";
}

static void note(const char *what, const volatile void *address)
{
	size_t length = strlen(seen);
	snprintf(seen + length, sizeof seen - length, "%s%s%s", length ? ", " : "", what, name_of(address));
}

/* What was seen since begin_noting(). */
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

static void reclaim_nothing(struct qs_head *head)
{
	(void)head;
}

static void test_deferring(void)
{
	struct qs_reader *reader = prepare(QS_FLAG_MB);
	struct qs_head head;
	begin_noting();
	qs_defer(&domain, &head, reclaim_nothing);
	CHECK(saw("load relaxed deferred, compare-exchange acq_rel deferred"));
	begin_noting();
	CHECK(qs_reclaim(&domain) == 1);
	CHECK(saw("exchange acquire deferred, full fence, load relaxed gp, store relaxed gp, "
		  "load relaxed announced, acquire fence"));
	finish(reader);
}

static void test_destroying(void)
{
	struct qs_reader *reader = prepare(QS_FLAG_MB);
	CHECK(qs_unregister(reader) == 0);
	begin_noting();
	CHECK(qs_domain_destroy(&domain) == 0);
	/* Its slots are gone, and so is the owner's name. */
	CHECK(saw("load acquire owner, exchange acquire deferred"));
}

static struct qs_reader *inside; /* NULL: nobody, or it has left */
static qs_token held;

/* Before the first access after the updater has said that it waits, the reader leaves; nothing of that is noted. */
static void note_and_leave(const char *what, const volatile void *address)
{
	struct qs_reader *leaving = strstr(seen, "waiting") ? inside : NULL;
	note(what, address);
	if (!leaving)
		return;
	inside = NULL;
	door_hook = NULL;
	qs_read_unlock(leaving, held);
	door_hook = note_and_leave;
}

static void test_i(void)
{
	struct qs_reader *reader = prepare(QS_FLAG_MB);
	inside = reader;
	held = qs_read_lock(reader);
	begin_noting();
	door_hook = note_and_leave;
	qs_synchronize(&domain);
	CHECK(saw("full fence, load relaxed gp, store relaxed gp, load relaxed announced, store relaxed waiting, "
		  "full fence, load relaxed announced, store relaxed waiting, acquire fence"));
	finish(reader);
}

void test_letters(void)
{
	check_run("A and C hold the compiler, B releases", test_a_and_c);
	check_run("A and C are full fences in the flavour mb", test_a_and_c_in_mb);
	check_run("D releases", test_d);
	check_run("E is a full fence in the flavour mb, H acquires", test_e_and_h);
	check_run("I is a full fence in the flavour mb", test_i);
	check_run("unregistering releases, registering acquires", test_owning_a_slot);
	check_run("deferring releases, reclaiming acquires", test_deferring);
	check_run("destroying acquires what the last readers released", test_destroying);
}
