/* SPDX-License-Identifier: MIT */
/*
 * What several threads do at the same time, for a while; accesses.c has two operations at a time, and leaves nothing to
 * chance.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"
#include "race.h"

static void *const nothing[RACE_THREADS_MAX];

/*------------------------------------------ registration -----------------------------------------*/

static qs_atomic(uint32_t) tenants[2], collisions;

static void *register_often(void *argument)
{
	(void)argument;
	race_meet(3);
	while (!race_over()) {
		struct qs_reader *reader;
		qs_atomic(uint32_t) * here;
		if (qs_register(&domain, &reader) != 0)
			continue;
		here = &tenants[reader->index];
		if (qs_fetch_add(here, 1) != 0)
			qs_fetch_add(&collisions, 1);
		qs_fetch_sub(here, 1);
		(void)qs_unregister(reader);
	}
	return NULL;
}

static void test_no_two_readers_have_the_same_slot(void)
{
	begin(2);
	race(3, register_often, nothing);
	CHECK(qs_load_relaxed(&collisions) == 0);
	end();
}

/*-------------------------------------------- updaters -------------------------------------------*/

/* Says how often it has been freed. */
struct object {
	struct qs_head head; /* first */
	qs_atomic(uint32_t) freed;
};

static qs_atomic(void *) pointer;

static void count(void *object)
{
	qs_fetch_add(&((struct object *)object)->freed, 1);
}

#define UPDATES 100000

struct updater {
	struct qs_domain domain;
	size_t updates;
	struct object object[UPDATES];
};

static void *replace_often(void *argument)
{
	struct updater *self = argument;
	race_meet(2);
	for (; self->updates < UPDATES && !race_over(); self->updates++)
		qs_replace(&self->domain, &pointer, &self->object[self->updates], count);
	return NULL;
}

/* Neither lost nor freed twice: what has been published and isn't any more has been freed once. */
static bool all_freed_once(struct object *object, size_t length)
{
	size_t wrong = 0;
	for (size_t i = 0; i < length; i++)
		wrong += qs_load_relaxed(&object[i].freed) != (qs_load_relaxed(&pointer) != &object[i]);
	return wrong == 0;
}

/*
 * Each updater has a domain of its own, whose grace periods cost little. So they don't take turns, and publishing is
 * most of what they do.
 */
static void test_racing_updaters(void)
{
	const struct qs_options options = { .capacity = 1, .flavour = QS_MB };
	struct updater *updater[2];
	qs_store_relaxed(&pointer, NULL);
	for (int i = 0; i < 2; i++) {
		updater[i] = aligned_alloc(QS_CACHE_LINE, sizeof(struct updater));
		CHECK(updater[i] && qs_domain_init(&updater[i]->domain, &options) == 0);
		updater[i]->updates = 0;
		for (int j = 0; j < UPDATES; j++)
			qs_store_relaxed(&updater[i]->object[j].freed, 0);
	}
	race(2, replace_often, (void *const[]){ updater[0], updater[1] });
	for (int i = 0; i < 2; i++)
		CHECK(updater[i]->updates > 0 && all_freed_once(updater[i]->object, updater[i]->updates));
	for (int i = 0; i < 2; i++) {
		CHECK(qs_domain_destroy(&updater[i]->domain) == 0);
		free(updater[i]);
	}
}

static qs_atomic(uint32_t) published, reclaimed;

static void count_and_free(void *object)
{
	qs_fetch_add(&reclaimed, 1);
	free(object);
}

static void *replace_in_turn(void *argument)
{
	(void)argument;
	race_meet(3);
	while (!race_over()) {
		qs_fetch_add(&published, 1);
		qs_replace(&domain, &pointer, malloc(16), count_and_free);
	}
	return NULL;
}

/* A grace period serves each of the three at most once: so there are at least a third as many as calls. */
static void test_updaters_share_grace_periods(void)
{
	uint64_t periods, calls;
	struct qs_reader *reader;
	begin(1);
	reader = registered();
	qs_store_relaxed(&pointer, NULL);
	qs_store_relaxed(&published, 0);
	qs_store_relaxed(&reclaimed, 0);
	race(3, replace_in_turn, nothing);
	CHECK(qs_load_relaxed(&published) > 1);
	CHECK(qs_load_relaxed(&reclaimed) == qs_load_relaxed(&published) - 1);
	periods = qs_domain_number(&domain) - 1;
	calls = qs_load_relaxed(&published);
	CHECK(periods <= calls && periods >= calls / 3);
	free(qs_dereference(&pointer));
	CHECK(qs_unregister(reader) == 0);
	end();
}

/*-------------------------------------------- deferring ------------------------------------------*/

#define DEFERRED 200000

struct deferrer {
	size_t deferred;
	struct object object[DEFERRED];
};

static void count_head(struct qs_head *head)
{
	count(head);
}

static void *defer_often(void *argument)
{
	struct deferrer *self = argument;
	race_meet(3);
	for (; self->deferred < DEFERRED && !race_over(); self->deferred++)
		qs_defer(&domain, &self->object[self->deferred].head, count_head);
	return NULL;
}

static void test_several_defer_at_once(void)
{
	struct deferrer *deferrer = calloc(3, sizeof *deferrer);
	CHECK(deferrer);
	begin(1);
	race(3, defer_often, (void *const[]){ &deferrer[0], &deferrer[1], &deferrer[2] });
	CHECK(qs_reclaim(&domain) == deferrer[0].deferred + deferrer[1].deferred + deferrer[2].deferred);
	qs_store_relaxed(&pointer, NULL);
	for (int i = 0; i < 3; i++)
		CHECK(deferrer[i].deferred > 0 && all_freed_once(deferrer[i].object, deferrer[i].deferred));
	free(deferrer);
	end();
}

int main(void)
{
	alarm(TEST_PATIENCE);
	check_run("no two readers have the same slot", test_no_two_readers_have_the_same_slot);
	check_run("racing updaters lose no object and free none twice", test_racing_updaters);
	check_run("updaters share grace periods, and each call waits for one", test_updaters_share_grace_periods);
	check_run("several threads defer at the same time, and nothing is lost", test_several_defer_at_once);
	return check_end();
}
