/* SPDX-License-Identifier: MIT */
/*
 * What a grace period costs somebody who has nothing to do with it: another process, which computes on a processor of
 * its own, while a reader of ours is registered and asleep. The updater is on the first processor, unless its side has
 * to go everywhere. Options: ms.
 * Result: us (the median), and for one grace period: interrupts, of the whole machine, and switches, how often the
 * other process had to give its processor away; of both, what there is of them anyway is taken off. calls.
 */
#include "reader.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAMPLES = 65536, BACKGROUND_MS = 100 };

static double samples[SAMPLES];

/* What the other process has found out about itself: it looks at it all the time, and shares it with us. */
struct found {
	_Atomic long switches;
	_Atomic bool ready;
};

static struct found *found;

_Noreturn static void stand_by(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	bench_pin(1);
	for (;;) {
		found->switches = bench_preemptions();
		found->ready = true;
	}
}

static pid_t start_bystander(void)
{
	found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (found == MAP_FAILED)
		bench_fail("there is no memory to share");
	pid_t child = fork();
	if (child < 0)
		bench_fail("a process can't be started");
	if (child == 0)
		stand_by();
	while (!found->ready)
		bench_sleep_ns(100000);
	return child;
}

/* Of the machine and of the bystander, since they began to count. */
struct counts {
	double interrupts, switches;
	uint64_t when;
};

static struct counts count_now(void)
{
	return (struct counts){
		.interrupts = bench_interrupts(),
		.switches = (double)found->switches,
		.when = bench_now(),
	};
}

/* So much of it in a grace period. Where others cause more than we do, what is left may be less than nothing. */
static double each(double before, double after, double quiet, double calls)
{
	double ours = after - before - quiet;
	return before < 0 ? -1 : ours < 0 ? 0 : ours / calls;
}

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	if (bench_processors() < 2)
		bench_fail("a bystander needs a processor of its own, and there is only one");
	pid_t bystander = start_bystander(); /* before there is a domain: it is none of it */
#ifndef SIDE_GOES_EVERYWHERE
	bench_pin(0);
#endif
	struct reader reader = { .kind = READER_ASLEEP, .rank = 0 };
	side_start(1);
	reader_start(&reader);
	side_synchronize();

	struct counts quiet = count_now();
	while (bench_now() - quiet.when < BACKGROUND_MS * UINT64_C(1000000))
		continue;
	struct counts before = count_now();
	uint64_t ns = (uint64_t)(bench_option("ms", 100) * 1e6);
	size_t calls = 0;
	for (uint64_t start = before.when, now = start; calls < SAMPLES && now - before.when < ns; start = now) {
		side_synchronize();
		now = bench_now();
		samples[calls++] = (double)(now - start);
	}
	struct counts after = count_now();
	reader_stop_all(&reader, 1);
	kill(bystander, SIGKILL);
	waitpid(bystander, NULL, 0);

	double longer = (double)(after.when - before.when) / (double)(before.when - quiet.when);
	bench_result("interrupts", each(before.interrupts, after.interrupts,
					(before.interrupts - quiet.interrupts) * longer, (double)calls));
	bench_result("switches", each(before.switches, after.switches, (before.switches - quiet.switches) * longer,
				      (double)calls));
	bench_result("us", bench_median(samples, calls) / 1e3);
	bench_result("calls", (double)calls);
	bench_end();
}
