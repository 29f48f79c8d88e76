/* SPDX-License-Identifier: MIT */
/* Tests of the library that need no luck: they decide everything that happens. */
#include <unistd.h>

#include "check.h"
#include "suites.h"

int main(void)
{
	alarm(TEST_PATIENCE);
	test_domains();
	test_sections();
	test_futex();
	test_grace_periods();
	test_freeing();
	test_fork();
	return check_end();
}
