/* SPDX-License-Identifier: MIT */
/* Domains, and the registration of readers in them. */
#include <errno.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static void test_bad_arguments(void)
{
	alignas(QS_CACHE_LINE) char memory[sizeof(struct qs_domain) + 8];
	struct qs_domain other;
	struct qs_options options = options_for(QS_CAPACITY_MAX + 1);
	CHECK(qs_domain_init(&other, &options) == -EINVAL);
	options = options_for(1);
	options.flags = 0x80u;
	CHECK(qs_domain_init(&other, &options) == -EINVAL);
	options = options_for(1);
	options.flavour = (enum qs_flavour)99;
	CHECK(qs_domain_init(&other, &options) == -EINVAL);
	options = options_for(1);
	CHECK(qs_domain_init((struct qs_domain *)(void *)(memory + 8), &options) == -EINVAL);
	options = options_for(QS_CAPACITY_MAX);
	CHECK(qs_domain_init(&other, &options) == 0 && qs_domain_destroy(&other) == 0);
	CHECK(qs_domain_init(&other, NULL) == 0 && qs_domain_destroy(&other) == 0);
}

static void test_flavour(void)
{
	begin(1);
	CHECK(qs_domain_flavour(&domain) == TEST_FLAVOUR);
	CHECK(qs_load_relaxed(&registered()->notice) == (TEST_FLAVOUR == QS_MB ? QS_FENCES : 0));
	CHECK(qs_unregister(&domain.slots[0]) == 0);
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
	qs_read_unlock(token);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_two_domains_do_not_know_of_each_other(void)
{
	struct qs_domain other;
	struct qs_options options = options_for(1);
	struct qs_reader *here, *reader = NULL;
	qs_token token;
	begin(1);
	here = registered();
	CHECK(qs_domain_init(&other, &options) == 0);
	CHECK(qs_register(&other, &reader) == 0);
	token = qs_read_lock(reader);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 2 && qs_domain_number(&other) == 1);
	qs_read_unlock(token);
	CHECK(qs_unregister(reader) == 0 && qs_domain_destroy(&other) == 0 && qs_unregister(here) == 0);
	end();
}

static struct qs_domain zeros = QS_DOMAIN_INITIALIZER;

static void test_a_domain_of_zeros_is_ready(void)
{
	struct qs_reader *reader = NULL;
	qs_token token;
	qs_synchronize(&zeros);
	CHECK(qs_register(&zeros, &reader) == 0);
	CHECK(qs_domain_flavour(&zeros) != QS_ANY);
	token = qs_read_lock(reader);
	CHECK(announced(reader) == 1);
	qs_read_unlock(token);
	qs_synchronize(&zeros);
	CHECK(qs_domain_number(&zeros) == 2);
	CHECK(qs_unregister(reader) == 0 && qs_domain_destroy(&zeros) == 0);
}

static void test_a_reader_stays_with_its_thread(void)
{
	struct qs_reader *reader;
	begin(2);
	reader = registered();
	CHECK(qs_unregister(&domain.slots[1]) == -EPERM);
	CHECK(qs_unregister(reader) == 0 && qs_unregister(reader) == -EPERM);
	end();
}

void test_domains(void)
{
	check_run("bad arguments are refused", test_bad_arguments);
	check_run("the flavour is the one asked for", test_flavour);
	check_run("register takes the lowest free slot, and says when there is none", test_register_takes_the_lowest);
	check_run("unregister inside a section is refused", test_unregister_inside_a_section_is_refused);
	check_run("two domains do not know of each other", test_two_domains_do_not_know_of_each_other);
	check_run("a domain of zeros is ready for use", test_a_domain_of_zeros_is_ready);
	check_run("a reader stays with the thread that registered it", test_a_reader_stays_with_its_thread);
}
