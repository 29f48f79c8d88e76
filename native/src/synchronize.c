/* SPDX-License-Identifier: MIT */
/*
 * The grace period: one membarrier, one scan, shared by all who ask for it. Steps and letters are those of
 * spec/rcu/number-steps/Urcu.tla.
 */
#include <errno.h>
#include <limits.h>

#include "futex.h"
#include "letters.h"
#include "message.h"
#include "quiescent.h"
#include "stall.h"
#include "thread.h"

/*
 * fence_e(): publish -> raise and scan. Pairs with A. A reader that has announced nothing by now sees the new
 * pointer; and the number is raised after it, so a reader that announces the new number does, too. Without it:
 * use after free (rcu/read-side/number-no-fence-e).
 */
static void fence_e(struct qs_domain *domain, enum qs_barrier how)
{
	qs_barrier_everywhere(domain, how);
}

/*
 * fence_i(): give notice -> scan again. Pairs with C. Updater and reader each store one word and load the other's;
 * at least one of them must see the other. Without it: a lost wake-up (rcu/waiting/number-no-fence-i).
 */
static void fence_i(struct qs_domain *domain, enum qs_barrier how)
{
	qs_barrier_everywhere(domain, how);
}

/* Most sections are shorter than a system call: so it looks a few times before it takes the reader for late. */
static bool leaves_soon(struct qs_domain *domain, struct qs_reader *reader, uint64_t number)
{
	for (uint32_t i = 0; i < domain->spins; i++) {
		qs_pause();
		if (qs_is_quiescent(&reader->announced, number))
			return true;
	}
	return false;
}

/* A list of slots, chained through their owners' `late`: a slot's number plus 1, 0 behind the last. */
typedef uint32_t late_list;

static late_list scan(struct qs_domain *domain, uint64_t number)
{
	late_list first = 0;
	uint32_t *last = &first;
	uint32_t mark;
	QS_STEP(LoadUsed);
	mark = qs_load_relaxed(&domain->used);
	for (uint32_t i = 0; i < mark; i++) {
		QS_STEP(Scan);
		if (qs_is_quiescent(&domain->slots[i].announced, number) ||
		    leaves_soon(domain, &domain->slots[i], number))
			continue;
		*last = i + 1;
		last = &domain->owners[i].late;
		*last = 0;
	}
	return first;
}

static void give_notice(struct qs_domain *domain, late_list late)
{
	for (; late != 0; late = domain->owners[late - 1].late) {
		QS_STEP(SetNotice);
		qs_store_relaxed(&domain->slots[late - 1].notice, qs_notice_bits(domain) | QS_WAIT);
	}
}

/*
 * Waits for one after the other. Returns 0, or the rest of the list when the first of it has taken its notice, perhaps
 * in a section that is not the one waited for, and needs another.
 */
static late_list wait_for_all(struct qs_domain *domain, late_list late, uint64_t number)
{
	while (late != 0) {
		struct qs_reader *reader = &domain->slots[late - 1];
		struct qs_patience patience = { 0 };
		for (;;) {
			QS_STEP(Rescan);
			if (qs_is_quiescent(&reader->announced, number))
				break;
			QS_STEP(Sleep);
			if (!qs_futex_wait(&reader->notice, qs_notice_bits(domain) | QS_WAIT,
					   qs_patience_ms(&patience, domain)))
				return late;
			qs_patience_ends(&patience, domain, late - 1, number);
		}
		QS_STEP(ClearNotice);
		qs_store_relaxed(&reader->notice, qs_notice_bits(domain));
		late = domain->owners[late - 1].late;
	}
	return 0;
}

static void grace_period(struct qs_domain *domain, enum qs_barrier how)
{
	uint64_t number = qs_load_relaxed(&domain->begun) + 1;
	late_list late;
	QS_STEP(Begin);
	qs_store_relaxed(&domain->begun, number);
	QS_STEP(Membarrier);
	fence_e(domain, how);
	QS_STEP(Raise);
	qs_store_relaxed(&domain->gp, number);
	late = scan(domain, number);
	while (late != 0) {
		give_notice(domain, late);
		QS_STEP(MembarrierNotice);
		fence_i(domain, how);
		late = wait_for_all(domain, late, number);
	}
	QS_STEP(End);
	fence_h();
	fence_m(&domain->ended, number);
}

static void lead(struct qs_domain *domain, uint64_t want, enum qs_barrier how)
{
	qs_self.leads = domain;
	QS_STEP(LoadEndedAgain);
	if (qs_load_relaxed(&domain->ended) < want)
		grace_period(domain, how);
	QS_STEP(StepDown);
	qs_self.leads = NULL;
	fence_p(&domain->leader);
	QS_STEP(Ring);
	fence_o(&domain->doorbell);
	QS_STEP(LoadSleepers);
	if (qs_load_seq_cst(&domain->sleepers) == 0)
		return;
	QS_STEP(WakeAll);
	qs_futex_wake(&domain->doorbell, INT_MAX);
}

