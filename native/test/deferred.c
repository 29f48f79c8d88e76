/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "deferred.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#if defined(__SANITIZE_ADDRESS__) || !QS_KNOWS_FENCES
#define SANITIZED true
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED false
#endif

struct qs_domain subject;
struct deferred deferred[DEFERRED];
qs_atomic(uint32_t) is_inside, may_leave;
static qs_atomic(uint64_t) places;

void deferred_begin(void)
{
	CHECK(qs_domain_init(&subject, NULL) == 0);
	qs_store_relaxed(&places, 0);
	qs_store_relaxed(&is_inside, 0);
	qs_store_relaxed(&may_leave, 0);
	for (int i = 0; i < DEFERRED; i++) {
		qs_store_relaxed(&deferred[i].runs, 0);
		deferred[i].then = NULL;
	}
}

void deferred_end(void)
{
	CHECK(qs_domain_destroy(&subject) == 0);
}

void deferred_run(struct qs_head *head)
{
	struct deferred *self = (struct deferred *)(void *)head;
	self->place = qs_fetch_add(&places, 1);
	qs_fetch_add(&self->runs, 1);
	if (self->then)
		self->then(self);
}

void defer_some(int first, int last)
{
	for (int i = first; i <= last; i++)
		qs_defer(&subject, &deferred[i].head, deferred_run);
}

bool each_has_run(int first, int last, uint32_t times)
{
	for (int i = first; i <= last; i++) {
		if (qs_load_acquire(&deferred[i].runs) != times)
			return false;
	}
	return true;
}

bool turns(qs_atomic(uint32_t) *word, uint32_t value)
{
	for (int i = 0; i < 10000; i++) {
		if (qs_load_acquire(word) == value)
			return true;
		usleep(1000);
	}
	return false;
}

void stay(struct deferred *self)
{
	(void)self;
	qs_store_release(&is_inside, 1);
	(void)turns(&may_leave, 1);
}

bool holds_in_child(bool (*check)(void))
{
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		alarm(20);
		_exit(check() ? 0 : 1);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool holds_in_child_with_threads(bool (*check)(void))
{
	/* Sanitizers know no threads in a child of a process that has several: one hangs, one ends the child. */
	return SANITIZED || holds_in_child(check);
}
