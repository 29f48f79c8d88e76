/* SPDX-License-Identifier: MIT */
/*
 * liburcu: a thread forks while another one reads, and no grace period ends in the child.
 *
 *     cc urcu-fork-reader.c -lurcu-memb -pthread && ./a.out
 *
 * Exit code: 0 it ends, 1 it hangs, 2 can't tell. Built with -DMENDED, the reader unregisters before the fork: 0.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <urcu/urcu-memb.h>

/* Far longer than the control takes, which is measured first. */
static long limit_ms = 30000;

static int inside[2], leave[2]; /* pipes: the reader is inside; it shall leave */

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

static void must(bool fine)
{
	if (!fine)
		_exit(2);
}

static void *reader(void *unused)
{
	char byte = 0;
	urcu_memb_register_thread();
	urcu_memb_read_lock();
	must(write(inside[1], &byte, 1) == 1 && read(leave[0], &byte, 1) == 1);
	urcu_memb_read_unlock();
	urcu_memb_unregister_thread();
	return unused;
}

enum outcome { ENDED, HUNG, FAILED };

static enum outcome grace_period_in_a_child(void)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		urcu_memb_synchronize_rcu();
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
	pthread_t thread;
	char byte = 0;
	long from = now_ms();
	enum outcome control = grace_period_in_a_child(), outcome = FAILED;
	limit_ms = 20 * (now_ms() - from) > 2000 ? 20 * (now_ms() - from) : 2000;
	must(pipe(inside) == 0 && pipe(leave) == 0 && pthread_create(&thread, NULL, reader, NULL) == 0);
	must(read(inside[0], &byte, 1) == 1);
#ifndef MENDED
	outcome = grace_period_in_a_child();
#endif
	must(write(leave[1], &byte, 1) == 1 && pthread_join(thread, NULL) == 0);
#ifdef MENDED
	outcome = grace_period_in_a_child();
#endif
	if (control != ENDED || outcome == FAILED) {
		puts("can't tell: a call failed, or the grace period does not end even where nobody reads");
		return 2;
	}
	puts(outcome == HUNG ? "shown: in the child, synchronize_rcu() waits for a reader that is not there" :
			       "not shown: synchronize_rcu() returned in the child");
	return outcome == HUNG;
}
