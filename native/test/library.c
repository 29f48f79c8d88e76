/* SPDX-License-Identifier: MIT */
/* Tests of the library. One source, compiled once a flavour: TEST_FLAGS is what qs_domain_init() is given. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/futex.h"
#include "check.h"
#include "quiesce/quiesce.h"

#ifndef TEST_FLAGS
#define TEST_FLAGS 0
#endif

static struct qs_domain domain;

static void begin(uint32_t capacity)
{
	memset(&domain, 0xa5, sizeof domain); /* as on a stack */
	CHECK(qs_domain_init(&domain, capacity, TEST_FLAGS) == 0);
	CHECK(qs_load_relaxed(&domain.shared.waiting) == 0);
	CHECK(pthread_mutex_trylock(&domain.updater) == 0 && pthread_mutex_unlock(&domain.updater) == 0);
}

static void end(void)
{
	CHECK(qs_domain_destroy(&domain) == 0);
}

static struct qs_reader *registered(void)
{
	struct qs_reader *reader = NULL;
	CHECK(qs_register(&domain, &reader) == 0);
	return reader;
}

static uint64_t announced(struct qs_reader *reader)
{
	return qs_load_relaxed(&reader->announced);
}

/*--------------------------------------------- domains -------------------------------------------*/

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

static qs_atomic(uint32_t) claims[2], collisions;

static void *register_often(void *argument)
{
	(void)argument;
	for (int i = 0; i < 20000; i++) {
		struct qs_reader *reader;
		qs_atomic(uint32_t) * claim;
		if (qs_register(&domain, &reader) != 0)
			continue;
		claim = &claims[reader - domain.slots];
		if (qs_fetch_add(claim, 1) != 0)
			qs_fetch_add(&collisions, 1);
		qs_fetch_sub(claim, 1);
		(void)qs_unregister(reader);
	}
	return NULL;
}

static void test_no_two_readers_have_the_same_slot(void)
{
	pthread_t thread[3];
	begin(2);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&thread[i], NULL, register_often, NULL) == 0);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	CHECK(qs_load_relaxed(&collisions) == 0);
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

/*-------------------------------------------- sections -------------------------------------------*/

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
	CHECK(outer.outermost && !middle.outermost && !inner.outermost);
	qs_read_unlock(reader, inner);
	qs_read_unlock(reader, middle);
	CHECK(announced(reader) == 1);
	qs_read_unlock(reader, outer);
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
	qs_read_unlock(signalled, token);
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
	qs_read_unlock(signalled, token);
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
	qs_store_relaxed(&domain.shared.waiting, 1);
	errno = EXDEV;
	qs_read_unlock(reader, token);
	CHECK(errno == EXDEV && qs_load_relaxed(&domain.shared.waiting) == 0);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_a_futex_of_another_value_is_no_sleep(void)
{
	qs_atomic(uint32_t) word = 0;
	errno = EXDEV;
	CHECK(!qs_futex_wait(&word, 1) && errno == EXDEV);
}

/*------------------------------------------ grace periods ----------------------------------------*/

static qs_atomic(uint32_t) returned;

static void *synchronize_thread(void *argument)
{
	(void)argument;
	qs_synchronize(&domain);
	qs_store_release(&returned, 1);
	return NULL;
}

/* Waits for a word to become what it should; a test that waits in vain fails, and doesn't hang. */
static bool becomes(qs_atomic(uint32_t) *word, uint32_t value)
{
	for (int i = 0; i < 1500; i++) {
		if (qs_load_acquire(word) == value)
			return true;
		usleep(1000);
	}
	return false;
}

/* Starts a grace period on a thread of its own; it is asleep when this returns, and a section keeps it so. */
static void start(pthread_t *thread, void *(*body)(void *))
{
	qs_store_relaxed(&returned, 0);
	CHECK(pthread_create(thread, NULL, body, NULL) == 0);
	CHECK(becomes(&domain.shared.waiting, 1));
	usleep(2000);
}

