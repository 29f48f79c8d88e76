/* SPDX-License-Identifier: MIT */
/* Whom a grace period waits for. */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "../src/futex.h"
#include "check.h"
#include "fixture.h"
#include "suites.h"

static qs_atomic(uint32_t) returned;

static void *synchronize_thread(void *argument)
{
	(void)argument;
	qs_synchronize(&domain);
	(void)qs_fetch_add(&returned, 1);
	return NULL;
}

static void start_synchronize(pthread_t *thread, struct qs_reader *reader)
{
	qs_store_relaxed(&returned, 0);
	start_waiting(thread, synchronize_thread, reader);
}

static void test_synchronize_without_readers(void)
{
	struct qs_reader *reader;
	begin(3);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 1);
	reader = registered();
	qs_synchronize(&domain);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 3);
	CHECK(qs_offline(reader) == 0 && qs_offline(reader) == -EALREADY);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 3);
	CHECK(qs_online(reader) == 0 && qs_online(reader) == -EALREADY);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 4);
	CHECK(qs_unregister(reader) == 0);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 4);
	end();
}

static void test_synchronize_waits_for_a_section(void)
{
	struct qs_reader *reader;
	pthread_t thread;
	qs_token outer, inner;
	begin(2);
	reader = registered();
	outer = qs_read_lock(reader);
	start_synchronize(&thread, reader);
	CHECK(!qs_load_acquire(&returned));
	inner = qs_read_lock(reader);
	qs_read_unlock(inner);
	usleep(2000);
	CHECK(!qs_load_acquire(&returned));
	qs_read_unlock(outer);
	pthread_join(thread, NULL);
	CHECK(qs_load_acquire(&returned) && (qs_load_relaxed(&reader->notice) & QS_WAIT) == 0);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_synchronize_lets_younger_sections_be(void)
{
	struct qs_reader *old, *young;
	pthread_t thread;
	qs_token first, second;
	begin(2);
	old = registered();
	young = registered();
	first = qs_read_lock(old);
	second = qs_read_lock(young);
	start_synchronize(&thread, young); /* it has given notice to both, and waits for the first */
	qs_read_unlock(second);
	second = qs_read_lock(young);
	CHECK(announced(young) == 2);
	qs_read_unlock(first);
	CHECK(becomes(&returned, 1));
	qs_read_unlock(second);
	pthread_join(thread, NULL);
	CHECK(qs_unregister(old) == 0 && qs_unregister(young) == 0);
	end();
}

/* Three, since one that is woken alone leads, and wakes another, which then finds nothing left to lead. */
static void test_a_ring_wakes_all(void)
{
	enum { FOLLOWERS = 3 };
	pthread_t leader, follower[FOLLOWERS];
	struct qs_reader *reader;
	qs_token token;
	begin(1);
	reader = registered();
	token = qs_read_lock(reader);
	start_synchronize(&leader, reader);
	for (int i = 0; i < FOLLOWERS; i++)
		CHECK(pthread_create(&follower[i], NULL, synchronize_thread, NULL) == 0);
	CHECK(becomes(&domain.sleepers, FOLLOWERS));
	usleep(2000);
	qs_read_unlock(token);
	CHECK(becomes(&returned, 1 + FOLLOWERS));
	qs_futex_wake(&domain.doorbell, FOLLOWERS); /* those who have missed it */
	pthread_join(leader, NULL);
	for (int i = 0; i < FOLLOWERS; i++)
		pthread_join(follower[i], NULL);
	CHECK(qs_unregister(reader) == 0);
	end();
}

void test_grace_periods(void)
{
	check_run("synchronize runs a grace period only for readers that are registered and online",
		  test_synchronize_without_readers);
	check_run("synchronize waits for a section", test_synchronize_waits_for_a_section);
	check_run("synchronize does not wait for a younger section", test_synchronize_lets_younger_sections_be);
	check_run("a ring wakes all who sleep at the doorbell", test_a_ring_wakes_all);
}
