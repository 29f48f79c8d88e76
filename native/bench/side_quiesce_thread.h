/* SPDX-License-Identifier: MIT */
/*
 * Ours, the reader found by thread-local storage in every lock: quiesce/local.h, whose domain is the process's own.
 *
 * Needs: qs_local_read_lock in quiesce/local.h
 */
#include "quiesce/local.h"

#define SIDE_REGISTER
#define SIDE_LOCK
#define side_domain qs_default
#define SIDE_DOMAIN
#include "side_quiesce.h"

typedef qs_token side_token;

static inline side_reader *side_register(void)
{
	if (qs_local_register() != 0)
		abort();
	return qs_local_reader;
}

static inline void side_unregister(side_reader *reader)
{
	(void)reader;
	(void)qs_local_unregister();
}

static inline side_token side_lock(side_reader *reader)
{
	(void)reader;
	return qs_local_read_lock();
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)reader;
	qs_local_read_unlock(token);
}