static void test_synchronize_without_readers(void)
{
	begin(3);
	qs_synchronize(&domain);
	qs_synchronize(&domain);
	CHECK(qs_domain_number(&domain) == 3);
	end();
}

static void test_synchronize_waits_for_a_section(void)
{
	struct qs_reader *reader;
	pthread_t thread;
	qs_token outer, inner;
	begin(2);
	reader = registered();
	outer = qs_read_lock(reader);
	start(&thread, synchronize_thread);
	CHECK(!qs_load_acquire(&returned));
	inner = qs_read_lock(reader);
	qs_read_unlock(reader, inner);
	usleep(2000);
	CHECK(!qs_load_acquire(&returned));
	qs_read_unlock(reader, outer);
	pthread_join(thread, NULL);
	CHECK(qs_load_acquire(&returned) && qs_load_relaxed(&domain.shared.waiting) == 0);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_synchronize_lets_younger_sections_be(void)
{
	struct qs_reader *old, *young;
	pthread_t thread;
	qs_token first, second;
	begin(2);
	old = registered();
	young = registered();
	first = qs_read_lock(old);
	start(&thread, synchronize_thread);
	second = qs_read_lock(young);
	CHECK(announced(young) == 2);
	qs_read_unlock(old, first);
	CHECK(becomes(&returned, 1));
	qs_read_unlock(young, second);
	pthread_join(thread, NULL);
	CHECK(qs_unregister(old) == 0 && qs_unregister(young) == 0);
	end();
}

/*-------------------------------------------- freeing --------------------------------------------*/

struct object {
	struct qs_head head; /* first */
	int value;
};

static qs_atomic(void *) pointer;
static int freed[4];
static size_t freed_count;

static void note(int value)
{
	if (freed_count < 4)
		freed[freed_count] = value;
	freed_count++;
}

static void reclaim_object(void *object)
{
	note(((struct object *)object)->value);
}

static void reclaim_head(struct qs_head *head)
{
	note(((struct object *)head)->value);
	memset(head, 0, sizeof *head); /* it is the callback's now */
}

static void reclaim_and_defer(struct qs_head *head)
{
	note(((struct object *)head)->value);
	qs_defer(&domain, head, reclaim_head);
}

static void test_replace(void)
{
	struct object one = { .value = 1 }, two = { .value = 2 };
	begin(1);
	freed_count = 0;
	qs_store_relaxed(&pointer, NULL);
	qs_replace(&domain, &pointer, &one, reclaim_object);
	CHECK(freed_count == 0 && qs_dereference(&pointer) == &one);
	qs_replace(&domain, &pointer, &two, reclaim_object);
	CHECK(freed_count == 1 && freed[0] == 1 && qs_dereference(&pointer) == &two);
	qs_replace(&domain, &pointer, NULL, NULL);
	CHECK(freed_count == 1 && qs_dereference(&pointer) == NULL);
	end();
}

static struct object fresh = { .value = 2 };

static void *replace_thread(void *argument)
{
	(void)argument;
	qs_replace(&domain, &pointer, &fresh, reclaim_object);
	return NULL;
}

static void test_replace_waits_for_the_section_that_may_use_it(void)
{
	struct object one = { .value = 1 };
	struct qs_reader *reader;
	pthread_t thread;
	qs_token token;
	begin(1);
	freed_count = 0;
	qs_store_relaxed(&pointer, &one);
	reader = registered();
	token = qs_read_lock(reader);
	CHECK(qs_dereference(&pointer) == &one);
	start(&thread, replace_thread);
	CHECK(freed_count == 0 && qs_dereference(&pointer) == &fresh);
	qs_read_unlock(reader, token);
	pthread_join(thread, NULL);
	CHECK(freed_count == 1 && freed[0] == 1);
	CHECK(qs_unregister(reader) == 0);
	end();
}

static void test_publish(void)
{
	struct object one = { .value = 1 };
	qs_publish(&pointer, &one);
	CHECK(qs_dereference(&pointer) == &one);
}

static void test_reclaim_frees_the_oldest_first(void)
{
	struct object one = { .value = 1 }, two = { .value = 2 }, three = { .value = 3 };
	begin(1);
	freed_count = 0;
	CHECK(qs_reclaim(&domain) == 0 && qs_domain_number(&domain) == 1);
	qs_defer(&domain, &one.head, reclaim_head);
	qs_defer(&domain, &two.head, reclaim_head);
	qs_defer(&domain, &three.head, reclaim_head);
	CHECK(freed_count == 0);
	CHECK(qs_reclaim(&domain) == 3 && qs_domain_number(&domain) == 2);
	CHECK(freed_count == 3 && freed[0] == 1 && freed[1] == 2 && freed[2] == 3);
	end();
}

static void test_what_a_callback_defers_is_left_to_the_next(void)
{
	struct object one = { .value = 1 };
	begin(1);
	freed_count = 0;
	qs_defer(&domain, &one.head, reclaim_and_defer);
	CHECK(qs_reclaim(&domain) == 1 && freed_count == 1);
	end(); /* runs the rest */
	CHECK(freed_count == 2);
}

static void test_destroy_runs_what_callbacks_defer(void)
{
	struct object one = { .value = 1 };
	begin(1);
	freed_count = 0;
	qs_defer(&domain, &one.head, reclaim_and_defer);
	end();
	CHECK(freed_count == 2);
}

static void *reclaim_thread(void *argument)
{
	(void)argument;
	(void)qs_reclaim(&domain);
	return NULL;
}

static void test_what_is_deferred_in_a_grace_period_waits_for_the_next(void)
{
	struct object one = { .value = 1 }, two = { .value = 2 };
	struct qs_reader *reader;
	pthread_t thread;
	qs_token token;
	begin(1);
	freed_count = 0;
	reader = registered();
	token = qs_read_lock(reader);
	qs_defer(&domain, &one.head, reclaim_head);
	start(&thread, reclaim_thread);
	qs_defer(&domain, &two.head, reclaim_head);
	qs_read_unlock(reader, token);
	pthread_join(thread, NULL);
	CHECK(freed_count == 1 && freed[0] == 1);
	CHECK(qs_unregister(reader) == 0);
	end();
	CHECK(freed_count == 2 && freed[1] == 2);
}

#define DEFERRED 200000
static qs_atomic(uint32_t) go;

static void *defer_often(void *argument)
{
	struct object *object = argument;
	while (!qs_load_acquire(&go))
		continue;
	for (int i = 0; i < DEFERRED; i++)
		qs_defer(&domain, &object[i].head, reclaim_head);
	return NULL;
}

static void test_several_defer_at_once(void)
{
	struct object *object = calloc(3 * DEFERRED, sizeof *object);
	pthread_t thread[3];
	begin(1);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&thread[i], NULL, defer_often, object + i * DEFERRED) == 0);
	qs_store_release(&go, 1);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	CHECK(qs_reclaim(&domain) == 3 * DEFERRED);
	free(object);
	end();
}

