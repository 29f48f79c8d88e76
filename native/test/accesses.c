/* SPDX-License-Identifier: MIT */
/* Tests of what the library does access by access, seen through the door. */
#include <unistd.h>

#include "check.h"
#include "suites.h"

int main(void)
{
	alarm(10); /* nothing here waits, except for ever */
	test_letters();
	test_interleavings();
	return check_end();
}
