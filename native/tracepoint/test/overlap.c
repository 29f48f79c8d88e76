/* SPDX-License-Identifier: MIT */
/*
 * On silicon: a traced program, without a fence of its own, hits an event while it is switched off. Its announcement
 * waits behind stores that miss the caches, and its load of the word doesn't; the grace period's barrier must reach
 * that program, or a configuration is free, and soon another's, while a hit uses it.
 *
 *   overlap ROUNDS SECONDS     until so many rounds were played, or so many seconds are over
 *
 * Both sides are the real ones, unchanged: a program with tracepoints, and the controller. In a round
 *
 *   the rules let no hit of overlap:hit pass, with a filter; the program hits it, with a long sequence;
 *   the rules are taken away, which ends with a grace period;
 *   other rules let all hits of overlap:other pass: they get the configuration that has become free.
 *
 * So overlap:hit is never recorded, unless its filter was replaced while it was on its way. Prints a line:
 * {"rounds":N,"late":N,"inside":N,"wrong":N}: played, in which the program came late, since something else ran
 * there, in which the hit saw the old word, and in which it was then recorded.
 * Exit code 4: here the two can't overlap.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/membarrier.h"
#include "../../test/folder.h"
#include "../controller/apply.h"
#include "../controller/grace.h"

#define QS_TRACEPOINT_DEFINE
#include "../traced/state.h"

QS_TRACEPOINT(overlap, hit, QS_TRACE_INFO, (u8, round) (q_u1, load));
QS_TRACEPOINT(overlap, other, QS_TRACE_INFO, );

#if defined(__x86_64__)
#include <x86intrin.h>

enum { CANT = 4, YIELD = 2000, DEADLINE_MS = 600000, WARM = 8 };

/* A record is a quarter of a ring, header included, and takes long enough for two changes of the rules. */
enum { RING = 1 << 23, RECORD = RING / 4, LOAD = RECORD - 16 - 8 - 4 };

/* So many stores that each wait for memory: the store buffer is full of them, and takes some microseconds. */
enum { STORES = 40 };

/*
 * In cycles: by how much the hit comes earlier or later than in the round before, at first, and when it has found the
 * change; and how long a look may take.
 */
enum { FIRST_STEP = 8192, LAST_STEP = 256, LATE = 2000 };

struct game {
	_Alignas(128) qs_atomic(uint32_t) round; /* begun by the controller */
	qs_atomic(uint64_t) generation;          /* of the rules, just before the words are written */
	_Alignas(128) qs_atomic(uint32_t) done;  /* by the program */
	qs_atomic(uint32_t) late, inside, wrong; /* in this round */
};

struct sums {
	uint64_t rounds, late, inside, wrong;
};

