/* SPDX-License-Identifier: MIT */
/* Polled grace periods. */
#define _GNU_SOURCE
#include <unistd.h>

#include "check.h"
#include "deferred.h"

static void test_nobody_reads(void)
{
	deferred_begin();
	CHECK(qs_poll_start(&subject) == 0 && qs_poll(&subject, 0));
	deferred_end();
}

static bool says_yes_some_day(uint64_t cookie)
{
	for (int i = 0; i < 20000; i++) {
		if (qs_poll(&subject, cookie))
			return true;
		usleep(1000);
	}
	return false;
}

static void test_yes_after_the_section(void)
{
	struct qs_reader *reader;
	qs_token token;
	uint64_t cookie;
	deferred_begin();
	CHECK(qs_register(&subject, &reader) == 0);
	token = qs_read_lock(reader);
	cookie = qs_poll_start(&subject);
	CHECK(cookie != 0 && !qs_poll(&subject, cookie));
	usleep(20000);
	CHECK(!qs_poll(&subject, cookie));
	qs_read_unlock(token);
	CHECK(says_yes_some_day(cookie));
	cookie = qs_poll_start(&subject);
	qs_poll_wait(&subject, cookie);
	CHECK(qs_poll(&subject, cookie));
	CHECK(qs_unregister(reader) == 0);
	deferred_end();
}

static void test_anybodys_grace_period_counts(void)
{
	struct qs_reader *reader;
	uint64_t cookie;
	deferred_begin();
	CHECK(qs_register(&subject, &reader) == 0);
	cookie = qs_poll_start(&subject);
	qs_synchronize(&subject);
	CHECK(qs_poll(&subject, cookie));
	CHECK(qs_unregister(reader) == 0);
	deferred_end();
}

void test_polling(void)
{
	check_run("where nobody reads a poll says yes", test_nobody_reads);
	check_run("a poll says yes after the section, and not before", test_yes_after_the_section);
	check_run("a poll sees a grace period that somebody else has waited for", test_anybodys_grace_period_counts);
}
