/* SPDX-License-Identifier: MIT */
/* The tests of what is deferred. */
#include <unistd.h>

#include "check.h"
#include "deferred.h"

int main(void)
{
	alarm(3 * TEST_PATIENCE); /* a test that waits in vain ends, and doesn't hang */
	test_leaving();
	test_worker();
	test_polling();
	test_deferral_fork();
	return check_end();
}
