/* SPDX-License-Identifier: MIT */
/* What is particular to one flavour, or to one way to read; the rest of the tests runs in several flavours. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "quiesce/local.h"
#include "quiesce/mb.h"
#include "quiesce/membarrier.h"
#include "quiesce/qsbr.h"

static struct qs_domain domain;
static qs_atomic(uint32_t) inside, leave, returned;

static void begin(enum qs_flavour flavour)
{
	struct qs_options options = { .capacity = 8, .flavour = flavour, .flags = QS_STRICT, .spins = 1 };
	qs_store_relaxed(&inside, 0);
	qs_store_relaxed(&leave, 0);
	qs_store_relaxed(&returned, 0);
	CHECK(qs_domain_init(&domain, &options) == 0);
	CHECK(qs_domain_flavour(&domain) == flavour);
}

static void end(void)
{
	CHECK(qs_domain_destroy(&domain) == 0);
}

static void await(qs_atomic(uint32_t) *word)
{
	while (!qs_load_acquire(word))
		usleep(200);
}

static void *synchronize_thread(void *argument)
{
	qs_synchronize(&domain);
	qs_store_release(&returned, 1);
	return argument;
}

/*--------------------------------------------- every way to read ---------------------------------------------*/

static void *read_at_run_time(void *argument)
{
	struct qs_reader *reader;
	qs_token token;
	CHECK(qs_register(&domain, &reader) == 0);
	token = qs_read_lock(reader);
	qs_store_release(&inside, 1);
	await(&leave);
	qs_read_unlock(token);
	return argument;
}

static void *read_with_membarrier_side(void *argument)
{
	struct qs_reader *reader;
	qs_token token, inner;
	CHECK(qs_membarrier_register(&domain, &reader) == 0);
	token = qs_membarrier_read_lock_in(&domain, reader);
	inner = qs_membarrier_read_lock(reader);
	CHECK(token.reader == reader && !inner.reader);
	qs_membarrier_read_unlock(inner);
	qs_store_release(&inside, 1);
	await(&leave);
	qs_membarrier_read_unlock(token);
	return argument;
}

static void *read_flat(void *argument)
{
	struct qs_reader *reader;
	CHECK(qs_membarrier_register(&domain, &reader) == 0);
	qs_membarrier_enter(reader);
	qs_store_release(&inside, 1);
	await(&leave);
	qs_membarrier_leave(reader);
	return argument;
}

static void *read_with_mb_side(void *argument)
{
	struct qs_reader *reader;
	qs_token token;
	CHECK(qs_register(&domain, &reader) == 0);
	token = qs_mb_read_lock(reader);
	qs_store_release(&inside, 1);
	await(&leave);
	qs_mb_read_unlock(token);
	return argument;
}

static void *read_between_quiescent_states(void *argument)
{
	struct qs_reader *reader;
	CHECK(qs_qsbr_register(&domain, &reader) == 0);
	qs_qsbr_read_lock(reader);
	qs_store_release(&inside, 1);
	await(&leave);
	qs_qsbr_read_unlock(reader);
	qs_qsbr_quiescent_state(reader);
	CHECK(qs_load_relaxed(&reader->announced) == qs_domain_number(&domain));
	CHECK(qs_qsbr_unregister(reader) == 0);
	return argument;
}

/* A grace period waits for a section that is open, and for no other reason. */
static void waits_for(enum qs_flavour flavour, void *(*body)(void *))
{
	pthread_t reading, updating;
	begin(flavour);
	qs_synchronize(&domain);
	CHECK(pthread_create(&reading, NULL, body, NULL) == 0);
	await(&inside);
	CHECK(pthread_create(&updating, NULL, synchronize_thread, NULL) == 0);
	usleep(20000);
	CHECK(!qs_load_acquire(&returned));
	qs_store_release(&leave, 1);
	pthread_join(updating, NULL);
	pthread_join(reading, NULL);
	CHECK(qs_load_acquire(&returned));
	end();
}

static void test_membarrier(void)
{
	waits_for(QS_MEMBARRIER, read_at_run_time);
	waits_for(QS_MEMBARRIER, read_with_membarrier_side);
	waits_for(QS_MEMBARRIER, read_flat);
	waits_for(QS_MEMBARRIER, read_with_mb_side);
}

static void test_global(void)
{
	waits_for(QS_GLOBAL, read_at_run_time);
	waits_for(QS_GLOBAL, read_with_membarrier_side);
	waits_for(QS_GLOBAL, read_flat);
}

