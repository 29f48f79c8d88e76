/* SPDX-License-Identifier: MIT */
/* The futex, by itself. */
#include <errno.h>

#include "../src/futex.h"
#include "check.h"
#include "suites.h"

static void test_a_futex_of_another_value_is_no_sleep(void)
{
	qs_atomic(uint32_t) word = 0;
	errno = EXDEV;
	CHECK(!qs_futex_wait(&word, 1, 0) && errno == EXDEV);
}

static void test_a_wake_that_fails(void)
{
	/* No word is at such an address: the kernel refuses it, and that is nobody's errno. */
	qs_atomic(uint32_t) *nowhere = (qs_atomic(uint32_t) *)(UINTPTR_MAX - 7);
	errno = EXDEV;
	qs_futex_wake(nowhere, 1);
	CHECK(errno == EXDEV);
}

static void test_a_sleep_with_a_limit_ends(void)
{
	qs_atomic(uint32_t) word = 1;
	errno = EXDEV;
	CHECK(qs_futex_wait(&word, 1, 1) && errno == EXDEV);
}

void test_futex(void)
{
	check_run("a futex of another value doesn't sleep and keeps errno", test_a_futex_of_another_value_is_no_sleep);
	check_run("a sleep with a limit ends by itself and keeps errno", test_a_sleep_with_a_limit_ends);
	check_run("a wake that fails keeps errno", test_a_wake_that_fails);
}
