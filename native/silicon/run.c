/* SPDX-License-Identifier: MIT */
/*
 * Runs a litmus test in batches of many rounds. In each batch the threads either meet before every round, or run
 * through all of them as fast as each can; which one, in what order of the rounds, on which processors, where the words
 * are and in whose cache, and how long a thread lingers before a round, is drawn anew for every batch: no single way
 * shows all that a processor does. (What litmus7 calls affinity, stride, preload and indirect memory.)
 */
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "meet.h"
#include "memory.h"
#include "options.h"
#include "random.h"
#include "tally.h"

/* Of a batch: enough that it matters little that all threads meet several times for each. */
#define ROUNDS 4096
#define ROUNDS_SLOW 128
/* How many batches the words stay where they are. */
#define BATCHES_OF_A_PLACE 8
#define BATCHES_OF_A_PROCESSOR 32
#define TELL_MS 100

/*
 * How long a thread may linger before a round, in turns of an empty loop. What a thread does within a system call takes
 * microseconds, and the others have to arrive in the middle of it.
 */
#define WAYS 5
static const uint32_t MOST[2][WAYS] = { { 1, 1, 8, 32, 128 }, { 1, 1024, 8192, 32768, 131072 } };

/* How the next batch is run. */
struct batch {
	bool together;    /* the threads meet before each round */
	uint32_t stride;  /* odd, so that a power of two of rounds all come */
	uint32_t offset;
	uint32_t shift;   /* which processor thread 0 runs on; PROCESSORS: any */
	uint32_t linger[QS_MOST_THREADS]; /* a thread lingers for less than this */
	uint32_t shares;  /* who gives which words their first values */
	uint64_t number;  /* of its first round */
};

struct run {
	const struct qs_test *test;
	struct qs_litmus_options options;
	struct qs_meeting meeting;
	struct qs_memory memory;
	struct qs_tally tallies[QS_MOST_THREADS];
	int cpus[CPU_SETSIZE];
	uint32_t processors;
	struct batch batch;
	struct qs_random random;
	uint64_t batches, rounds, started, told;
	bool stop;
};

struct worker {
	struct run *run;
	uint32_t self;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	/* A test whose threads wait for each other never comes to where it would look. */
	if (interrupted)
		_exit(128 + number);
	interrupted = 1;
}

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What there was so far; the other threads wait meanwhile. */
static void report(struct run *run, uint64_t ms, bool last)
{
	bool tell = run->options.tell;
	struct qs_tally all;
	if (!tell && !last)
		return;
	qs_tally_make(&all, run->test);
	for (uint32_t n = 0; n < run->test->threads; n++)
		qs_tally_merge(&all, &run->tallies[n]);
	if (tell)
		printf("rounds %" PRIu64 " %" PRIu64 "\n", run->rounds, ms);
	else
		printf("Test %s\nHistogram (%" PRIu32 " outcomes)\n", run->test->name, all.used);
	qs_tally_print(&all, stdout, tell);
	if (tell)
		printf(last ? "end\n" : "more\n");
	else
		printf("Rounds %" PRIu64 " in %.1f s\n", run->rounds, (double)ms / 1000);
	fflush(stdout);
	qs_tally_free(&all);
}

/* Thread 0, while the others wait: is it enough? If not, how shall the next batch be? */
static void plan(struct run *run)
{
	const struct qs_litmus_options *options = &run->options;
	struct qs_random *random = &run->random;
	struct batch *batch = &run->batch;
	uint64_t ms = now_ms() - run->started;
	/* However late the threads have started, there is a first batch. */
	bool enough = (options->milliseconds != 0 && ms >= options->milliseconds) ||
		      (options->rounds != 0 && run->rounds >= options->rounds);
	run->stop = interrupted || (enough && run->batches > 0);
	if (run->stop || ms >= run->told + TELL_MS) {
		run->told = ms;
		report(run, ms, run->stop);
	}
	if (run->stop)
		return;
	bool crowded = run->test->threads > run->processors;
	if (run->batches % BATCHES_OF_A_PLACE == 0)
		qs_memory_shuffle(&run->memory, random);
	if (run->batches % BATCHES_OF_A_PROCESSOR == 0)
		batch->shift = qs_random_below(random, run->processors + 1);
	batch->together = run->test->slow || qs_random_below(random, crowded ? 8 : 2) == 0;
	batch->stride = qs_random_below(random, 4) == 0 ? 2 * qs_random_below(random, 32) + 1 : 1;
	batch->offset = qs_random_below(random, run->memory.rounds);
	batch->shares = qs_random_below(random, run->test->threads);
	batch->number = run->rounds;
	for (uint32_t n = 0; n < run->test->threads; n++) {
		batch->linger[n] = MOST[run->test->slow][qs_random_below(random, WAYS)];
	}
	run->batches++;
	run->rounds += run->memory.rounds;
}

