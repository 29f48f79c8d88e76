/* SPDX-License-Identifier: MIT */
/* Arguments that are missing, unknown, foreign, or come too late. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "../src/every_cpu.h"
#include "check.h"
#include "misuse.h"
#include "quiesce/hash.h"
#include "quiesce/membarrier.h"
#include "quiesce/qsbr.h"

static struct qs_domain domain;

static void test_missing(void)
{
	struct qs_hash table;
	struct qs_reader *reader;
	CHECK(qs_domain_init(NULL, NULL) == -EINVAL && qs_domain_destroy(NULL) == -EINVAL);
	CHECK(qs_register(NULL, &reader) == -EINVAL && qs_register(&domain, NULL) == -EINVAL);
	CHECK(qs_membarrier_register(NULL, &reader) == -EINVAL && qs_qsbr_register(NULL, &reader) == -EINVAL);
	CHECK(qs_unregister(NULL) == -EPERM && qs_offline(NULL) == -EPERM && qs_online(NULL) == -EPERM);
	CHECK(qs_worker_start(NULL, NULL) == -EINVAL && qs_worker_stop(NULL) == -EINVAL);
	CHECK(qs_reclaim(NULL) == 0 && qs_barrier(NULL) == -EINVAL);
	CHECK(qs_synchronize_by(NULL, QS_EXPEDITED) == -EINVAL);
	CHECK(qs_hash_init(NULL, &domain, 1) == -EINVAL && qs_hash_init(&table, NULL, 1) == -EINVAL);
}

static void test_unknown(void)
{
	struct qs_options options;
	struct qs_worker_options worker;
	memset(&options, 0, sizeof options);
	options.reserved[3] = 1;
	CHECK(qs_domain_init(&domain, &options) == -EINVAL);
	memset(&worker, 0, sizeof worker);
	worker.reserved32 = 1;
	CHECK(qs_worker_start(&domain, &worker) == -EINVAL);
	memset(&worker, 0, sizeof worker);
	worker.linger_us = QS_LINGER_MAX + 1;
	CHECK(qs_worker_start(&domain, &worker) == -EINVAL);
	CHECK(qs_synchronize_by(&domain, (enum qs_barrier)3) == -EINVAL);
}

static void test_made_again(void)
{
	struct qs_reader *reader = NULL;
	qs_token token;
	CHECK(qs_domain_init(&domain, NULL) == 0 && qs_register(&domain, &reader) == 0);
	token = qs_read_lock(reader);
	CHECK(qs_domain_init(&domain, NULL) == -EEXIST);
	CHECK(qs_load_relaxed(&reader->announced) == 1);
	qs_read_unlock(token);
	CHECK(qs_unregister(reader) == 0 && qs_domain_destroy(&domain) == 0);
	CHECK(qs_domain_init(&domain, NULL) == 0 && qs_domain_destroy(&domain) == 0);
}

static void *others_reader(void *reader)
{
	CHECK(qs_offline(reader) == -EPERM && qs_online(reader) == -EPERM && qs_unregister(reader) == -EPERM);
	return NULL;
}

static void test_anothers_reader(void)
{
	struct qs_reader *reader;
	pthread_t thread;
	CHECK(qs_register(&domain, &reader) == 0);
	CHECK(pthread_create(&thread, NULL, others_reader, reader) == 0 && pthread_join(thread, NULL) == 0);
	CHECK(qs_unregister(reader) == 0 && qs_domain_destroy(&domain) == 0);
}

/* The worker sleeps again; with a cookie that never comes it ran grace periods for ever. */
static void test_foreign_cookie(void)
{
	struct qs_reader *reader;
	bool asleep = false;
	CHECK(qs_register(&domain, &reader) == 0);
	(void)qs_poll(&domain, UINT64_MAX);
	for (int i = 0; i < 5000 && !asleep; i++) {
		usleep(1000);
		asleep = qs_load_acquire(&domain.deferral.asleep) == 1;
	}
	CHECK(asleep && qs_domain_number(&domain) <= 3);
	/* Or else its destruction would wait for ever. */
	if (asleep)
		CHECK(qs_unregister(reader) == 0 && qs_domain_destroy(&domain) == 0);
}

