/* SPDX-License-Identifier: MIT */
/* What the debug build (quiesce/check.h) names; each mistake is made by a child, which has to end with its message. */
#define _GNU_SOURCE
#define QS_DEBUG
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "quiesce/mb.h"
#include "quiesce/membarrier.h"

static struct qs_domain domain;
static struct qs_reader *reader;

static void unlock_twice(void)
{
	qs_token token = qs_read_lock(reader);
	qs_read_unlock(token);
	qs_read_unlock(token);
}

static void unlock_an_inner_one_too_many(void)
{
	qs_token outer = qs_membarrier_read_lock(reader), inner = qs_membarrier_read_lock(reader);
	qs_membarrier_read_unlock(inner);
	qs_membarrier_read_unlock(inner);
	qs_membarrier_read_unlock(outer);
}

static void unlock_out_of_order(void)
{
	qs_token outer = qs_mb_read_lock(reader), inner = qs_mb_read_lock(reader);
	qs_mb_read_unlock(outer);
	qs_mb_read_unlock(inner);
}

static void *lock(void *argument)
{
	(void)qs_read_lock(reader);
	return argument;
}

static void use_from_another_thread(void)
{
	pthread_t thread;
	(void)pthread_create(&thread, NULL, lock, NULL);
	pthread_join(thread, NULL);
}

static void enter_twice(void)
{
	qs_membarrier_enter(reader);
	qs_membarrier_enter_in(&domain, reader);
}

static void use_after_unregister(void)
{
	(void)qs_unregister(reader);
	(void)qs_read_lock(reader);
}

static void synchronize_inside(void)
{
	(void)qs_read_lock(reader);
	qs_synchronize(&domain);
}

static void read_offline(void)
{
	(void)qs_offline(reader);
	(void)qs_read_lock(reader);
}

/* The child's last words. */
static bool names(void (*mistake)(void), const char *words)
{
	char said[512] = "";
	int status = 0, end[2];
	ssize_t length;
	pid_t child;
	if (pipe(end) != 0)
		return false;
	child = fork();
	if (child == 0) {
		struct rlimit none = { 0, 0 };
		(void)setrlimit(RLIMIT_CORE, &none);
		alarm(10);
		(void)dup2(end[1], STDERR_FILENO);
		mistake();
		_exit(0);
	}
	close(end[1]);
	length = read(end[0], said, sizeof said - 1);
	close(end[0]);
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
		return false;
	return length > 0 && strstr(said, words);
}

static void test_mistakes(void)
{
	CHECK(names(unlock_twice, "an unlock has no lock"));
	CHECK(names(unlock_an_inner_one_too_many, "an unlock has no lock"));
	CHECK(names(unlock_out_of_order, "out of order"));
	CHECK(names(use_from_another_thread, "has not registered it"));
	CHECK(names(use_after_unregister, "has given it back"));
	CHECK(names(enter_twice, "don't nest"));
	CHECK(names(read_offline, "while its reader is offline"));
	CHECK(names(synchronize_inside, "inside a read-side section"));
}

static struct qs_reader *other;

static void read_in_handler(int number)
{
	qs_token token = qs_read_lock(reader);
	(void)number;
	qs_read_unlock(token);
}

static void test_what_is_right(void)
{
	struct qs_domain second = QS_DOMAIN_INITIALIZER;
	struct sigaction action = { .sa_handler = read_in_handler };
	qs_token one, two, inner;
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	CHECK(qs_register(&second, &other) == 0);
	one = qs_read_lock(reader);
	two = qs_mb_read_lock(other);
	inner = qs_read_lock(reader);
	raise(SIGUSR1);
	qs_read_unlock(inner);
	qs_read_unlock(one); /* of another domain: in any order */
	qs_mb_read_unlock(two);
	qs_membarrier_enter(reader);
	qs_membarrier_leave(reader);
	CHECK(qs_unregister(other) == 0 && qs_domain_destroy(&second) == 0);
}

int main(void)
{
	alarm(60);
	CHECK(qs_register(&domain, &reader) == 0);
	check_run("the debug build names what can't be right", test_mistakes);
	check_run("the debug build lets pass what is right", test_what_is_right);
	return check_end();
}