static void test_signal(void)
{
	waits_for(QS_SIGNAL, read_at_run_time);
	waits_for(QS_SIGNAL, read_with_membarrier_side);
	waits_for(QS_SIGNAL, read_flat);
}

static void test_mb(void)
{
	struct qs_reader *reader;
	waits_for(QS_MB, read_at_run_time);
	waits_for(QS_MB, read_with_mb_side);
	begin(QS_MB);
	CHECK(qs_membarrier_register(&domain, &reader) == -ENOTSUP);
	CHECK(qs_qsbr_register(&domain, &reader) == -ENOTSUP);
	end();
}

static void test_qsbr(void)
{
	struct qs_reader *reader;
	waits_for(QS_QSBR, read_between_quiescent_states);
	begin(QS_QSBR);
	CHECK(qs_membarrier_register(&domain, &reader) == -ENOTSUP);
	CHECK(qs_qsbr_register(&domain, &reader) == 0);
	qs_synchronize(&domain); /* it would wait for itself if it didn't step aside */
	CHECK(qs_load_relaxed(&reader->announced) == qs_domain_number(&domain));
	qs_qsbr_offline(reader);
	qs_synchronize(&domain);
	CHECK(qs_load_relaxed(&reader->announced) == 0);
	qs_qsbr_online(reader);
	CHECK(qs_qsbr_unregister(reader) == 0 && qs_qsbr_unregister(reader) == -EPERM);
	end();
}

/*------------------------------------------- what a barrier costs ----------------------------------------------*/

static void synchronizes_by(enum qs_flavour flavour, enum qs_barrier how)
{
	struct qs_reader *reader;
	uint64_t before;
	begin(flavour);
	CHECK(qs_register(&domain, &reader) == 0);
	before = qs_domain_number(&domain);
	CHECK(qs_synchronize_by(&domain, how) == 0);
	CHECK(qs_domain_number(&domain) == before + 1);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_ways(void)
{
	for (int flavour = QS_MEMBARRIER; flavour <= QS_MB; flavour++) {
		synchronizes_by((enum qs_flavour)flavour, QS_EXPEDITED);
		synchronizes_by((enum qs_flavour)flavour, QS_GENTLE);
		synchronizes_by((enum qs_flavour)flavour, QS_EVERY_CPU);
	}
	CHECK(qs_synchronize_by(&domain, (enum qs_barrier)9) == -EINVAL);
}

/*--------------------------------------------- thread-local readers --------------------------------------------*/

static void *read_locally(void *argument)
{
	qs_token token, inner;
	CHECK(!qs_local_reader);
	token = qs_local_read_lock();
	inner = qs_local_read_lock();
	CHECK(token.reader == qs_local_reader && !inner.reader);
	qs_local_read_unlock(inner);
	CHECK(qs_local_unregister() == -EBUSY && qs_local_register() == -EALREADY);
	qs_store_release(&inside, 1);
	await(&leave);
	qs_local_read_unlock(token);
	return argument; /* registered: the library sees to that */
}

static void *synchronize_default(void *argument)
{
	qs_synchronize(&qs_default);
	qs_store_release(&returned, 1);
	return argument;
}

static void test_local(void)
{
	pthread_t reading, updating;
	qs_store_relaxed(&inside, 0);
	qs_store_relaxed(&leave, 0);
	qs_store_relaxed(&returned, 0);
	CHECK(pthread_create(&reading, NULL, read_locally, NULL) == 0);
	await(&inside);
	CHECK(pthread_create(&updating, NULL, synchronize_default, NULL) == 0);
	usleep(20000);
	CHECK(!qs_load_acquire(&returned));
	qs_store_release(&leave, 1);
	pthread_join(updating, NULL);
	pthread_join(reading, NULL);
	CHECK(qs_load_relaxed(&qs_default.registered) == 0);
	CHECK(qs_local_unregister() == -EALREADY && qs_domain_destroy(&qs_default) == 0);
}

int main(void)
{
	alarm(60);
	check_run("membarrier: a grace period waits for every way to read", test_membarrier);
	check_run("global: a grace period waits for every way to read", test_global);
	check_run("signal: a grace period waits for every way to read", test_signal);
	check_run("mb: a grace period waits for every way to read, and fenceless readers are refused", test_mb);
	check_run("qsbr: a grace period waits for quiescent states, not for its caller", test_qsbr);
	check_run("an updater may choose what its barrier costs others", test_ways);
	check_run("a thread's own reader registers itself and is gone with the thread", test_local);
	return check_end();
}