/* Neighbours run on different processors, while there are enough. Where that is forbidden, they run anywhere. */
static void settle(const struct run *run, uint32_t self)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	for (uint32_t n = 0; n < run->processors; n++)
		if (run->batch.shift == run->processors || n == (self + run->batch.shift) % run->processors)
			CPU_SET((size_t)run->cpus[n], &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

static void linger(struct qs_random *random, uint32_t most)
{
	for (uint32_t n = most > 1 ? qs_random_below(random, most) : 0; n > 0; n--)
		qs_compiler_barrier();
}

static void run_batch(struct run *run, uint32_t self, struct qs_random *random, struct qs_sections *sections)
{
	const struct batch *batch = &run->batch;
	void (*body)(const struct qs_round *) = run->test->bodies[self];
	uint32_t rounds = run->memory.rounds, most = batch->linger[self];
	for (uint32_t n = 0; n < rounds; n++) {
		uint32_t at = (batch->offset + n * batch->stride) % rounds;
		struct qs_round round = {
			.words = qs_memory_words(&run->memory, at),
			.results = qs_memory_results(&run->memory, self, at),
			.sections = sections,
		};
		if (batch->together)
			qs_meet(&run->meeting, self);
		linger(random, most);
		body(&round);
	}
}

/* An address is counted as its word's number: each round has words elsewhere. */
static qs_value normal(const struct qs_test *test, qs_word *const *words, qs_value value)
{
	for (uint32_t n = 0; n < test->words; n++)
		if (value == QS_ADDRESS(words[n]))
			return QS_FIRST_ADDRESS + (qs_value)n;
	return value;
}

static void count(struct run *run, uint32_t self, qs_value *values, uint32_t begin, uint32_t end)
{
	const struct qs_test *test = run->test;
	for (uint32_t round = begin; round < end; round++) {
		qs_word *const *words = qs_memory_words(&run->memory, round);
		for (uint32_t n = 0; n < test->places; n++) {
			const struct qs_place *place = &test->outcome[n];
			if (place->thread < 0) {
				values[n] = normal(test, words, qs_read_once(words[place->index]));
				continue;
			}
			uint32_t thread = (uint32_t)place->thread;
			const qs_value *results = qs_memory_results(&run->memory, thread, round);
			values[n] = normal(test, words, results[place->index]);
		}
		qs_tally_add(&run->tallies[self], values, 1, run->batch.number + round);
	}
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct run *run = worker->run;
	const struct qs_test *test = run->test;
	uint32_t self = worker->self, rounds = run->memory.rounds;
	struct qs_random random = qs_random_from(run->options.seed * QS_MOST_THREADS + self);
	struct qs_sections *sections = test->readers ? test->readers->begin() : NULL;
	qs_value *values = calloc(test->places + 1, sizeof(*values));
	uint32_t shift = UINT32_MAX;
	if (!values) {
		fprintf(stderr, "there is no memory for a thread\n");
		exit(3);
	}
	for (;;) {
		qs_meet(&run->meeting, self);
		if (self == 0)
			plan(run);
		qs_meet(&run->meeting, self);
		if (run->stop)
			break;
		if (run->batch.shift != shift)
			settle(run, self);
		shift = run->batch.shift;
		uint32_t share = (self + run->batch.shares) % test->threads;
		uint32_t begin = share * rounds / test->threads, end = (share + 1) * rounds / test->threads;
		qs_memory_reset(&run->memory, begin, end);
		qs_meet(&run->meeting, self);
		if (qs_random_below(&random, 2) == 0)
			qs_memory_touch(&run->memory, &random);
		qs_meet(&run->meeting, self);
		run_batch(run, self, &random, sections);
		qs_meet(&run->meeting, self);
		count(run, self, values, begin, end);
	}
	if (sections)
		test->readers->end(sections);
	free(values);
	return NULL;
}

static void find_processors(struct run *run)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		for (int n = 0; n < CPU_SETSIZE; n++)
			if (CPU_ISSET((size_t)n, &set))
				run->cpus[run->processors++] = n;
	if (run->processors == 0)
		run->cpus[run->processors++] = 0;
	/* Who spins on the processor that another thread needs keeps it from coming. */
	qs_patience = run->test->threads > run->processors ? 20 : 2000;
}

int qs_run(const struct qs_test *test, int argc, char **argv)
{
	static struct run run;
	struct worker workers[QS_MOST_THREADS];
	pthread_t threads[QS_MOST_THREADS];
	run.test = test;
	if (!qs_options_read(&run.options, argc, argv))
		return 2;
	if (test->membarrier_usable && !test->membarrier_usable()) {
		fprintf(stderr, "the kernel lacks or refuses membarrier PRIVATE_EXPEDITED, which this test calls\n");
		return 3;
	}
	struct sigaction action = { .sa_handler = on_signal };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	find_processors(&run);
	if (test->readers)
		test->readers->make(test->domains);
	qs_memory_make(&run.memory, test, test->slow ? ROUNDS_SLOW : ROUNDS);
	run.meeting.threads = test->threads;
	run.random = qs_random_from(run.options.seed);
	run.started = now_ms();
	for (uint32_t n = 0; n < test->threads; n++)
		qs_tally_make(&run.tallies[n], test);
	for (uint32_t n = 0; n < test->threads; n++) {
		workers[n] = (struct worker){ .run = &run, .self = n };
		int error = pthread_create(&threads[n], NULL, work, &workers[n]);
		if (error != 0) {
			/* The others wait for it: so all end here. */
			fprintf(stderr, "a thread can't be started: %s\n", strerror(error));
			exit(3);
		}
	}
	for (uint32_t n = 0; n < test->threads; n++)
		pthread_join(threads[n], NULL);
	if (test->readers)
		test->readers->destroy();
	for (uint32_t n = 0; n < test->threads; n++)
		qs_tally_free(&run.tallies[n]);
	qs_memory_free(&run.memory);
	return 0;
}
