/* SPDX-License-Identifier: MIT */
/* Whom a grace period waits for. */
#define _GNU_SOURCE
#include <unistd.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static qs_atomic(uint32_t) returned;

static void *synchronize_thread(void *argument)
{
	(void)argument;
	qs_synchronize(&domain);
	qs_store_release(&returned, 1);
	return NULL;
}

static void start_synchronize(pthread_t *thread)
{
	qs_store_relaxed(&returned, 0);
	start_waiting(thread, synchronize_thread);
}

static void test_synchronize_without_readers(void)
{
	begin(3);
	qs_synchronize(&domain);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 3);
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
	start_synchronize(&thread);
	CHECK(!qs_load_acquire(&returned));
	inner = qs_read_lock(reader);
	qs_read_unlock(reader, inner);
	usleep(2000);
	CHECK(!qs_load_acquire(&returned));
	qs_read_unlock(reader, outer);
	pthread_join(thread, NULL);
	CHECK(qs_load_acquire(&returned) && qs_load_relaxed(&domain.shared.waiting) == 0);
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
	start_synchronize(&thread);
	second = qs_read_lock(young);
	CHECK(announced(young) == 2);
	qs_read_unlock(old, first);
	CHECK(becomes(&returned, 1));
	qs_read_unlock(young, second);
	pthread_join(thread, NULL);
	CHECK(qs_unregister(old) == 0 && qs_unregister(young) == 0);
	end();
}

void test_grace_periods(void)
{
	check_run("synchronize without readers raises the number once", test_synchronize_without_readers);
	check_run("synchronize waits for a section", test_synchronize_waits_for_a_section);
	check_run("synchronize does not wait for a younger section", test_synchronize_lets_younger_sections_be);
}
