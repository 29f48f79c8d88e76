/* SPDX-License-Identifier: MIT */
/*
 * Ours, the flavour qsbr.
 *
 * Needs: qs_qsbr_read_lock in quiesce/qsbr.h
 */
#define SIDE_FLAVOUR QS_QSBR
#define SIDE_REGISTER
#define SIDE_LOCK
#define SIDE_QUIESCENT
#include "side_quiesce.h"

#include "quiesce/qsbr.h"

static inline side_reader *side_register(void)
{
	struct qs_reader *reader;
	if (qs_qsbr_register(&side_domain, &reader) != 0)
		abort();
	return reader;
}

static inline void side_unregister(side_reader *reader)
{
	qs_qsbr_unregister(reader);
}

typedef struct {
	char nothing;
} side_token;

static inline side_token side_lock(side_reader *reader)
{
	qs_qsbr_read_lock(reader);
	return (side_token){ 0 };
}

static inline void side_unlock(side_reader *reader, side_token token)
{
	(void)token;
	qs_qsbr_read_unlock(reader);
}

static inline void side_quiescent(side_reader *reader)
{
	qs_qsbr_quiescent_state(reader);
}

static inline void side_offline(side_reader *reader)
{
	qs_qsbr_offline(reader);
}

static inline void side_online(side_reader *reader)
{
	qs_qsbr_online(reader);
}
