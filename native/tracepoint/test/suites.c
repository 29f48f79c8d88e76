/* SPDX-License-Identifier: MIT */
/* The tests of the controller in C. */
#include "../../test/check.h"
#include "suites.h"

int main(void)
{
	grace_suite();
	reading_suite();
	draining_suite();
	return check_end();
}
