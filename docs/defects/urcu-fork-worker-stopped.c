/* SPDX-License-Identifier: MIT */
/*
 * liburcu: call_rcu_before_fork() waits for ever for a worker that call_rcu_data_free() has stopped.
 *
 *     cc urcu-fork-worker-stopped.c -lurcu-memb -pthread && ./a.out
 *
 * Exit code: 0 it ends, 1 it hangs, 2 can't tell. Built with -DMENDED, the worker is gone before the fork: 0.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <urcu/urcu-memb.h>

/* Each try takes its time longer than the one before, in case others run here. */
enum { TRIES = 5 };

/* Far longer than the control takes, which is measured first. */
static long limit_ms = 30000;

static int patience = 1;
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
	must(write(inside[1], &byte, 1) == 1);
	must(read(leave[0], &byte, 1) == 1);
	urcu_memb_read_unlock();
	urcu_memb_unregister_thread();
	return unused;
}

static void *freer(void *worker)
{
	urcu_memb_call_rcu_data_free(worker);
	return NULL;
}

static void *release_later(void *unused)
{
	char byte = 0;
	sleep_ms(100 * patience); /* before_fork has asked the worker to pause by then */
	must(write(leave[1], &byte, 1) == 1);
	return unused;
}

static void nothing(struct rcu_head *head)
{
	(void)head;
}

/* A worker holds a callback and waits for a reader; it is told to stop, then to pause; then the reader leaves. */
static void fork_while_a_worker_stops(bool gone_before)
{
	static struct rcu_head head;
	pthread_t reads, frees, releases;
	char byte;
	must(pipe(inside) == 0 && pipe(leave) == 0);
	urcu_memb_register_thread();
	struct call_rcu_data *worker = urcu_memb_create_call_rcu_data(0, -1);
	must(worker != NULL && pthread_create(&reads, NULL, reader, NULL) == 0);
	must(read(inside[0], &byte, 1) == 1);
	urcu_memb_set_thread_call_rcu_data(worker);
	urcu_memb_call_rcu(&head, nothing);
	urcu_memb_set_thread_call_rcu_data(NULL);
	sleep_ms(50 * patience); /* the worker has taken the callback, and waits for the reader */
	must(pthread_create(&frees, NULL, freer, worker) == 0);
	sleep_ms(50 * patience); /* call_rcu_data_free has said STOP */
	must(pthread_create(&releases, NULL, release_later, NULL) == 0);
	if (gone_before)
		must(pthread_join(frees, NULL) == 0);
	urcu_memb_call_rcu_before_fork();
	urcu_memb_call_rcu_after_fork_parent();
	if (!gone_before)
		must(pthread_join(frees, NULL) == 0);
	must(pthread_join(releases, NULL) == 0 && pthread_join(reads, NULL) == 0);
}

enum outcome { ENDED, HUNG, FAILED };

static enum outcome in_a_child(bool gone_before)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		fork_while_a_worker_stops(gone_before);
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
	long from = now_ms();
	if (in_a_child(true) != ENDED) {
		puts("can't tell: it does not end even where the worker is gone before the fork");
		return 2;
	}
	limit_ms = 20 * (now_ms() - from) > 2000 ? 20 * (now_ms() - from) : 2000;
#ifdef MENDED
	const bool gone_before = true;
#else
	const bool gone_before = false;
#endif
	for (; patience <= TRIES; patience++) {
		enum outcome outcome = in_a_child(gone_before);
		if (outcome == FAILED) {
			puts("can't tell: a call failed");
			return 2;
		}
		if (outcome == HUNG) {
			puts("shown: call_rcu_before_fork() waits for a worker that has stopped");
			return 1;
		}
	}
	puts("not shown: call_rcu_before_fork() returned");
	return 0;
}
