/* SPDX-License-Identifier: MIT */
/*
 * An event is switched on and off by its controller's own command, while a thread hits it all the time. Options: times.
 * Result: first_us, from the command's start to when the first event has been recorded (the median), ended_us, to the
 * command's end; and taken_us, how long the thread stood still meanwhile that it does not do anyway (the median).
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "bench.h"
#include "standstill.h"
#include SIDE

enum { TIMES = 1000, PATIENCE_MS = 5000, REST_MS = 10 };

static struct standstill still;
static _Atomic uint64_t seen; /* when the first event had been recorded; 0: it is off */
static _Atomic bool stay = true;
static double first[TIMES], ended[TIMES], lost[TIMES];

static void *hit_all_the_time(void *nothing)
{
	(void)nothing;
	bench_pin(1);
	standstill_begin(&still);
	for (uint64_t i = 0; stay; i++) {
		standstill_look(&still);
		const bool on = side_enabled(switched);
		side_tracepoint(switched, i);
		if (on != (seen != 0))
			seen = on ? bench_now() : 0;
	}
	return NULL;
}

static void wait_until(bool on)
{
	const uint64_t began = bench_now();
	while ((seen != 0) != on) {
		if (bench_now() - began > PATIENCE_MS * UINT64_C(1000000)) {
			side_end();
			bench_fail(on ? "the event was not switched on" : "the event was not switched off");
		}
		bench_sleep_ns(20000);
	}
}

/* Runs the command; the nanoseconds at which it began and had ended. */
static void change(bool on, uint64_t when[2])
{
	int status;
	when[0] = bench_now();
	const pid_t child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		side_switch(on);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
		side_end();
		bench_fail("the command that switches the event has failed");
	}
	when[1] = bench_now();
	wait_until(on);
}

/* How long the thread stands still in a while without changes. */
static uint64_t rest(void)
{
	const uint64_t before = still.taken;
	bench_sleep_ns(REST_MS * UINT64_C(1000000));
	return still.taken - before;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	bench_start(argc, argv);
	const size_t times = (size_t)bench_option("times", 10);
	if (times == 0 || times > TIMES)
		bench_fail("times must be 1 to 1000");
	bench_pin(0);
	side_begin();
	if (pthread_create(&thread, NULL, hit_all_the_time, NULL) != 0)
		bench_fail("a thread can't be started");
	uint64_t when[2];
	change(true, when); /* the first one finds nothing ready */
	change(false, when);
	for (size_t i = 0; i < times; i++) {
		const uint64_t quiet = rest();
		const uint64_t taken = still.taken, began = bench_now();
		change(true, when);
		first[i] = (double)(seen - when[0]);
		ended[i] = (double)(when[1] - when[0]);
		const double longer = (double)(bench_now() - began) / (REST_MS * 1e6);
		lost[i] = (double)(still.taken - taken) - (double)quiet * longer;
		change(false, when);
	}
	stay = false;
	pthread_join(thread, NULL);
	side_end();
	bench_result("first_us", bench_median(first, times) / 1e3);
	bench_result("ended_us", bench_median(ended, times) / 1e3);
	const double taken = bench_median(lost, times);
	bench_result("taken_us", taken < 0 ? 0 : taken / 1e3);
	bench_end();
}
