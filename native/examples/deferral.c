/* SPDX-License-Identifier: MIT */
/*
 * Freeing without waiting: an updater hands what it has replaced to qs_call(), and the domain's worker frees it, many
 * objects behind one grace period. Without a worker: qs_defer(), and qs_reclaim() now and then.
 *
 *   deferral [REPLACEMENTS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <quiesce/quiesce.h>

struct route {
	struct qs_head head; /* first, so that a pointer to it is a pointer to the route */
	int hops;
};

static struct qs_domain domain;
static qs_atomic(struct route *) current;
static qs_atomic(bool) done;
static size_t freed; /* the worker's, and after its end ours */

static struct route *make(int hops)
{
	struct route *route = malloc(sizeof *route);
	if (!route)
		abort();
	route->hops = hops;
	return route;
}

static void free_route(struct qs_head *head)
{
	struct route *route = (struct route *)head;
	route->hops = -1;
	free(route);
	freed++;
}

static void *look(void *unused)
{
	struct qs_reader *reader;
	size_t wrong = 0;
	(void)unused;
	if (qs_register(&domain, &reader) != 0)
		abort();
	while (!qs_load_relaxed(&done)) {
		qs_token token = qs_read_lock(reader);
		wrong += qs_dereference(&current)->hops < 0;
		qs_read_unlock(token);
	}
	return (void *)wrong; /* a thread that ends is unregistered by the library */
}

int main(int argc, char **argv)
{
	int replacements = argc > 1 ? atoi(argv[1]) : 1000;
	pthread_t thread;
	void *wrong;
	qs_assign(&current, make(0));
	if (pthread_create(&thread, NULL, look, NULL) != 0)
		abort();
	for (int hops = 1; hops <= replacements; hops++) {
		struct route *old = qs_exchange(&current, make(hops));
		(void)qs_call(&domain, &old->head, free_route); /* starts the worker when it is first called */
	}
	qs_store_relaxed(&done, true);
	(void)pthread_join(thread, &wrong);
	free(qs_exchange(&current, (struct route *)NULL));
	if (qs_domain_destroy(&domain) != 0) /* ends the worker, and frees the rest */
		return 1;
	printf("%d replacements, %zu freed, %zu wrong\n", replacements, freed, (size_t)wrong);
	return freed != (size_t)replacements || wrong != NULL;
}
