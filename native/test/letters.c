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
#include "../src/thread.h"

static qs_atomic(void *) pointer;

static char seen[4096];

static const char *name_of(const volatile void *address)
{
	const struct {
		const volatile void *address;
		const char *name;
	} word[] = {
		{ &domain.gp, " gp" },
		{ &domain.begun, " begun" },
		{ &domain.ended, " ended" },
		{ &domain.leader, " leader" },
		{ &domain.doorbell, " doorbell" },
		{ &domain.sleepers, " sleepers" },
		{ &domain.registered, " registered" },
		{ &domain.used, " used" },
		{ &domain.state, " state" },
		{ &domain.slots[0].announced, " announced" },
		{ &domain.slots[0].notice, " notice" },
		{ &domain.owners[0].thread, " owner" },
		{ &domain.deferral.pushed, " pushed" },
		{ &domain.deferral.asleep, " asleep" },
		{ &domain.deferral.worker, " worker" },
		{ &domain.deferral.lock, " lock" },
		{ &qs_self.readers, " mine" },
		{ &pointer, " pointer" },
	};
	for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
		if (address == word[i].address)
			return word[i].name;
	}
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

/* A domain of this flavour, with the one reader that name_of() knows. */
static struct qs_reader *prepare(enum qs_flavour flavour)
{
	struct qs_options options = { .capacity = 1, .flavour = flavour, .spins = 1 };
	struct qs_reader *reader = NULL;
	CHECK(qs_domain_init(&domain, &options) == 0);
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
	struct qs_reader *reader = prepare(QS_MEMBARRIER);
	qs_token token;
	CHECK(qs_domain_flavour(&domain) == QS_MEMBARRIER);
	begin_noting();
	token = qs_read_lock(reader);
	CHECK(saw("load relaxed announced, load relaxed gp, store release announced, load relaxed notice, "
		  "compiler barrier"));
	begin_noting();
	qs_read_unlock(token);
	CHECK(saw("store release announced, compiler barrier, load relaxed notice"));
	finish(reader);
}

static void test_a_and_c_in_mb(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	qs_token token;
	begin_noting();
	token = qs_read_lock(reader);
	CHECK(saw("load relaxed announced, load relaxed gp, store release announced, load relaxed notice, full fence, "
		  "compiler barrier"));
	begin_noting();
	qs_read_unlock(token);
	CHECK(saw("store release announced, compiler barrier, load relaxed notice, load relaxed notice, full fence, "
		  "compiler barrier, load relaxed notice"));
	finish(reader);
}

static void test_d(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	int object = 0;
	begin_noting();
	qs_assign(&pointer, (void *)&object);
	CHECK(saw("store release pointer"));
	begin_noting();
	CHECK(qs_dereference(&pointer) == &object);
	CHECK(saw("load relaxed pointer"));
	finish(reader);
}

/* A caller of qs_synchronize() asks for a grace period (J), and looks whether it has ended and who leads (R). */
#define ASK "full fence, load relaxed registered, load relaxed begun, "
#define LOOK "load acquire doorbell, load relaxed ended, load relaxed leader, "

/* It leads (Q), and finds the reader outside: E, H, M, P, O. */
#define LEAD                                                                                                           \
	"compare-exchange acq_rel leader, load relaxed ended, load relaxed begun, "                                    \
	"store relaxed begun, full fence, store relaxed gp, load relaxed used, load relaxed announced, "               \
	"acquire fence, store release ended, store release leader, fetch-add seq_cst doorbell, load seq_cst sleepers"

#define GRACE_PERIOD ASK LOOK LEAD

static void test_e_and_h(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	begin_noting();
	qs_replace(&domain, &pointer, NULL, NULL);
	CHECK(saw("exchange acq_rel pointer, load relaxed mine, load relaxed announced, " GRACE_PERIOD));
	finish(reader);
}

/* The leader steps down and rings just before the follower counts itself as a sleeper; nothing of that is noted. */
static void note_and_ring(const char *what, const volatile void *address)
{
	note(what, address);
	if (address != &domain.sleepers)
		return;
	door_hook = NULL;
	qs_store_relaxed(&domain.leader, 0);
	(void)qs_fetch_add(&domain.doorbell, 1);
	door_hook = note;
}

/* The follower of a leader that isn't here. */
static void test_n_and_r(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	qs_store_relaxed(&domain.leader, 1);
	begin_noting();
	door_hook = note_and_ring;
	qs_synchronize(&domain);
	CHECK(saw("load relaxed mine, load relaxed announced, " ASK LOOK
		  "fetch-add seq_cst sleepers, fetch-sub acq_rel sleepers, " LOOK LEAD));
	finish(reader);
}

