/* SPDX-License-Identifier: MIT */
/* fork(), in a process that has readers and an updater. */
#define _GNU_SOURCE
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
	pthread_mutex_lock(&domain.updater); /* as by an updater that the child lacks */
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

void test_fork(void)
{
	check_run("a child goes on after fork", test_a_child_goes_on_after_fork);
}
