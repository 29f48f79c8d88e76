/* SPDX-License-Identifier: MIT */
/*
 * Ours, the flavour chosen for the domain at run time. Every use of our library by the benchmarks is in the headers
 * side_quiesce*.h; the other ones define what they do otherwise and include this one.
 *
 * A side gives the same names as the others, inline, so that the measured code is the same. A line that begins with
 * "Needs:" names a text that must be in a header below native/include; without it, nothing is measured there yet.
 *
 * Needs: qs_synchronize in quiesce/quiesce.h
 */
#ifndef QUIESCE_BENCH_SIDE_H
#define QUIESCE_BENCH_SIDE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "quiesce/quiesce.h"

/* The flavour of the domain. */
#ifndef SIDE_FLAVOUR
#define SIDE_FLAVOUR QS_MEMBARRIER
#endif

/* What a reader occupies that is registered. */
#define SIDE_READER_BYTES (sizeof(struct qs_reader) + sizeof(struct qs_owner))

typedef qs_atomic(void *) side_pointer;
typedef struct qs_reader side_reader;

#ifndef SIDE_DOMAIN
static struct qs_domain side_domain;
#endif

static inline void side_start(uint32_t capacity)
{
	struct qs_options options = { .capacity = capacity, .flavour = SIDE_FLAVOUR };
	int error = qs_domain_init(&side_domain, &options);
	if (error != 0 || qs_domain_flavour(&side_domain) != SIDE_FLAVOUR) {
		fprintf(stderr, "the domain of %u readers can't be made in this flavour: %d\n", capacity, error);
		exit(3);
	}
#ifdef SIDE_WORKER
	if (qs_worker_start(&side_domain, NULL) != 0)
		abort();
#endif
}

#ifndef SIDE_REGISTER
#define SIDE_REGISTER
static inline side_reader *side_register(void)
{
	struct qs_reader *reader;
	if (qs_register(&side_domain, &reader) != 0)
		abort();
	return reader;
}

static inline void side_unregister(side_reader *reader)
{
	qs_unregister(reader);
}
#endif

#ifndef SIDE_LOCK
#define SIDE_LOCK
typedef qs_token side_token;

static inline side_token side_lock(side_reader *reader)
{
	return qs_read_lock(reader);
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)reader;
	qs_read_unlock(token);
}
#endif

static inline void *side_dereference(side_pointer *pointer)
{
	return qs_dereference(pointer);
}

static inline void side_publish(side_pointer *pointer, void *fresh)
{
	qs_assign(pointer, fresh);
}

#ifndef SIDE_QUIESCENT
#define SIDE_QUIESCENT
/* Only in the flavour qsbr do readers say when they are outside of every section, and when for long. */
static inline void side_quiescent(side_reader *reader)
{
	(void)reader;
}

static inline void side_offline(side_reader *reader)
{
	(void)reader;
}

static inline void side_online(side_reader *reader)
{
	(void)reader;
}
#endif

/* SIDE_BARRIER: how the updater makes readers pass a barrier, where that isn't the flavour's own way. */
static inline void side_synchronize(void)
{
#ifdef SIDE_BARRIER
	if (qs_synchronize_by(&side_domain, SIDE_BARRIER) != 0) {
		fprintf(stderr, "this system doesn't let an updater choose this barrier\n");
		exit(3);
	}
#else
	qs_synchronize(&side_domain);
#endif
}

#endif
