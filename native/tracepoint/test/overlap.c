/* SPDX-License-Identifier: MIT */
/*
 * On silicon: a reader in another process, without a fence of its own, announces itself while an event is switched off.
 * Its announcement waits behind stores that miss the caches, and its load of the word doesn't; the grace period's
 * barrier must reach that process, or it ends in a section that has seen the old word.
 *
 *   overlap ROUNDS SECONDS     until so many rounds were played, or so many seconds are over
 *
 * The two are held on processors of their own and begin each round at an agreed time of the processor's clock. A round
 * in which one of them was late, since something else ran there, says nothing and isn't counted. Prints a line:
 * {"rounds":N,"late":N,"inside":N,"early":N}: played, thrown away, in which the reader saw the old word, and in which
 * the grace period then ended too early. Exit code 4: here the two can't overlap.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/membarrier.h"
#include "../controller/grace.h"
#include "trace.h"

#if defined(__x86_64__)
#include <x86intrin.h>

enum { YIELD = 2000, DEADLINE_MS = 600000, SPIN = 20000, CANT = 4 };

/* In cycles: how far ahead a round is agreed on, how late one may be, and how far the two are moved apart. */
enum { AHEAD = 4000, LATE = 1000, STEPS = 128, STEP = 64 };

/* So many stores that each wait for memory: they fit the store buffer, and take some microseconds. */
enum { STORES = 12 };

struct game {
	_Alignas(128) qs_atomic(uint32_t) round; /* begun by the controller, at `start` */
	qs_atomic(uint64_t) start;
	_Alignas(128) qs_atomic(uint32_t) ready; /* by the reader */
	_Alignas(128) qs_atomic(uint32_t) ended; /* the round's grace period */
	_Alignas(128) qs_atomic(uint32_t) done;  /* by the reader */
	qs_atomic(uint32_t) inside, early, late; /* in this round */
};

struct sums {
	uint64_t rounds, late, inside, early;
};

static void wait_for(const qs_atomic(uint32_t) *number, uint32_t round)
{
	for (int i = 1; qs_load_acquire(number) < round; i++)
		if (i % YIELD == 0)
			sched_yield();
}

/* True if it isn't much later then. */
static bool wait_until(uint64_t time)
{
	while (__rdtsc() < time)
		;
	return __rdtsc() - time < LATE;
}

/*
 * A line is written and thrown out of the caches, again and again, which happens in the order in which it stands here:
 * behind it `announced` waits for its turn, while loads go on.
 */
static void write_far(unsigned char *far, uint32_t value)
{
	for (int i = 0; i < STORES; i++) {
		*(volatile unsigned char *)far = (unsigned char)value;
		_mm_clflush(far);
	}
}

static _Noreturn void play_reader(const struct test_trace *trace, struct game *game)
{
	struct qs_trace_ring *ring = &trace->shared->rings[1];
	qs_atomic(uint32_t) *word = &trace->shared->words[0][0];
	static _Alignas(128) unsigned char far[128];
	for (uint32_t round = 1;; round++) {
		qs_store_release(&game->ready, round);
		wait_for(&game->round, round);
		const uint64_t number = qs_load_relaxed(&trace->directory.control->gp);
		/* Brings its line here, so that the load below waits for nothing. */
		bool inside = qs_load_relaxed(word) != 0, early = false;
		const bool late = !wait_until(qs_load_relaxed(&game->start));
		write_far(far, round);
		qs_store_relaxed(&ring->announced, number);
		qs_compiler_barrier();
		inside = qs_load_relaxed(word) != 0;
		for (int i = 0; inside && !early && i < SPIN; i++)
			early = qs_load_acquire(&game->ended) == round;
		qs_store_release(&ring->announced, 0);
		qs_store_relaxed(&game->inside, inside);
		qs_store_relaxed(&game->early, early);
		qs_store_relaxed(&game->late, late);
		qs_store_release(&game->done, round);
	}
}

static void play_round(struct test_trace *trace, struct game *game, struct qs_processes *processes, uint32_t round,
		       struct sums *sums)
{
	enum qs_waiting waiting[1] = { QS_NOT_WAITING };
	struct qs_patience patience = qs_patience_of(DEADLINE_MS);
	wait_for(&game->ready, round);
	qs_store_relaxed(&trace->shared->words[0][0], 1);
	const uint64_t start = __rdtsc() + AHEAD;
	qs_store_relaxed(&game->start, start);
	qs_store_release(&game->round, round);
	const bool late = !wait_until(start + (uint64_t)(round % STEPS) * STEP);
	qs_store_relaxed(&trace->shared->words[0][0], 0);
	if (!qs_grace_period(&trace->directory, processes, waiting, &patience))
		abort();
	qs_store_release(&game->ended, round);
	wait_for(&game->done, round);
	const bool early = qs_load_relaxed(&game->early) != 0;
	sums->early += early;
	sums->inside += qs_load_relaxed(&game->inside) != 0;
	if (!early && (late || qs_load_relaxed(&game->late) != 0))
		sums->late++;
	else
		sums->rounds++;
}

/* The first two processors on which we may run; false where there is one. */
static bool hold(bool second)
{
	cpu_set_t allowed, one;
	int found = 0;
	if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
		return false;
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || found++ != second)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		return sched_setaffinity(0, sizeof one, &one) == 0;
	}
	return false;
}

static int play(struct test_trace *trace, uint64_t rounds, unsigned seconds)
{
	struct qs_processes processes = { 0 };
	struct sums sums = { 0 };
	struct game *game = mmap(NULL, sizeof *game, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (game == MAP_FAILED || (trace->directory.flags & QS_TRACE_GLOBAL) == 0)
		return CANT;
	const pid_t parent = getpid(), reader = fork();
	if (reader == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent || !hold(true))
			_exit(CANT);
		(void)qs_membarrier_usable(QS_GLOBAL_EXPEDITED);
		play_reader(trace, game);
	}
	/* Only for the mutant that runs it in place of the global one. */
	(void)qs_membarrier_usable(QS_PRIVATE_EXPEDITED);
	qs_processes_list(&trace->directory, &processes);
	const uint64_t until = qs_now() + seconds * UINT64_C(1000000000);
	const bool held = hold(false) && reader > 0 && processes.count == 1;
	for (uint32_t round = 1; held && sums.rounds < rounds && qs_now() < until; round++) {
		if (waitpid(reader, NULL, WNOHANG) != 0)
			return CANT;
		play_round(trace, game, &processes, round, &sums);
	}
	if (reader > 0) {
		kill(reader, SIGKILL);
		waitpid(reader, NULL, 0);
	}
	qs_processes_close(&processes);
	printf("{\"rounds\":%llu,\"late\":%llu,\"inside\":%llu,\"early\":%llu}\n", (unsigned long long)sums.rounds,
	       (unsigned long long)sums.late, (unsigned long long)sums.inside, (unsigned long long)sums.early);
	return held ? 0 : CANT;
}

int main(int argc, char **argv)
{
	struct test_trace trace;
	test_trace_make(&trace);
	const int code = play(&trace, argc > 1 ? strtoull(argv[1], NULL, 10) : 1000,
			      argc > 2 ? (unsigned)atoi(argv[2]) : 1);
	test_trace_remove(&trace);
	return code;
}
#else
int main(void)
{
	return 4;
}
#endif