/* False where the program has ended. */
static bool wait_for(const qs_atomic(uint32_t) *number, uint32_t round, pid_t program)
{
	for (unsigned i = 1; qs_load_acquire(number) < round; i++) {
		if (i % YIELD != 0)
			continue;
		if (program != 0 && waitpid(program, NULL, WNOHANG) != 0)
			return false;
		sched_yield();
	}
	return true;
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

/*------------------------------- the traced program -------------------------*/

/*
 * A line is written and thrown out of the caches, again and again, which happens in the order in which it stands here:
 * behind it the announcement waits for its turn, while loads go on.
 */
static void write_far(unsigned char *far, uint32_t value)
{
	for (int i = 0; i < STORES; i++) {
		*(volatile unsigned char *)far = (unsigned char)value;
		_mm_clflush(far);
	}
}

/* True if it was seen to come: then nothing else has run here since. */
static bool await_change(uint64_t generation, uint64_t after)
{
	const struct qs_trace_control *control = qs_trace_here()->control;
	uint64_t before = __rdtsc(), now = before;
	bool late = qs_load_acquire(&control->generation) >= generation;
	while (qs_load_acquire(&control->generation) < generation) {
		before = now;
		now = __rdtsc();
		late = now - before > LATE;
	}
	for (const uint64_t start = now; now - start < after; now = __rdtsc()) {
		late = late || now - before > LATE;
		before = now;
	}
	return !late;
}

/* Hits when the controller is about to write the words, so long after `generation`; says what became of it. */
static void play_hit(struct game *game, uint32_t round, uint64_t after, const unsigned char *load)
{
	static _Alignas(128) unsigned char far[128];
	const struct qs_trace_own *own = qs_trace_self->ring[0];
	const uint64_t position = qs_load_relaxed(&own->reserved), generation = qs_load_relaxed(&game->generation);
	uint64_t seen;
	qs_store_relaxed(&game->late, !await_change(generation, after));
	write_far(far, round);
	qs_tracepoint(overlap, hit, round, load, LOAD);
	/* Of a record that was taken back, all that was written is still there. */
	memcpy(&seen, own->data + position % RING + 16, sizeof seen);
	qs_store_relaxed(&game->inside, seen == round);
	qs_store_relaxed(&game->wrong, qs_load_relaxed(&own->reserved) != position);
}

static _Noreturn void play_program(const char *directory, struct game *game)
{
	const struct qs_trace_options options = { .directory = directory, .ring_size = RING };
	unsigned char *load = malloc(LOAD);
	uint64_t after = 0, step = FIRST_STEP;
	bool was_inside = true;
	if (!load || qs_trace_open(&options) != 0)
		_exit(CANT);
	memset(load, 1, LOAD);
	/* The ring gets all of its memory. */
	for (uint64_t i = 0; i < WARM; i++)
		qs_tracepoint(overlap, hit, UINT64_MAX, load, LOAD);
	if (!qs_trace_self || !qs_trace_self->ring[0])
		_exit(CANT);
	for (uint32_t round = 1;; round++) {
		qs_store_release(&game->done, round);
		(void)wait_for(&game->round, round, 0);
		play_hit(game, round, after, load);
		if (qs_load_relaxed(&game->late))
			continue;
		/* So the hit and the change come to meet. */
		const bool inside = qs_load_relaxed(&game->inside) != 0;
		if (inside != was_inside && step > LAST_STEP)
			step /= 2;
		was_inside = inside;
		if (inside)
			after += step;
		else
			after -= after < step ? after : step;
	}
}

/*------------------------------- the controller -----------------------------*/

/* Rules for an event of that name, with a filter that no hit passes, or with none. NULL: nothing is on. */
static struct qs_rules rules_for(const char *name, bool passes)
{
	static const uint8_t never[] = {1, 0, 0, 0, 0, 0, 0, 0, 0};
	struct qs_rules rules = { .running = true, .overwrite = {true} };
	if (!name)
		return rules;
	rules.count = 1;
	rules.rules[0] = (struct qs_trace_rule){ .config = 1, .level_max = 14, .program = "*", .provider = "overlap" };
	snprintf(rules.rules[0].name, sizeof rules.rules[0].name, "%s", name);
	if (!passes) {
		rules.configs[0].filter_length = sizeof never;
		memcpy(rules.configs[0].filter, never, sizeof never);
	}
	return rules;
}

static bool play_round(const struct qs_directory *directory, struct game *game, uint32_t round, pid_t program,
		       struct sums *sums)
{
	static struct qs_rules none_pass, off, others;
	none_pass = rules_for("hit", false);
	off = rules_for(NULL, false);
	others = rules_for("other", true);
	if (!wait_for(&game->done, round, program))
		return false;
	if (round > 1) {
		sums->rounds++;
		sums->late += qs_load_relaxed(&game->late);
		sums->inside += qs_load_relaxed(&game->inside);
		sums->wrong += qs_load_relaxed(&game->wrong);
		qs_apply(directory, &off, DEADLINE_MS);
	}
	qs_apply(directory, &none_pass, DEADLINE_MS);
	qs_store_relaxed(&game->generation, qs_load_relaxed(&directory->control->generation) + 2);
	qs_store_release(&game->round, round);
	qs_apply(directory, &off, DEADLINE_MS);
	qs_apply(directory, &others, DEADLINE_MS);
	return true;
}

static int play(const char *path, uint64_t rounds, unsigned seconds, FILE *out)
{
	static struct qs_directory directory;
	static struct qs_rules all;
	struct sums sums = { 0 };
	struct game *game = mmap(NULL, sizeof *game, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	qs_directory_open(&directory, path, true);
	if (game == MAP_FAILED || (directory.flags & QS_TRACE_GLOBAL) == 0)
		return CANT;
	/* Only for the mutant that runs it in place of the global one. */
	(void)qs_membarrier_usable(QS_PRIVATE_EXPEDITED);
	all = rules_for("hit", true);
	qs_apply(&directory, &all, DEADLINE_MS);
	const pid_t parent = getpid(), program = fork();
	if (program == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent || !hold(true))
			_exit(CANT);
		play_program(path, game);
	}
	bool held = program > 0 && hold(false);
	const uint64_t until = qs_now() + seconds * UINT64_C(1000000000);
	for (uint32_t round = 1; held && sums.rounds < rounds && qs_now() < until; round++)
		held = play_round(&directory, game, round, program, &sums);
	if (held) {
		kill(program, SIGKILL);
		waitpid(program, NULL, 0);
	}
	fprintf(out, "{\"rounds\":%llu,\"late\":%llu,\"inside\":%llu,\"wrong\":%llu}\n",
		(unsigned long long)sums.rounds, (unsigned long long)sums.late, (unsigned long long)sums.inside,
		(unsigned long long)sums.wrong);
	fflush(out);
	return held ? 0 : CANT;
}

int main(int argc, char **argv)
{
	char path[64];
	/* What the controller says about each change is for nobody. */
	FILE *out = fdopen(dup(STDOUT_FILENO), "w");
	const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (!out || nothing < 0 || dup2(nothing, STDOUT_FILENO) < 0 || !test_folder_make(path, sizeof path, NULL))
		return 1;
	const int code = play(path, argc > 1 ? strtoull(argv[1], NULL, 10) : 1000,
			      argc > 2 ? (unsigned)atoi(argv[2]) : 1, out);
	test_folder_remove(path);
	return code;
}
#else
int main(void)
{
	return 4;
}
#endif
