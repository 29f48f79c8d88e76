/* SPDX-License-Identifier: MIT */
/*
 * liburcu, its read side inlined as it recommends for speed. Its names are the same in every flavour: which one it is
 * decides the header that is included before this one.
 */
#ifndef QUIESCE_BENCH_SIDE_H
#define QUIESCE_BENCH_SIDE_H

#include <stddef.h>
#include <stdint.h>

typedef void *side_pointer;
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
	rcu_register_thread();
	return NULL;
}

static inline void side_unregister(side_reader *reader)
{
	(void)reader;
	rcu_unregister_thread();
}

static inline side_token side_lock(side_reader *reader)
{
	(void)reader;
	rcu_read_lock();
	return (side_token){0};
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)reader;
	(void)token;
	rcu_read_unlock();
}

static inline void *side_dereference(side_pointer *pointer)
{
	return rcu_dereference(*pointer);
}

static inline void side_publish(side_pointer *pointer, void *fresh)
{
	rcu_set_pointer(pointer, fresh);
}

static inline void side_quiescent(side_reader *reader)
{
	(void)reader;
	rcu_quiescent_state();
}

static inline void side_offline(side_reader *reader)
{
	(void)reader;
	rcu_thread_offline();
}

static inline void side_online(side_reader *reader)
{
	(void)reader;
	rcu_thread_online();
}

static inline void side_synchronize(void)
{
	synchronize_rcu();
}

typedef struct rcu_head side_head;

static inline void side_defer(side_head *head, void (*reclaim)(side_head *head))
{
	call_rcu(head, reclaim);
}

static inline void side_barrier(void)
{
	rcu_barrier();
}

#endif
