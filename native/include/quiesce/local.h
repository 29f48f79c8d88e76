/* SPDX-License-Identifier: MIT */
/*
 * The read side for those who don't want to carry a reader about: one domain for the whole process, qs_default, and a
 * reader for each thread, which is registered by its first section and gone when the thread ends. Promises as in
 * read.h; updaters use the domain as any other: qs_synchronize(&qs_default).
 */
#ifndef QUIESCE_LOCAL_SIDE_H
#define QUIESCE_LOCAL_SIDE_H

#include "quiesce.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The process's own domain. To choose its flavour, call qs_domain_init() on it before the first section. */
extern struct qs_domain qs_default;

/* The calling thread's reader in it, NULL before its first section. */
extern __thread struct qs_reader *qs_local_reader;

/* The slow path of the first lock; not for you to call. */
struct qs_reader *qs_local_first(void);

/*
 * Registers the calling thread in qs_default now, so that its first section needn't: a signal handler's first section
 * isn't async-signal-safe otherwise. -EALREADY: it is registered. Else as qs_register().
 */
int qs_local_register(void);

/* Gives the calling thread's reader back before the thread ends. -EALREADY: it has none. -EBUSY: as qs_unregister(). */
int qs_local_unregister(void);

/*
 * As qs_read_lock(), with the calling thread's reader. Ends the process with a message if the thread's first section
 * finds no free slot or no memory. Async-signal-safe if the thread is registered.
 */
static inline qs_token qs_local_read_lock(void)
{
	struct qs_reader *reader = qs_local_reader;
	if (qs_unlikely(!reader))
		reader = qs_local_first();
	return qs_read_lock(reader);
}

/* As qs_read_unlock(): the token knows the reader. */
static inline void qs_local_read_unlock(qs_token token)
{
	qs_read_unlock(token);
}

#ifdef __cplusplus
}
#endif

#endif
