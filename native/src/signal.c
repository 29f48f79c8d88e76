/* SPDX-License-Identifier: MIT */
/*
 * The barrier of the flavour QS_SIGNAL: a signal to every thread that reads, and a full fence in its handler. The
 * leader counts its question, sends the signal, and waits until each thread has answered as high a count, or is
 * registered no longer. Steps are those of spec/rcu/signal/SignalAnswers.tla.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "message.h"
#include "stall.h"
#include "thread.h"

/* An answer takes microseconds: so the clock is looked at, and the handler, once in so many turns. */
#define YIELDS_PER_LOOK 1024

/* The count is read before the fence and answered after it: so the fence came after the question. */
void qs_signal_answer(struct qs_reader *reader)
{
	uint64_t asked = qs_load_acquire(&reader->domain->asked);
	qs_full_fence();
	qs_store_release(&reader->domain->owners[reader->index].answered, asked);
}

static void answer(int number)
{
	int kept = errno;
	(void)number;
	for (struct qs_reader *mine = qs_load_relaxed(&qs_self.readers); mine; mine = mine->next)
		qs_signal_answer(mine);
	errno = kept;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool installed;

int qs_signal_number(void)
{
	return SIGRTMAX - 4;
}

static void install(void)
{
	struct sigaction action, before;
	if (sigaction(qs_signal_number(), NULL, &before) != 0 || before.sa_handler != SIG_DFL)
		return;
	memset(&action, 0, sizeof action);
	action.sa_handler = answer;
	action.sa_flags = SA_RESTART;
	sigfillset(&action.sa_mask);
	installed = sigaction(qs_signal_number(), &action, NULL) == 0;
}

bool qs_signal_works(void)
{
	(void)pthread_once(&once, install);
	return installed;
}

/* A thread that is gone has no announcement: its slot has been given back, and perhaps another has it now. */
static void ask(struct qs_domain *domain, uint32_t slot)
{
	int kept = errno;
	int32_t thread = qs_load_acquire(&domain->owners[slot].thread);
	if (thread != 0 && thread != qs_thread_id())
		(void)syscall(SYS_tgkill, getpid(), thread, qs_signal_number());
	domain->owners[slot].asked = thread;
	errno = kept;
}

/* Without our handler nobody will ever answer. */
static void insist_on_handler(void)
{
	struct sigaction now;
	if (sigaction(qs_signal_number(), NULL, &now) == 0 && now.sa_handler != answer)
		qs_fatal("somebody has put another handler for the signal SIGRTMAX - 4 in the place of ours. Readers "
			 "of the flavour QS_SIGNAL answer it, so this process can't go on. Use another signal, or "
			 "another flavour.");
}

static void await_answer(struct qs_domain *domain, uint32_t slot, uint64_t count)
{
	struct qs_owner *owner = &domain->owners[slot];
	struct qs_patience patience = { 0 };
	uint32_t yields = 0;
	if (owner->asked == 0 || owner->asked == qs_thread_id())
		return;
	while (qs_load_acquire(&owner->thread) == owner->asked && qs_load_acquire(&owner->answered) < count) {
		sched_yield();
		if (++yields % YIELDS_PER_LOOK != 0)
			continue;
		insist_on_handler();
		qs_patience_unanswered(&patience, domain, slot, owner->asked);
	}
}

void qs_signal_barrier(struct qs_domain *domain)
{
	uint64_t count = qs_fetch_add_seq_cst(&domain->asked, 1) + 1;
	uint32_t used;
	qs_full_fence();
	used = qs_load_relaxed(&domain->used);
	for (uint32_t i = 0; i < used; i++)
		ask(domain, i);
	for (uint32_t i = 0; i < used; i++)
		await_answer(domain, i, count);
	qs_full_fence();
}
