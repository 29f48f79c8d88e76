/* SPDX-License-Identifier: MIT */
/* How much memory a thread's ring takes: what it needs, and a limit of the program may make it less. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "events.h"
#include "second.h"

enum { RIGHT = 7, WRONG = 1, RECORD = 24 };

static void hit(unsigned number)
{
	qs_tracepoint(test, one, number);
}

/* True where a child that does it says that it was right. */
static bool in_a_child(int (*does)(long), long with)
{
	int status;
	(void)fflush(stdout);
	const pid_t child = fork();
	if (child == 0)
		_exit(does(with));
	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == RIGHT;
}

/* How many bytes of the process's file there are. */
static long bytes(void)
{
	char name[300], path[600];
	struct stat status;
	if (!second_name(getpid(), ".trace", name, sizeof(name)))
		_exit(WRONG);
	(void)snprintf(path, sizeof(path), "%s/%s", getenv("QUIESCE_TRACE_DIR"), name);
	return stat(path, &status) == 0 ? (long)status.st_blocks * 512 : -1;
}

static void *hits_so_often(void *times)
{
	for (uintptr_t i = 0; i < (uintptr_t)times; i++)
		hit((unsigned)i);
	return NULL;
}

/* What the ring of a thread that hits so often adds to the file. */
static long bytes_for(long times)
{
	pthread_t thread;
	const long before = bytes();
	if (pthread_create(&thread, NULL, hits_so_often, (void *)times) != 0)
		abort();
	(void)pthread_join(thread, NULL);
	return bytes() - before;
}

static long times;

static int takes(long with)
{
	hit(1);
	return bytes_for(times) == with ? RIGHT : WRONG;
}

static bool takes_for(long hits, long with)
{
	times = hits;
	return in_a_child(takes, with);
}

static void a_ring_takes_what_is_written(void)
{
	CHECK(takes_for(1, 4096));
	CHECK(takes_for(170, 4096));
	CHECK(takes_for(171, 8192));
	CHECK(takes_for(1000, 32768));
	/* Nobody records. */
	CHECK(takes_for(400000, QS_TRACE_RING_USUAL));
}

static void a_ring_that_overwrites_keeps_what_is_usual(void)
{
	second_overwrite(0, true);
	CHECK(takes_for(400000, QS_TRACE_RING_USUAL));
	second_overwrite(0, false);
}

static void say_recorded(void)
{
	struct timespec time;
	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	qs_store_relaxed(&second_control()->recorded,
			 (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec);
}

/* Its recorder is there, and reads nothing. */
static int takes_all(long with)
{
	hit(1);
	const long before = bytes() - (long)QS_TRACE_PAGE;
	for (int i = 0; i < 1000 && bytes() - before < with; i++) {
		say_recorded();
		(void)hits_so_often((void *)1000);
	}
	return bytes() - before == with ? RIGHT : WRONG;
}

static void a_ring_whose_recorder_falls_behind_takes_more(void)
{
	CHECK(in_a_child(takes_all, QS_TRACE_RING_DEFAULT));
}

/* Each time that a ring is nearly full its recorder has read it, and it took a while. */
static int is_read_in_time(long with)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	struct qs_trace_process *own = NULL;
	long read = 0;
	hit(1);
	const long before = bytes() - (long)QS_TRACE_PAGE;
	own = second_process(getpid());
	for (int i = 0; i < 40; i++) {
		say_recorded();
		(void)hits_so_often((void *)(QS_TRACE_RING_USUAL / RECORD / 4));
		const long more = second_read(own, 0, NULL, NULL);
		if (more < 0)
			return WRONG;
		read += more;
		(void)nanosleep(&pause, NULL);
	}
	const bool whole = read == 1 + 40 * (long)(QS_TRACE_RING_USUAL / RECORD / 4);
	return whole && qs_load_relaxed(&own->rings[0].lost) == 0 && bytes() - before == with ? RIGHT : WRONG;
}

static void a_ring_whose_recorder_keeps_up_stays_small(void)
{
	CHECK(in_a_child(is_read_in_time, QS_TRACE_RING_USUAL));
}

/* All that it maps from now on is locked. */
static int locks_and_opens(long with)
{
	if (mlockall(MCL_FUTURE) != 0)
		return RIGHT;
	const int error = qs_trace_open(NULL);
	/* The header, at least, and not the rings. */
	return error == 0 && bytes() > 0 && bytes() < with ? RIGHT : WRONG;
}

static void locked_memory_has_no_holes_filled(void)
{
	CHECK(in_a_child(locks_and_opens, 16 << 20));
}

static int opens_within(__rlimit_resource_t resource, long most)
{
	const struct rlimit limit = {(rlim_t)most, (rlim_t)most};
	return setrlimit(resource, &limit) == 0 && qs_trace_open(NULL) == 0 &&
			       second_process(getpid())->header.ring_size == QS_TRACE_RING_USUAL
		       ? RIGHT
		       : WRONG;
}

static int opens_with_small_files(long with)
{
	return opens_within(RLIMIT_FSIZE, with);
}

static int opens_with_little_memory(long with)
{
	return opens_within(RLIMIT_AS, with);
}

static void a_limit_makes_rings_smaller(void)
{
	CHECK(in_a_child(opens_with_small_files, 128 << 20));
	CHECK(in_a_child(opens_with_little_memory, 512 << 20));
}

int main(void)
{
	alarm(TEST_PATIENCE * 10);
	(void)second_begin();
	check_run("locked memory has no holes filled", locked_memory_has_no_holes_filled);
	check_run("a limit makes rings smaller", a_limit_makes_rings_smaller);
	if (qs_trace_open(NULL) != 0)
		abort();
	second_config(1, 0, 1, NULL, 0);
	second_rule("test", "one", 1);
	check_run("a ring takes as many pages as are written", a_ring_takes_what_is_written);
	check_run("a ring that overwrites keeps what is usual", a_ring_that_overwrites_keeps_what_is_usual);
	check_run("a ring takes more when its recorder falls behind", a_ring_whose_recorder_falls_behind_takes_more);
	check_run("a ring stays small while its recorder keeps up", a_ring_whose_recorder_keeps_up_stays_small);
	second_end();
	return check_end();
}
