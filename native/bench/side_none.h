/* SPDX-License-Identifier: MIT */
/* No library at all: what is left is the loop and the dereference. */
#ifndef QUIESCE_BENCH_SIDE_H
#define QUIESCE_BENCH_SIDE_H

#include <stddef.h>
#include <stdint.h>

typedef void *volatile side_pointer;
typedef void side_reader;
typedef struct {
	char nothing;
} side_token;

static inline void side_start(uint32_t capacity)
{
	(void)capacity;
}

static inline side_reader *side_register(void)
{
	return NULL;
}

static inline void side_unregister(side_reader *reader)
{
	(void)reader;
}

static inline side_token side_lock(side_reader *reader)
{
	(void)reader;
	return (side_token){0};
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)reader;
	(void)token;
}

static inline void *side_dereference(side_pointer *pointer)
{
	return *pointer;
}

static inline void side_publish(side_pointer *pointer, void *fresh)
{
	*pointer = fresh;
}

static inline void side_quiescent(side_reader *reader)
{
	(void)reader;
}

#endif