static int left;

static void call_again(struct qs_head *head)
{
	if (left-- > 0)
		CHECK(qs_call(&domain, head, call_again) == 0);
}

static void test_calls_while_it_ends(void)
{
	struct qs_head head;
	left = 3;
	CHECK(qs_domain_init(&domain, NULL) == 0);
	qs_defer(&domain, &head, call_again);
	CHECK(qs_domain_destroy(&domain) == 0);
	CHECK(left == -1 && qs_load_acquire(&domain.deferral.worker) == 0);
}

static int call_nothing(void)
{
	static struct qs_head head;
	qs_defer(&domain, &head, NULL);
	(void)qs_reclaim(&domain);
	return 0;
}

static void test_nothing_to_call(void)
{
	CHECK(is_named(call_nothing, "was given no function to call"));
}

static pthread_key_t key;
static int round_of_destructors, late_status;

/* POSIX promises four rounds; in the last, the library's own destructor has run before this one. */
static void destroy_and_read(void *value)
{
	struct qs_reader *reader;
	if (++round_of_destructors < 4)
		(void)pthread_setspecific(key, value);
	else
		late_status = qs_register(&domain, &reader);
}

static void *read_too_late(void *value)
{
	struct qs_reader *reader;
	CHECK(qs_register(&domain, &reader) == 0 && pthread_setspecific(key, value) == 0);
	return NULL;
}

static void test_too_late(void)
{
	struct qs_reader *reader;
	pthread_t thread;
	CHECK(qs_register(&domain, &reader) == 0); /* so the library's key is the older one */
	CHECK(pthread_key_create(&key, destroy_and_read) == 0);
	CHECK(pthread_create(&thread, NULL, read_too_late, &key) == 0 && pthread_join(thread, NULL) == 0);
	CHECK(round_of_destructors == 4 && late_status == -ECANCELED);
	CHECK(pthread_key_delete(key) == 0 && qs_unregister(reader) == 0 && qs_domain_destroy(&domain) == 0);
}

static void test_processors(void)
{
	cpu_set_t some;
	CPU_ZERO(&some);
	for (size_t cpu = 0; cpu < 4; cpu++)
		CPU_SET(cpu, &some);
	CPU_SET(8, &some);
	CHECK(qs_every_cpu_is_in(&some, "0\n") && qs_every_cpu_is_in(&some, "0-3,8\n"));
	CHECK(qs_every_cpu_is_in(&some, "1-2,8"));
	CHECK(!qs_every_cpu_is_in(&some, "0-4\n") && !qs_every_cpu_is_in(&some, "0-3,9\n"));
	CHECK(!qs_every_cpu_is_in(&some, "0-3,8,1023-1024\n"));
	CHECK(!qs_every_cpu_is_in(&some, "") && !qs_every_cpu_is_in(&some, "\n"));
	CHECK(!qs_every_cpu_is_in(&some, "all") && !qs_every_cpu_is_in(&some, "0,"));
}

/* With one processor it may go everywhere wherever it is. */
static void test_pinned(void)
{
	cpu_set_t before, one;
	CHECK(sched_getaffinity(0, sizeof before, &before) == 0);
	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
	if (CPU_COUNT(&before) > 1)
		CHECK(qs_synchronize_by(&domain, QS_EVERY_CPU) == -ENOTSUP);
	CHECK(sched_setaffinity(0, sizeof before, &before) == 0);
}

void test_arguments(void)
{
	check_run("what is missing is refused", test_missing);
	check_run("what is unknown is refused", test_unknown);
	check_run("a domain that is in use isn't made again", test_made_again);
	check_run("another thread's reader is left alone", test_anothers_reader);
	check_run("a foreign cookie keeps no worker busy", test_foreign_cookie);
	check_run("a domain that ends leaves no worker behind", test_calls_while_it_ends);
	check_run("a callback that is none is named", test_nothing_to_call);
	check_run("a reader that comes too late is refused", test_too_late);
	check_run("a list of processors is read as the kernel writes it", test_processors);
	check_run("a thread that may not go everywhere is refused that", test_pinned);
}
