/* SPDX-License-Identifier: MIT */
/*
 * What a change of the rules costs the program that is traced, and one that is not, by each of the ways to make readers
 * pass a barrier. The controller is quiesce-trace's own code, in this process and on the first processor; who computes
 * has the second one. Options: how:
 *
 *   fences      each section has a full fence of its own; the controller does nothing
 *   signals     a signal to each thread of the traced program, whose handler is the fence
 *   global      membarrier's GLOBAL, which waits until every processor has switched
 *   expedited   GLOBAL_EXPEDITED, which interrupts the processors that run a registered program
 *   private     PRIVATE_EXPEDITED, which does not reach another process at all: unsafe here
 *
 * who (program: the traced program computes, and hits events; other: a process computes, and the program sleeps), ms.
 * Result, for one change: us (the median), and of the program or process that computes interrupts, how often it stood
 * still for less than a scheduler takes, taken_us, for how long (the median), and switches, how often its processor was
 * taken away. It sees that by its own clock, so others' interrupts are not among them. changes.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "standstill.h"
#include SIDE

enum { CHANGES = 65536, PROGRAM = 0, OTHER = 1, QUIET_NS = 50000000, RUNS_WITHIN_NS = 500000000 };

static double took[CHANGES];
static pid_t children[2];

static struct {
	struct standstill still; /* of who computes */
	_Atomic bool ready[2];
	_Atomic uint32_t signals;
} *shared;

/*--------------------------------------------------- who runs ------------------------------------------------------*/

_Noreturn static void be_traced(bool computes)
{
	bench_pin(computes ? 1 : 0);
	if (!side_open())
		_exit(1);
	if (computes)
		standstill_begin(&shared->still);
	shared->ready[PROGRAM] = true;
	for (uint64_t i = 0; computes; i++) {
		standstill_look(&shared->still);
		side_hit(i);
	}
	for (;;)
		pause();
}

_Noreturn static void compute(void)
{
	bench_pin(1);
	standstill_begin(&shared->still);
	shared->ready[OTHER] = true;
	for (;;)
		standstill_look(&shared->still);
}

static void start(int who, bool computes)
{
	children[who] = fork();
	if (children[who] < 0)
		bench_fail("a process can't be started");
	if (children[who] == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (who == PROGRAM)
			be_traced(computes);
		compute();
	}
	while (!shared->ready[who]) {
		if (waitpid(children[who], NULL, WNOHANG) == children[who])
			bench_fail("tracing can't be opened");
		bench_sleep_ns(100000);
	}
}

static void stop(int who)
{
	if (children[who] == 0)
		return;
	kill(children[who], SIGKILL);
	waitpid(children[who], NULL, 0);
}

/*------------------------------------------------- the controller --------------------------------------------------*/

static size_t changes;
static double taken[CHANGES];
static double interrupts, switches, during;

/*
 * Waits for whoever computes to do so, and to have looked at its clock since `when`: a program that others have pushed
 * from its processor can't be interrupted, and a change would seem to cost nothing. On a quiet machine it always does.
 */
static void wait_until_it_runs(uint64_t when)
{
	const uint64_t end = bench_now() + RUNS_WITHIN_NS;
	while (shared->still.last <= when && bench_now() < end)
		continue;
}

/* Both switching on and switching off change the rules and the words, and run a grace period. */
static void change_once(void)
{
	wait_until_it_runs(bench_now());
	const struct standstill before = standstill_copy(&shared->still);
	const uint64_t began = bench_now();
	side_change(changes % 2 == 0);
	const uint64_t ended = bench_now();
	wait_until_it_runs(ended);
	const struct standstill after = standstill_copy(&shared->still);
	took[changes] = (double)(ended - began);
	taken[changes++] = (double)(after.taken - before.taken);
	interrupts += (double)(after.times - before.times);
	switches += (double)(after.switches - before.switches);
	during += (double)(ended - began);
}

/* For each change; less what there is of it anyway, which may be more. */
static double each(double count, double quiet, double quiet_ns)
{
	const double ours = count - quiet * during / quiet_ns;
	return ours < 0 ? 0 : ours / (double)changes;
}

int main(int argc, char **argv)
{
	bench_start(argc, argv);
	if (bench_processors() < 2)
		bench_fail("who computes needs a processor of its own, and there is only one");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		bench_fail("there is no memory to share");
	const bool program = bench_is("who", "program");
	side_begin(&shared->signals);
	if (!program)
		start(OTHER, true);
	start(PROGRAM, program);
	side_traced = children[PROGRAM];
	bench_pin(0);
	side_change(false);

	const struct standstill before = standstill_copy(&shared->still);
	bench_sleep_ns(QUIET_NS);
	const struct standstill after = standstill_copy(&shared->still);
	for (const uint64_t end = bench_now() + (uint64_t)(bench_option("ms", 100) * 1e6);
	     changes < CHANGES && (changes == 0 || bench_now() < end);)
		change_once();
	stop(PROGRAM);
	stop(OTHER);
	side_end();
	bench_result("us", bench_median(took, changes) / 1e3);
	bench_result("taken_us", bench_median(taken, changes) / 1e3);
	bench_result("interrupts", each(interrupts, (double)(after.times - before.times), QUIET_NS));
	bench_result("switches", each(switches, (double)(after.switches - before.switches), QUIET_NS));
	bench_result("changes", (double)changes);
	bench_end();
}