#define UPDATES 200
static qs_atomic(uint32_t) reclaimed;

static void count_and_free(void *object)
{
	qs_fetch_add(&reclaimed, 1);
	free(object);
}

static void *replace_often(void *argument)
{
	(void)argument;
	for (int i = 0; i < UPDATES; i++)
		qs_replace(&domain, &pointer, malloc(16), count_and_free);
	return NULL;
}

static void test_updaters_take_turns(void)
{
	pthread_t thread[3];
	begin(1);
	qs_store_relaxed(&pointer, NULL);
	qs_store_relaxed(&reclaimed, 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&thread[i], NULL, replace_often, NULL) == 0);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	CHECK(qs_load_relaxed(&reclaimed) == 3 * UPDATES - 1);
	CHECK(qs_domain_number(&domain) == 1 + 3 * UPDATES);
	free(qs_dereference(&pointer));
	end();
}

/*---------------------------------------------- fork ---------------------------------------------*/

static qs_atomic(uint32_t) inside, leave;

static void *read_until_told(void *argument)
{
	struct qs_reader *reader = registered();
	qs_token token = qs_read_lock(reader);
	(void)argument;
	qs_store_release(&inside, 1);
	while (!qs_load_acquire(&leave))
		usleep(500);
	qs_read_unlock(reader, token);
	CHECK(qs_unregister(reader) == 0);
	return NULL;
}

