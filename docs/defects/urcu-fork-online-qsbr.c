/* SPDX-License-Identifier: MIT */
/*
 * liburcu: urcu_qsbr_call_rcu_before_fork() in an online thread waits for ever for a worker that waits for that thread.
 *
 *     cc urcu-fork-online-qsbr.c -lurcu-qsbr -pthread && ./a.out
 *
 * Exit code: 0 it ends, 1 it hangs, 2 can't tell. Built with -DMENDED, the thread is offline meanwhile: 0.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <urcu/urcu-qsbr.h>

/* Far longer than the control takes, which is measured first. */
static long limit_ms = 30000;
/* Each try takes its time longer than the one before, in case others run here. */
enum { TRIES = 5 };
static int patience = 1;

static long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(long ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	nanosleep(&pause, NULL);
}

static void nothing(struct rcu_head *head)
{
	(void)head;
}

static void fork_with_a_callback_pending(bool offline)
{
	static struct rcu_head head;
	urcu_qsbr_register_thread();
	urcu_qsbr_call_rcu(&head, nothing);
	sleep_ms(100 * patience); /* the worker has taken the callback, and waits until this thread is quiescent */
	if (offline)
		urcu_qsbr_thread_offline();
	urcu_qsbr_call_rcu_before_fork();
	urcu_qsbr_call_rcu_after_fork_parent();
	if (offline)
		urcu_qsbr_thread_online();
	urcu_qsbr_unregister_thread();
}

enum outcome { ENDED, HUNG, FAILED };

static enum outcome in_a_child(bool offline)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		fork_with_a_callback_pending(offline);
		_exit(0);
	}
	for (long from = now_ms(); child > 0 && now_ms() - from < limit_ms; sleep_ms(10))
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ENDED : FAILED;
	if (child <= 0)
		return FAILED;
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return HUNG;
}

int main(void)
{
#ifdef MENDED
	const bool offline = true;
#else
	const bool offline = false;
#endif
	long from = now_ms();
	enum outcome control = in_a_child(true);
	limit_ms = 20 * (now_ms() - from) > 2000 ? 20 * (now_ms() - from) : 2000;
	enum outcome outcome = ENDED;
	for (; outcome == ENDED && patience <= TRIES; patience++)
		outcome = in_a_child(offline);
	if (control != ENDED || outcome == FAILED) {
		puts("can't tell: a call failed, or it does not end even where the thread is offline");
		return 2;
	}
	puts(outcome == HUNG ? "shown: call_rcu_before_fork() waits for a worker that waits for its caller" :
			       "not shown: call_rcu_before_fork() returned");
	return outcome == HUNG;
}
