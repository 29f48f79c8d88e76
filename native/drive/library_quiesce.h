/* SPDX-License-Identifier: MIT */
/* What a driver needs of our library beside what SIDE has, a header of native/bench that makes a domain of its own. */
#ifndef QUIESCE_DRIVE_LIBRARY_H
#define QUIESCE_DRIVE_LIBRARY_H

#include <stdbool.h>
#include <string.h>

#include SIDE

#define LIBRARY_NAME "quiesce"
#define LIBRARY_POLLS
/* Its worker is woken. */
#define LIBRARY_LOOKS_US 500

typedef struct qs_head side_head;
typedef uint64_t library_cookie;

/* A fresh domain, with as many slots as there are readers: who comes later gets the slot of one who has left. */
static inline bool library_start(uint32_t readers)
{
	struct qs_options options = { .capacity = readers, .flavour = SIDE_FLAVOUR, .flags = QS_STRICT };
	/* Nobody looks again of himself: a wake-up that is missing is seen. */
	options.nap_ms = QS_NAP_NEVER;
	memset(&side_domain, 0, sizeof side_domain);
	return qs_domain_init(&side_domain, &options) == 0;
}

static inline void library_end(void)
{
	if (qs_domain_destroy(&side_domain) != 0)
		abort();
}

static inline void side_defer(side_head *head, void (*reclaim)(side_head *head))
{
	if (qs_call(&side_domain, head, reclaim) != 0)
		abort();
}

static inline void side_barrier(void)
{
	if (qs_barrier(&side_domain) != 0)
		abort();
}

/* It sees to forks by itself. */
static inline void library_before_fork(void)
{
}

static inline void library_after_fork_parent(void)
{
}

static inline void library_after_fork_child(void)
{
}

/* A domain has one worker, which the first callback starts. */
static inline void library_own_worker(void)
{
}

static inline void library_stop(void)
{
	(void)qs_worker_stop(&side_domain);
}

static inline library_cookie library_poll_start(void)
{
	return qs_poll_start(&side_domain);
}

static inline bool library_poll(library_cookie cookie)
{
	return qs_poll(&side_domain, cookie);
}

#endif