static void test_a_child_goes_on_after_fork(void)
{
	pthread_t thread;
	struct qs_reader *self;
	qs_token kept;
	int status = 0;
	pid_t child;
	begin(2);
	self = registered();
	qs_store_relaxed(&inside, 0);
	qs_store_relaxed(&leave, 0);
	CHECK(pthread_create(&thread, NULL, read_until_told, NULL) == 0);
	while (!qs_load_acquire(&inside))
		usleep(500);
	kept = qs_read_lock(self);
	pthread_mutex_lock(&domain.updater); /* as by an updater that the child hasn't got */
	child = fork();
	if (child == 0) {
		bool right = true;
		qs_token token;
		alarm(10); /* without the clearing, synchronize would wait for a thread that isn't here */
		qs_store_relaxed(&domain.shared.waiting, 1);
		qs_after_fork_child(&domain, self);
		right = right && qs_load_relaxed(&domain.shared.waiting) == 0;
		right = right && qs_load_relaxed(&self->owner) == getpid() && announced(self) == 1;
		qs_read_unlock(self, kept);
		qs_synchronize(&domain);
		token = qs_read_lock(self);
		right = right && token.outermost;
		qs_read_unlock(self, token);
		right = right && qs_unregister(self) == 0 && qs_domain_destroy(&domain) == 0;
		_exit(right ? 0 : 1);
	}
	pthread_mutex_unlock(&domain.updater);
	qs_read_unlock(self, kept);
	CHECK(child > 0 && waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	qs_store_release(&leave, 1);
	pthread_join(thread, NULL);
	CHECK(qs_unregister(self) == 0);
	end();
}

int main(void)
{
	alarm(60);
	check_run("bad arguments are refused", test_bad_arguments);
	check_run("the flavour is the one asked for", test_flavour);
	check_run("register takes the lowest free slot, and says when there is none", test_register_takes_the_lowest);
	check_run("no two readers have the same slot", test_no_two_readers_have_the_same_slot);
	check_run("unregister inside a section is refused", test_unregister_inside_a_section_is_refused);
	check_run("two domains do not know of each other", test_two_domains_do_not_know_of_each_other);
	check_run("sections nest", test_sections_nest);
	check_run("a signal handler reads with the same reader", test_a_signal_handler_reads_with_the_same_reader);
	check_run("unlock clears the futex word and keeps errno", test_unlock_keeps_errno);
	check_run("a futex of another value is no sleep, and keeps errno", test_a_futex_of_another_value_is_no_sleep);
	check_run("synchronize without readers raises the number once", test_synchronize_without_readers);
	check_run("synchronize waits for a section", test_synchronize_waits_for_a_section);
	check_run("synchronize does not wait for a younger section", test_synchronize_lets_younger_sections_be);
	check_run("replace frees what was published before", test_replace);
	check_run("replace waits for the section that may use it", test_replace_waits_for_the_section_that_may_use_it);
	check_run("publish and dereference", test_publish);
	check_run("reclaim frees the oldest first, with one grace period", test_reclaim_frees_the_oldest_first);
	check_run("what a callback defers is left to the next", test_what_a_callback_defers_is_left_to_the_next);
	check_run("destroy runs what callbacks defer", test_destroy_runs_what_callbacks_defer);
	check_run("what is deferred in a grace period waits for the next",
		  test_what_is_deferred_in_a_grace_period_waits_for_the_next);
	check_run("several defer at once", test_several_defer_at_once);
	check_run("updaters take turns", test_updaters_take_turns);
	check_run("a child goes on after fork", test_a_child_goes_on_after_fork);
	return check_end();
}
