/* SPDX-License-Identifier: MIT */
/* A program with limits of its own is told which one was reached, and is harmed by none. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "events.h"
#include "second.h"

static void hit(unsigned number)
{
	qs_tracepoint(test, one, number);
}

static void limit(__rlimit_resource_t resource, rlim_t most)
{
	const struct rlimit to = {most, most};
	if (setrlimit(resource, &to) != 0)
		_exit(90);
}

/* The exit code of a child that does it; -1 when it was ended by a signal. */
static int in_a_child(int (*does)(void))
{
	int status;
	(void)fflush(stdout);
	const pid_t child = fork();
	if (child == 0)
		_exit(does());
	if (waitpid(child, &status, 0) != child)
		return -2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* 7 when it isn't opened for this reason, and says so in words. */
static int is_refused(int because, const char *says)
{
	errno = 77;
	hit(1);
	const int error = qs_trace_open(NULL);
	hit(2);
	return error == because && strstr(qs_trace_problem(), says) && errno == 77 ? 7 : 1;
}

static int with_small_files(void)
{
	limit(RLIMIT_FSIZE, 1 << 20);
	return is_refused(EFBIG, "ulimit -f");
}

/* Not even the control file may be made. */
static int with_tiny_files(void)
{
	limit(RLIMIT_FSIZE, 4096);
	return is_refused(EFBIG, "ulimit -f");
}

static int with_little_memory(void)
{
	limit(RLIMIT_AS, (rlim_t)48 << 20);
	return is_refused(ENOMEM, "ulimit -v");
}

static int without_descriptors(void)
{
	limit(RLIMIT_NOFILE, 3);
	return is_refused(EMFILE, "ulimit -n");
}

static void the_limit_is_named(void)
{
	CHECK(in_a_child(with_tiny_files) == 7 && second_count("control") == 0);
	CHECK(in_a_child(with_small_files) == 7 && in_a_child(with_little_memory) == 7);
	CHECK(in_a_child(without_descriptors) == 7);
	CHECK(second_count(".trace") == 0 && second_count(".life") == 0);
}

static void switch_on(void)
{
	if (!second_control())
		_exit(91);
	second_config(1, 0, 1, NULL, 0);
	second_rule("*", "*", 1);
}

static int hits_and_leaves(void)
{
	hit(1);
	return second_process(getpid()) ? 1 : 7;
}

/* Its ring grows as ever; its children find no room for theirs. */
static int limited_when_open(void)
{
	if (qs_trace_open(NULL) != 0)
		return 92;
	switch_on();
	limit(RLIMIT_FSIZE, 4096);
	for (unsigned i = 0; i < 6000; i++)
		hit(i);
	return second_read_all(second_process(getpid()), NULL, NULL) == 6000 ? in_a_child(hits_and_leaves) : 1;
}

static void a_limit_may_come_later(void)
{
	CHECK(in_a_child(limited_when_open) == 7);
}

static int first_hit_by_vfork(void)
{
	int status;
	if (qs_trace_open(NULL) != 0)
		return 92;
	switch_on();
	const struct qs_trace_process *process = second_process(getpid());
	const pid_t child = vfork();
	if (child == 0) {
		hit(1);
		_exit(7);
	}
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		return 93;
	const bool counted = process->header.rings == 0 && process->header.lost == 1;
	hit(2);
	return counted && process->rings[0].owner == (uint32_t)syscall(SYS_gettid) ? 7 : 1;
}

static void no_ring_is_a_vforks(void)
{
	CHECK(in_a_child(first_hit_by_vfork) == 7);
}

/* A file system with so much room, in a namespace of our own. */
static bool have_room(const char *path, unsigned kilobytes)
{
	char options[64];
	(void)snprintf(options, sizeof(options), "size=%uk,mode=700", kilobytes);
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", path, "tmpfs", 0, options) == 0;
}

static unsigned kilobytes;

/* 7: it is open, and its events are known; 8: it isn't, and says why; 96: nothing may be mounted here. */
static int in_so_much_room(void)
{
	const char *path = getenv("QUIESCE_TRACE_DIR");
	if (!have_room(path, kilobytes))
		return 96;
	const int error = qs_trace_open(NULL);
	if (error != 0)
		return error == ENOSPC && strstr(qs_trace_problem(), "room") ? 8 : 1;
	const struct qs_trace_process *process = second_process(getpid());
	return process && process->header.events > 0 ? 7 : 2;
}

/* From too little for the control file to enough for all, page by page. */
static void without_room_for_its_events_it_is_not_open(void)
{
	bool refused = false, opened = false;
	const unsigned least = sizeof(struct qs_trace_control) / 1024;
	for (kilobytes = least; kilobytes <= least + 64; kilobytes += 4) {
		const int code = in_a_child(in_so_much_room);
		if (code == 96)
			return;
		CHECK(code == 7 || code == 8);
		refused = refused || code == 8;
		opened = opened || code == 7;
	}
	CHECK(refused && opened);
}

int main(void)
{
	(void)alarm(300);
	(void)second_begin();
	check_run("a limit is named", the_limit_is_named);
	check_run("a limit may come later", a_limit_may_come_later);
	check_run("no ring is a child's by vfork()", no_ring_is_a_vforks);
	check_run("without room for its events it is not open", without_room_for_its_events_it_is_not_open);
	second_end();
	return check_end();
}
