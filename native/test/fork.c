/* SPDX-License-Identifier: MIT */
/* fork(), in a process that has readers and an updater: the child says nothing to the library, and goes on. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"
#include "suites.h"

static qs_atomic(uint32_t) inside, leave;

static void *read_until_told(void *argument)
{
	struct qs_reader *reader = registered();
	qs_token token = qs_read_lock(reader);
	(void)argument;
	qs_store_release(&inside, 1);
	while (!qs_load_acquire(&leave))
		usleep(500);
	qs_read_unlock(token);
	CHECK(qs_unregister(reader) == 0);
	return NULL;
}

static void *synchronize_thread(void *argument)
{
	(void)argument;
	qs_synchronize(&domain);
	return NULL;
}

/* A child that ends with 0 has found everything right. */
static bool child_is_right(pid_t child)
{
	int status = 0;
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool right_in_the_child(struct qs_reader *first, struct qs_reader *second, qs_token outer, qs_token other)
{
	bool right = true;
	qs_token token;
	alarm(10); /* if the dead were still there, synchronize would wait for them for ever */
	right = right && announced(first) == 1 && announced(second) == 1;
	right = right && qs_load_relaxed(&domain.owners[first->index].thread) == getpid();
	right = right && qs_load_relaxed(&domain.leader) == 0 && qs_load_relaxed(&domain.registered) == 2;
	qs_read_unlock(outer);
	right = right && announced(second) == 1; /* the section of the second reader is still open */
	qs_read_unlock(other);
	qs_synchronize(&domain);
	token = qs_read_lock(first);
	right = right && token.reader == first;
	qs_read_unlock(token);
	right = right && qs_unregister(first) == 0 && qs_unregister(second) == 0;
	return right && qs_domain_destroy(&domain) == 0;
}

static void test_a_child_goes_on_after_fork(void)
{
	pthread_t reading, updating;
	struct qs_reader *first, *second;
	qs_token outer, other;
	pid_t child;
	begin(3);
	first = registered();
	second = registered();
	qs_store_relaxed(&inside, 0);
	qs_store_relaxed(&leave, 0);
	CHECK(pthread_create(&reading, NULL, read_until_told, NULL) == 0);
	while (!qs_load_acquire(&inside))
		usleep(500);
	outer = qs_read_lock(first);
	other = qs_read_lock(second);
	start_waiting(&updating, synchronize_thread, first); /* a leader that the child lacks */
	child = fork();
	if (child == 0)
		_exit(right_in_the_child(first, second, outer, other) ? 0 : 1);
	CHECK(child_is_right(child));
	qs_read_unlock(outer);
	qs_read_unlock(other);
	qs_store_release(&leave, 1);
	pthread_join(reading, NULL);
	pthread_join(updating, NULL);
	CHECK(qs_unregister(first) == 0 && qs_unregister(second) == 0);
	end();
}

static pid_t child_of_the_handler = -1;

static void fork_in_handler(int number)
{
	(void)number;
	child_of_the_handler = fork();
	if (child_of_the_handler == 0)
		alarm(10);
}

/* The thread that leads a grace period forks in a signal handler: in the child, the grace period goes on and ends. */
static void *lead_and_fork(void *argument)
{
	(void)argument;
	qs_synchronize(&domain);
	if (child_of_the_handler == 0) {
		qs_synchronize(&domain);
		_exit(qs_load_relaxed(&domain.leader) == 0 && qs_load_relaxed(&domain.sleepers) == 0 ? 0 : 1);
	}
	return NULL;
}

static void test_a_leader_forks_in_a_signal_handler(void)
{
	struct sigaction action = { .sa_handler = fork_in_handler };
	struct qs_reader *reader;
	pthread_t updating;
	qs_token token;
	begin(1);
	CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
	reader = registered();
	token = qs_read_lock(reader);
	start_waiting(&updating, lead_and_fork, reader);
	CHECK(pthread_kill(updating, SIGUSR2) == 0);
	usleep(20000);
	qs_read_unlock(token);
	pthread_join(updating, NULL);
	CHECK(child_is_right(child_of_the_handler));
	CHECK(qs_unregister(reader) == 0);
	end();
}

static struct qs_reader *of_the_ending;

static void *end_inside_a_section(void *argument)
{
	(void)argument;
	of_the_ending = registered();
	(void)registered();
	(void)qs_read_lock(of_the_ending);
	qs_store_release(&inside, 1);
	while (!qs_load_acquire(&leave))
		usleep(500);
	return NULL; /* without a word */
}

/* A thread that ends without unregistering, in the middle of a section for which a grace period waits. */
static void test_a_thread_that_ends_is_cleaned_up(void)
{
	pthread_t ending, updating;
	begin(2);
	qs_store_relaxed(&inside, 0);
	qs_store_relaxed(&leave, 0);
	CHECK(pthread_create(&ending, NULL, end_inside_a_section, NULL) == 0);
	while (!qs_load_acquire(&inside))
		usleep(500);
	start_waiting(&updating, synchronize_thread, of_the_ending);
	qs_store_release(&leave, 1);
	pthread_join(updating, NULL);
	pthread_join(ending, NULL);
	CHECK(qs_load_relaxed(&domain.registered) == 0);
	CHECK(qs_unregister(registered()) == 0);
	end();
}

void test_fork(void)
{
	check_run("a child goes on after fork, in the sections of all its readers", test_a_child_goes_on_after_fork);
	check_run("a leader that forks in a signal handler leads on in the child",
		  test_a_leader_forks_in_a_signal_handler);
	check_run("a thread that ends inside a section holds nobody up", test_a_thread_that_ends_is_cleaned_up);
}
