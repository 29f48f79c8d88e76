/* SPDX-License-Identifier: MIT */
/*
 * The commonest use: a configuration that many threads read all the time, and that one replaces now and then. Readers
 * take no lock and run no fence; the one who replaces waits until nobody can still be looking at the old one.
 *
 *   config [REPLACEMENTS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <quiesce/quiesce.h>

enum { THREADS = 3 };

struct config {
	int version;
	int timeout_ms; /* always 10 for each version: a reader that sees anything else has seen half a configuration */
};

/* Zeros are enough: the library makes the domain ready when it is first used. */
static struct qs_domain domain;
static qs_atomic(struct config *) current;
static qs_atomic(bool) done;
static qs_atomic(int) ready;

static struct config *make(int version)
{
	struct config *config = malloc(sizeof *config);
	if (!config)
		abort();
	config->version = version;
	config->timeout_ms = 10 * version;
	return config;
}

/* Counts what it sees; returns how often it was wrong. */
static void *serve(void *unused)
{
	struct qs_reader *reader;
	size_t wrong = 0;
	(void)unused;
	if (qs_register(&domain, &reader) != 0)
		abort();
	(void)qs_fetch_add(&ready, 1);
	while (!qs_load_relaxed(&done)) {
		qs_token token = qs_read_lock(reader);
		const struct config *config = qs_dereference(&current);
		if (config->timeout_ms != 10 * config->version)
			wrong++;
		qs_read_unlock(token);
	}
	(void)qs_unregister(reader);
	return (void *)wrong;
}

int main(int argc, char **argv)
{
	int replacements = argc > 1 ? atoi(argv[1]) : 1000;
	pthread_t threads[THREADS];
	size_t wrong = 0;
	qs_assign(&current, make(1));
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, serve, NULL) != 0)
			abort();
	}
	while (qs_load_acquire(&ready) < THREADS)
		continue;
	for (int version = 2; version <= replacements + 1; version++) {
		struct config *old = qs_exchange(&current, make(version));
		qs_synchronize(&domain);
		old->timeout_ms = -1; /* so that a use after free would be seen */
		free(old);
	}
	qs_store_relaxed(&done, true);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		(void)pthread_join(threads[i], &result);
		wrong += (size_t)result;
	}
	printf("%s: %d replacements, %zu wrong\n", qs_flavour_name(qs_domain_flavour(&domain)), replacements, wrong);
	free(qs_exchange(&current, (struct config *)NULL));
	return wrong != 0 || qs_domain_destroy(&domain) != 0;
}
