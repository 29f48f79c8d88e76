/* SPDX-License-Identifier: MIT */
/* Read-side sections, one thread by itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static void test_sections_nest(void)
{
	struct qs_reader *reader;
	qs_token outer, middle, inner;
	begin(1);
	reader = registered();
	CHECK(announced(reader) == 0);
	outer = qs_read_lock(reader);
	middle = qs_read_lock(reader);
	inner = qs_read_lock(reader);
	CHECK(outer.reader == reader && !middle.reader && !inner.reader);
	qs_read_unlock(inner);
	qs_read_unlock(middle);
	CHECK(announced(reader) == 1);
	qs_read_unlock(outer);
	CHECK(announced(reader) == 0);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static struct qs_reader *signalled;
static volatile sig_atomic_t handled;

static void read_in_handler(int number)
{
	qs_token token = qs_read_lock(signalled);
	(void)number;
	handled = announced(signalled) != 0;
	qs_read_unlock(token);
}

static void test_a_signal_handler_reads_with_the_same_reader(void)
{
	struct sigaction action = { .sa_handler = read_in_handler };
	qs_token token;
	begin(1);
	signalled = registered();
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	handled = 0;
	raise(SIGUSR1);
	CHECK(handled && announced(signalled) == 0);
	token = qs_read_lock(signalled);
	handled = 0;
	raise(SIGUSR1);
	CHECK(handled && announced(signalled) != 0);
	qs_read_unlock(token);
	CHECK(qs_unregister(signalled) == 0);
	end();
}

static void test_unlock_keeps_errno(void)
{
	struct qs_reader *reader;
	qs_token token;
	begin(1);
	reader = registered();
	token = qs_read_lock(reader);
	(void)qs_fetch_or_relaxed(&reader->notice, QS_WAIT);
	errno = EXDEV;
	qs_read_unlock(token);
	CHECK(errno == EXDEV && (qs_load_relaxed(&reader->notice) & QS_WAIT) == 0);
	CHECK(qs_unregister(reader) == 0);
	end();
}

void test_sections(void)
{
	check_run("sections nest", test_sections_nest);
	check_run("a signal handler reads with the same reader", test_a_signal_handler_reads_with_the_same_reader);
	check_run("unlock takes its notice and keeps errno", test_unlock_keeps_errno);
}
