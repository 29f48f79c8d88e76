/* SPDX-License-Identifier: MIT */
/* fork() where it wasn't thought of: in a program with handlers of its own, and while a domain is being made. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "misuse.h"

static struct qs_domain domain;
static struct qs_head head[3];

static void nothing(struct qs_head *done)
{
	(void)done;
}

static void before(void)
{
	qs_defer(&domain, &head[0], nothing);
	(void)qs_reclaim(&domain);
}

static void after_in_the_parent(void)
{
	(void)qs_call(&domain, &head[1], nothing);
	(void)qs_barrier(&domain);
}

/* Another thread's section is not there any more. */
static void after_in_the_child(void)
{
	qs_synchronize(&domain);
	(void)qs_call(&domain, &head[2], nothing);
	(void)qs_barrier(&domain);
}

/* They are set up when there is a domain. */
static int fork_with_handlers(void (*prepare)(void), void (*parent)(void), void (*child)(void), bool reader)
{
	int status = -1;
	pid_t made;
	if (qs_domain_init(&domain, NULL) != 0 || pthread_atfork(prepare, parent, child) != 0)
		return 1;
	if (reader)
		hold_section(&domain);
	made = fork();
	if (made == 0) {
		alarm(TEST_PATIENCE / 3);
		_exit(0);
	}
	return waitpid(made, &status, 0) == made && status == 0 ? 0 : 2;
}

static int reclaim_before(void)
{
	return fork_with_handlers(before, NULL, NULL, false);
}

static int call_after(void)
{
	return fork_with_handlers(NULL, after_in_the_parent, NULL, false);
}

static int wait_in_the_child(void)
{
	return fork_with_handlers(NULL, NULL, after_in_the_child, true);
}

static void test_handlers(void)
{
	CHECK(in_child(reclaim_before) == 0);
	CHECK(in_child(call_after) == 0);
	CHECK(in_child(wait_in_the_child) == 0);
}

#define DOMAINS 200

static struct qs_domain many[DOMAINS];
static qs_atomic(uint32_t) next;

static void *make(void *argument)
{
	struct qs_reader *reader;
	(void)argument;
	for (uint32_t i = 0; i < DOMAINS; i++) {
		qs_store_release(&next, i);
		if (qs_register(&many[i], &reader) != 0)
			_exit(3);
	}
	qs_store_release(&next, DOMAINS);
	return NULL;
}

static int make_after_fork(uint32_t from)
{
	struct qs_reader *reader;
	struct qs_domain another;
	alarm(TEST_PATIENCE / 3);
	for (uint32_t i = from; i < from + 2 && i < DOMAINS; i++) {
		if (qs_register(&many[i], &reader) != 0)
			return 1;
	}
	return qs_domain_init(&another, NULL) == 0 ? 0 : 2;
}

/* `clone` makes the child without the C library's knowledge, which says so itself. */
static int fork_while_one_is_made(bool clone)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, make, NULL) != 0)
		return 1;
	while (qs_load_acquire(&next) < DOMAINS) {
		int status = -1;
		pid_t child = clone ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : fork();
		if (child == 0) {
			if (clone)
				qs_after_fork_child();
			/* What a clone finds in the making stays so; it hasn't been anybody's yet. */
			_exit(make_after_fork(clone ? DOMAINS : qs_load_relaxed(&next)));
		}
		if (waitpid(child, &status, 0) != child || status != 0)
			return 2;
	}
	return pthread_join(thread, NULL) == 0 ? 0 : 3;
}

static int fork_while_made(void)
{
	return fork_while_one_is_made(false);
}

static int clone_while_made(void)
{
	return fork_while_one_is_made(true);
}

static void test_in_the_making(void)
{
	for (int i = 0; i < 10; i++)
		CHECK(in_child(fork_while_made) == 0 && in_child(clone_while_made) == 0);
}

void test_forks(void)
{
	check_run("handlers of pthread_atfork() find the library in working order", test_handlers);
	check_run("a child finds no domain half made", test_in_the_making);
}
