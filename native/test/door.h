/* SPDX-License-Identifier: MIT */
/*
 * A checker behind the one door to atomics (quiesce/atomic.h): each access, fence and barrier of the library says
 * what it is just before it happens. The compiler reads this file before all others (-include).
 */
#ifndef QUIESCE_DOOR_H
#define QUIESCE_DOOR_H

#include <stddef.h>

/* Called with `what` in words, with its memory order, and the address (NULL for a fence). NULL: nobody listens. */
extern void (*door_hook)(const char *what, const volatile void *address);

static inline void door_passed(const char *what, const volatile void *address)
{
	if (door_hook)
		door_hook(what, address);
}

#define QS_ON_ACCESS(what, address) door_passed((what), (address))

#endif