static void test_owning_a_slot(void)
{
	struct qs_reader *reader = prepare(QS_MEMBARRIER);
	begin_noting();
	CHECK(qs_unregister(reader) == 0);
	CHECK(saw("load relaxed mine, load relaxed announced, load relaxed mine, store relaxed mine, "
		  "store release owner, fetch-sub release registered"));
	begin_noting();
	CHECK(qs_register(&domain, &reader) == 0);
	CHECK(saw("load acquire state, load relaxed owner, compare-exchange acq_rel owner, fetch-or relaxed notice, "
		  "load relaxed mine, compare-exchange acq_rel mine, load relaxed used, "
		  "fetch-add acq_rel registered, full fence"));
	finish(reader);
}

static void reclaim_nothing(struct qs_head *head)
{
	(void)head;
}

static void test_deferring(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	struct qs_head head;
	begin_noting();
	qs_defer(&domain, &head, reclaim_nothing);
	CHECK(saw("load relaxed pushed, compare-exchange seq_cst pushed, load seq_cst asleep"));
	begin_noting();
	CHECK(qs_reclaim(&domain) == 1);
	CHECK(saw("load acquire state, compare-exchange acq_rel lock, load relaxed pushed, exchange acquire pushed, "
		  ASK "load relaxed ended, exchange acq_rel lock, load relaxed mine, load relaxed announced, " LOOK LEAD
		  ", compare-exchange acq_rel lock, load relaxed ended, acquire fence, exchange acq_rel lock, "
		  "compare-exchange acq_rel lock, exchange acq_rel lock"));
	finish(reader);
}

static void test_destroying(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	CHECK(qs_unregister(reader) == 0);
	begin_noting();
	CHECK(qs_domain_destroy(&domain) == 0);
	/* Its slots are gone, and so is the owner's name. */
	CHECK(saw("load acquire used, load acquire owner, load acquire registered, compare-exchange acq_rel lock, "
		  "load relaxed worker, exchange acq_rel lock, load acquire state, compare-exchange acq_rel lock, "
		  "load relaxed pushed, exchange acq_rel lock, load acquire state, store relaxed used, "
		  "store release state"));
}

static struct qs_reader *inside; /* NULL: nobody, or it has left */
static qs_token held;

/* Before the first access after the updater has said that it waits, the reader leaves; nothing of that is noted. */
static void note_and_leave(const char *what, const volatile void *address)
{
	bool leaves = inside && strstr(seen, "notice");
	note(what, address);
	if (!leaves)
		return;
	inside = NULL;
	door_hook = NULL;
	qs_read_unlock(held);
	door_hook = note_and_leave;
}

static void *synchronize_thread(void *argument)
{
	qs_synchronize(&domain);
	return argument;
}

/* On a thread of its own: inside a section it would be refused. */
static void test_i(void)
{
	struct qs_reader *reader = prepare(QS_MB);
	pthread_t thread;
	inside = reader;
	held = qs_read_lock(reader);
	begin_noting();
	door_hook = note_and_leave;
	CHECK(pthread_create(&thread, NULL, synchronize_thread, NULL) == 0);
	pthread_join(thread, NULL);
	CHECK(saw("load relaxed mine, full fence, load relaxed registered, load relaxed begun, "
		  "load acquire doorbell, load relaxed ended, "
		  "load relaxed leader, compare-exchange acq_rel leader, load relaxed ended, load relaxed begun, "
		  "store relaxed begun, full fence, store relaxed gp, load relaxed used, load relaxed announced, "
		  "load relaxed announced, store relaxed notice, full fence, load relaxed announced, "
		  "store relaxed notice, acquire fence, store release ended, store release leader, "
		  "fetch-add seq_cst doorbell, load seq_cst sleepers"));
	finish(reader);
}

void test_letters(void)
{
	check_run("A and C hold the compiler, B releases", test_a_and_c);
	check_run("A and C are full fences in the flavour mb", test_a_and_c_in_mb);
	check_run("D releases", test_d);
	check_run("J and E are full fences in the flavour mb, H and Q acquire, M and P release, O is a full barrier",
		  test_e_and_h);
	check_run("N is a full barrier, R acquires", test_n_and_r);
	check_run("I is a full fence in the flavour mb", test_i);
	check_run("unregistering releases (L), registering acquires and ends with a full fence (K)",
		  test_owning_a_slot);
	check_run("deferring releases (U) and looks at the worker behind that (S), reclaiming acquires",
		  test_deferring);
	check_run("destroying acquires what the last readers released", test_destroying);
}
