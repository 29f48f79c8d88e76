/* SPDX-License-Identifier: MIT */
/*
 * liburcu: a thread ends without unregistering. Inside a section, the next grace period never ends; outside of one, the
 * registry keeps memory of the ended thread, which another thread is given.
 *
 *     cc urcu-exit-registered.c -lurcu-memb -pthread && ./a.out
 *
 * Exit code: 0 neither does harm, 1 one of them does, 2 can't tell. Built with -DMENDED, threads unregister: 0.
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

static bool unregisters, inside;

static void *ends(void *unused)
{
	urcu_memb_register_thread();
	urcu_memb_read_lock();
	if (!inside || unregisters)
		urcu_memb_read_unlock();
	if (unregisters)
		urcu_memb_unregister_thread();
	return unused;
}

static void run_a_thread(void)
{
	pthread_t thread;
	must(pthread_create(&thread, NULL, ends, NULL) == 0 && pthread_join(thread, NULL) == 0);
}

/* Two threads, one after the other: the second is given the first one's stack, with the thread's variables in it. */
static void end_and_wait(void)
{
	run_a_thread();
	if (!inside)
		run_a_thread();
	urcu_memb_synchronize_rcu();
}

enum outcome { ENDED, HUNG, CRASHED, FAILED };

static enum outcome in_a_child(void)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		end_and_wait();
		_exit(0);
	}
	for (long from = now_ms(); child > 0 && now_ms() - from < limit_ms; sleep_ms(10))
		if (waitpid(child, &status, WNOHANG) == child) {
			if (WIFSIGNALED(status))
				return CRASHED;
			return WEXITSTATUS(status) == 0 ? ENDED : FAILED;
		}
	if (child <= 0)
		return FAILED;
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return HUNG;
}

int main(void)
{
	static const char *const WORDS[] = { "ends", "never ends", "crashes", "?" };
	long from = now_ms();
	unregisters = true;
	if (in_a_child() != ENDED) {
		puts("can't tell: it does not end even where the threads unregister");
		return 2;
	}
	limit_ms = 20 * (now_ms() - from) > 2000 ? 20 * (now_ms() - from) : 2000;
#ifndef MENDED
	unregisters = false;
#endif
	enum outcome outside_of_one = in_a_child();
	inside = true;
	enum outcome inside_of_one = in_a_child();
	if (inside_of_one == FAILED || outside_of_one == FAILED) {
		puts("can't tell: a call failed");
		return 2;
	}
	bool harm = inside_of_one != ENDED || outside_of_one != ENDED;
	printf("%s: the next grace period %s after an end inside a section, and %s after two ends outside of one\n",
	       harm ? "shown" : "not shown", WORDS[inside_of_one], WORDS[outside_of_one]);
	return harm;
}
