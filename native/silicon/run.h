/* SPDX-License-Identifier: MIT */
/*
 * A litmus test as a program has it, and what runs it. The program made from a test fills one struct qs_test and calls
 * qs_run() from its main().
 */
#ifndef QUIESCE_SILICON_RUN_H
#define QUIESCE_SILICON_RUN_H

#include <stddef.h>

#include "word.h"

#define QS_MOST_THREADS 8

struct qs_sections;

/* How threads become readers, where a test uses RCU (rcu.h). All of these end the program where they can't do it. */
struct qs_readers {
	void (*make)(uint32_t domains);
	void (*destroy)(void);
	struct qs_sections *(*begin)(void); /* by each thread for itself: its sections, by domain */
	void (*end)(struct qs_sections *sections);
};

/* One run of a test's threads, as a thread sees it. */
struct qs_round {
	qs_word *const *words;        /* where this round has its words */
	qs_value *results;            /* of this thread: what its locals hold at the end */
	struct qs_sections *sections; /* of this thread, by domain */
};

/* What a word holds at first. */
struct qs_initial {
	bool is_address; /* of the word with this number */
	qs_value value;
};

/* A value that an outcome consists of: one of a thread's results, or a word at the end. */
struct qs_place {
	const char *name;
	int thread; /* -1: a word */
	uint32_t index;
};

struct qs_test {
	const char *name;
	uint32_t threads, words, places, domains;
	void (*const *bodies)(const struct qs_round *round);
	const uint32_t *results; /* how many each thread has */
	const struct qs_initial *initial;
	const char *const *word_names;
	const struct qs_place *outcome;
	/* Does a thread make a system call in every round? Then the others have to wait for it in every round. */
	bool slow;
	const struct qs_readers *readers; /* NULL: it does not use RCU */
	bool (*membarrier_usable)(void);  /* NULL: it does not call membarrier */
};

/*
 * Runs a test until its time or its number of rounds is up, or SIGINT or SIGTERM comes, and prints how often it had
 * which outcome. The words of the command line: seconds=N, milliseconds=N, rounds=N, seed=N, and tell=1, which prints
 * lines for a program, as they come.
 * Returns main()'s result: 0, 2 for a bad word, 3 where something is missing.
 */
int qs_run(const struct qs_test *test, int argc, char **argv);

#endif
