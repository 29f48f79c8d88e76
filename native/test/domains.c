/* SPDX-License-Identifier: MIT */
/* Domains, and the registration of readers in them. */
#include <errno.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static void test_bad_arguments(void)
{
	struct qs_domain other;
	CHECK(qs_domain_init(&other, 0, TEST_FLAGS) == -EINVAL);
	CHECK(qs_domain_init(&other, QS_CAPACITY_MAX + 1, TEST_FLAGS) == -EINVAL);
	CHECK(qs_domain_init(&other, 1, 0x80u) == -EINVAL);
	CHECK(qs_domain_init(&other, QS_CAPACITY_MAX, TEST_FLAGS) == 0 && qs_domain_destroy(&other) == 0);
}

static void test_flavour(void)
{
	begin(1);
	CHECK(qs_domain_flavour(&domain) == ((TEST_FLAGS & QS_FLAG_MB) ? QS_MB : QS_MEMBARRIER));
	CHECK(domain.slots[0].fences == (qs_domain_flavour(&domain) == QS_MB));
	end();
}

static void test_register_takes_the_lowest(void)
{
	struct qs_reader *first, *second, *third = NULL;
	begin(2);
	first = registered();
	second = registered();
	CHECK(first == &domain.slots[0] && second == &domain.slots[1]);
	CHECK(qs_register(&domain, &third) == -EAGAIN && third == NULL);
	CHECK(qs_unregister(first) == 0);
	CHECK(registered() == first);
	CHECK(qs_domain_destroy(&domain) == -EBUSY);
	CHECK(qs_unregister(first) == 0);
	CHECK(qs_domain_destroy(&domain) == -EBUSY);
	CHECK(qs_unregister(second) == 0);
	end();
}

static void test_unregister_inside_a_section_is_refused(void)
{
	struct qs_reader *reader;
	qs_token token;
	begin(1);
	reader = registered();
	token = qs_read_lock(reader);
	CHECK(qs_unregister(reader) == -EBUSY);
	qs_read_unlock(reader, token);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_two_domains_do_not_know_of_each_other(void)
{
	struct qs_domain other;
	struct qs_reader *reader = NULL;
	qs_token token;
	begin(1);
	CHECK(qs_domain_init(&other, 1, TEST_FLAGS) == 0);
	CHECK(qs_register(&other, &reader) == 0);
	token = qs_read_lock(reader);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 2 && qs_domain_number(&other) == 1);
	qs_read_unlock(reader, token);
	CHECK(qs_unregister(reader) == 0 && qs_domain_destroy(&other) == 0);
	end();
}

void test_domains(void)
{
	check_run("bad arguments are refused", test_bad_arguments);
	check_run("the flavour is the one asked for", test_flavour);
	check_run("register takes the lowest free slot, and says when there is none", test_register_takes_the_lowest);
	check_run("unregister inside a section is refused", test_unregister_inside_a_section_is_refused);
	check_run("two domains do not know of each other", test_two_domains_do_not_know_of_each_other);
}
