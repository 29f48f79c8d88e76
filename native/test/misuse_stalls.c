/* SPDX-License-Identifier: MIT */
/* What goes wrong inside a grace period: in a stall report, in a signal handler, with the signal itself. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "misuse.h"

static struct qs_domain domain;

static void begin(void (*stalled)(const struct qs_stall *stall, void *context), enum qs_flavour flavour)
{
	struct qs_options options = { .flavour = flavour, .stall_ms = 20, .stalled = stalled };
	CHECK(qs_domain_init(&domain, &options) == 0);
}

static void wait_inside(const struct qs_stall *stall, void *context)
{
	(void)context;
	qs_synchronize(stall->domain);
}

static int report_and_wait(void)
{
	begin(wait_inside, QS_ANY);
	hold_section(&domain);
	qs_synchronize(&domain);
	return 0;
}

static jmp_buf out;

static void jump_out(const struct qs_stall *stall, void *context)
{
	(void)stall;
	(void)context;
	longjmp(out, 1);
}

static int report_and_jump(void)
{
	begin(jump_out, QS_ANY);
	hold_section(&domain);
	if (setjmp(out) == 0)
		qs_synchronize(&domain);
	else
		qs_synchronize(&domain);
	return 0;
}

static void test_waits_inside(void)
{
	CHECK(is_named(report_and_wait, "by a thread that is in it already"));
	CHECK(is_named(report_and_jump, "by a thread that is in it already"));
}

static qs_atomic(uint32_t) reported;

static void say_so(const struct qs_stall *stall, void *context)
{
	(void)stall;
	(void)context;
	pthread_testcancel();
	qs_store_release(&reported, 1);
}

static void leave_the_thread(const struct qs_stall *stall, void *context)
{
	(void)stall;
	(void)context;
	pthread_exit(NULL);
}

static void *synchronize(void *argument)
{
	(void)argument;
	qs_synchronize(&domain);
	pthread_testcancel();
	return NULL;
}

/* The leader is cancelled in its report; the next grace period is its own again. */
static int cancel_the_leader(void)
{
	struct qs_reader *reader;
	pthread_t thread;
	void *result;
	begin(say_so, QS_ANY);
	hold_section(&domain);
	if (pthread_create(&thread, NULL, synchronize, NULL) != 0 || pthread_cancel(thread) != 0)
		return 1;
	while (!qs_load_acquire(&reported))
		usleep(500);
	let_go();
	if (pthread_join(thread, &result) != 0 || result != PTHREAD_CANCELED)
		return 2;
	if (qs_register(&domain, &reader) != 0)
		return 3;
	qs_synchronize(&domain);
	return qs_domain_number(&domain) == 3 ? 0 : 4;
}

static void test_cancelled(void)
{
	CHECK(in_child(cancel_the_leader) == 0);
}

static int leave_in_the_report(void)
{
	pthread_t thread;
	begin(leave_the_thread, QS_ANY);
	hold_section(&domain);
	(void)pthread_create(&thread, NULL, synchronize, NULL);
	(void)pthread_join(thread, NULL);
	return 0;
}

static void test_left(void)
{
	CHECK(is_named(leave_in_the_report, "a thread has ended inside qs_synchronize()"));
}

static void catch(int number)
{
	(void)number;
}

static int catch_the_signal(void)
{
	begin(NULL, QS_SIGNAL);
	hold_section(&domain);
	(void)signal(SIGRTMAX - 4, catch);
	qs_synchronize(&domain);
	return 0;
}

static void test_caught(void)
{
	CHECK(is_named(catch_the_signal, "somebody has put another handler for the signal SIGRTMAX - 4"));
}

static struct qs_stall seen;

static void note(const struct qs_stall *stall, void *context)
{
	seen = *stall;
	qs_store_release((qs_atomic(uint32_t) *)context, 1);
}

static qs_atomic(uint32_t) noted, deaf;

/* Reads nothing, and hears nothing until the grace period has said so. */
static void *hear_nothing(void *argument)
{
	sigset_t all, before;
	struct qs_reader *reader;
	(void)argument;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	if (qs_register(&domain, &reader) != 0)
		return NULL;
	qs_store_release(&deaf, 1);
	while (!qs_load_acquire(&noted))
		usleep(500);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return NULL;
}

static int block_the_signal(void)
{
	struct qs_options options = { .flavour = QS_SIGNAL, .stall_ms = 20, .stalled = note, .context = &noted };
	pthread_t thread;
	if (qs_domain_init(&domain, &options) != 0 || pthread_create(&thread, NULL, hear_nothing, NULL) != 0)
		return 1;
	while (!qs_load_acquire(&deaf))
		usleep(500);
	qs_synchronize(&domain);
	(void)pthread_join(thread, NULL);
	return seen.domain == &domain && seen.announced == 0 && seen.slot == 0 && seen.thread > 0 &&
			       seen.milliseconds >= 20 ?
		       0 :
		       2;
}

static void test_blocked(void)
{
	CHECK(in_child(block_the_signal) == 0);
}

void test_stalls(void)
{
	check_run("waiting inside a grace period is named", test_waits_inside);
	check_run("whoever leads is not cancelled in its report", test_cancelled);
	check_run("a thread that ends while it leads is named", test_left);
	check_run("another handler for our signal is named", test_caught);
	check_run("a thread that blocks our signal is reported", test_blocked);
}