static void follow(struct qs_domain *domain, uint32_t bell)
{
	qs_self.counted = domain;
	QS_STEP(AddSleeper);
	fence_n(&domain->sleepers);
	QS_STEP(SleepAtDoorbell);
	(void)qs_futex_wait(&domain->doorbell, bell, 0);
	QS_STEP(RemoveSleeper);
	(void)qs_fetch_sub(&domain->sleepers, 1);
	qs_self.counted = NULL;
}

uint64_t qs_grace_period_ask(struct qs_domain *domain)
{
	QS_STEP(LoadRegistered);
	fence_j();
	if (qs_load_before_fence(&domain->registered) == 0) {
		fence_h();
		return 0;
	}
	QS_STEP(LoadBegun);
	return qs_load_relaxed(&domain->begun) + 1;
}

bool qs_grace_period_over(struct qs_domain *domain, uint64_t number)
{
	if (qs_load_before_fence(&domain->ended) < number)
		return false;
	fence_h();
	return true;
}

static void lead_or_follow(struct qs_domain *domain, uint64_t number, enum qs_barrier how)
{
	for (;;) {
		uint32_t bell;
		QS_STEP(LoadDoorbell);
		bell = fence_r(&domain->doorbell);
		QS_STEP(LoadEnded);
		if (qs_grace_period_over(domain, number))
			return;
		QS_STEP(Lead);
		if (fence_q(&domain->leader, qs_thread_id())) {
			lead(domain, number, how);
			return;
		}
		follow(domain, bell);
	}
}

/* Inside a section of the domain it would wait for itself, for ever. In QS_QSBR it steps out instead. */
static void refuse_inside(const struct qs_domain *domain)
{
	if (qs_self.leads == domain)
		qs_fatal("qs_synchronize(), qs_reclaim() or qs_poll_wait() was called by a thread that is in it "
			 "already: by a stall report or by a signal handler, or after one of them left by longjmp(). "
			 "It would wait for its caller.");
	if (domain->flavour != QS_QSBR && qs_is_inside(domain))
		qs_fatal("qs_synchronize(), qs_reclaim() or qs_poll_wait() was called inside a read-side section of "
			 "the same domain: it would wait for its caller. Leave the section first, or use qs_defer().");
}

/* A reader of the flavour QS_QSBR is always inside a section, so it is offline for as long as it waits. */
static void wait_for_number(struct qs_domain *domain, uint64_t number, enum qs_barrier how)
{
	bool aside = domain->flavour == QS_QSBR && qs_qsbr_step_aside(domain);
	lead_or_follow(domain, number, how);
	if (aside)
		qs_qsbr_step_back(domain);
}

void qs_grace_period_wait(struct qs_domain *domain, uint64_t number)
{
	refuse_inside(domain);
	wait_for_number(domain, number, QS_EXPEDITED);
}

static void synchronize_by(struct qs_domain *domain, enum qs_barrier how)
{
	uint64_t number;
	refuse_inside(domain);
	number = qs_grace_period_ask(domain);
	if (number != 0)
		wait_for_number(domain, number, how);
}

void qs_synchronize(struct qs_domain *domain)
{
	synchronize_by(domain, QS_EXPEDITED);
}

int qs_synchronize_by(struct qs_domain *domain, enum qs_barrier how)
{
	if (!domain || (unsigned int)how > QS_EVERY_CPU)
		return -EINVAL;
	if (!qs_barrier_works(how))
		return -ENOTSUP;
	synchronize_by(domain, how);
	return 0;
}

void qs_replace(struct qs_domain *domain, qs_atomic(void *) *pointer, void *fresh, void (*reclaim)(void *object))
{
	void *old;
	QS_STEP(Publish);
	old = fence_d_exchange(pointer, fresh);
	qs_synchronize(domain);
	QS_STEP(Free);
	if (reclaim && old)
		reclaim(old);
}

void qs_answer_notice(struct qs_reader *reader)
{
	uint32_t notice = qs_load_relaxed(&reader->notice);
	if (notice & QS_FENCES) {
		fence_c(true);
		notice = qs_load_relaxed(&reader->notice);
	}
	if ((notice & QS_WAIT) == 0)
		return;
	QS_STEP(TakeNotice);
	qs_store_relaxed(&reader->notice, notice & ~QS_WAIT);
	QS_STEP(Wake);
	qs_futex_wake(&reader->notice, 1);
}
