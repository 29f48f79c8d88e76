/* SPDX-License-Identifier: MIT */
/* What a driver needs of liburcu beside what SIDE has, a header of native/bench; in each flavour by the same names. */
#ifndef QUIESCE_DRIVE_LIBRARY_H
#define QUIESCE_DRIVE_LIBRARY_H

#include <stdbool.h>

#include SIDE
#if __has_include(<urcu/urcu-poll.h>)
#include <urcu/urcu-poll.h>
#define LIBRARY_POLLS
#endif

#define LIBRARY_NAME "liburcu"
/* Its workers look for callbacks every 10 ms. */
#define LIBRARY_LOOKS_US 12000

/* There is one of it in a process, ready from the beginning. */
static inline bool library_start(uint32_t readers)
{
	(void)readers;
	return true;
}

static inline void library_end(void)
{
}

static inline void library_before_fork(void)
{
	call_rcu_before_fork();
#ifdef rcu_bp_before_fork
	rcu_bp_before_fork();
#endif
}

static inline void library_after_fork_parent(void)
{
#ifdef rcu_bp_before_fork
	rcu_bp_after_fork_parent();
#endif
	call_rcu_after_fork_parent();
}

static inline void library_after_fork_child(void)
{
#ifdef rcu_bp_before_fork
	rcu_bp_after_fork_child();
#endif
	call_rcu_after_fork_child();
}

/* The calling thread's callbacks are run by a worker of its own until library_stop(). */
static inline void library_own_worker(void)
{
	if (!get_thread_call_rcu_data())
		set_thread_call_rcu_data(create_call_rcu_data(0, -1));
}

static inline void library_stop(void)
{
	struct call_rcu_data *worker = get_thread_call_rcu_data();
	if (!worker)
		return;
	set_thread_call_rcu_data(NULL);
	call_rcu_data_free(worker);
}

#ifdef LIBRARY_POLLS
typedef struct urcu_gp_poll_state library_cookie;

static inline library_cookie library_poll_start(void)
{
	return start_poll_synchronize_rcu();
}

static inline bool library_poll(library_cookie cookie)
{
	return poll_state_synchronize_rcu(cookie);
}
#endif

#endif
