/* SPDX-License-Identifier: MIT */
/*
 * liburcu: a thread that has called rcu_defer_unregister_thread() may not register again.
 *
 *     cc urcu-defer-register-again.c -lurcu-memb -pthread && ./a.out
 *
 * Exit code: 0 it may, 1 an assertion fails, 2 can't tell. Built with -DMENDED, another thread registers: 0.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <urcu/urcu-memb.h>
#include <urcu/defer.h>

static void nothing(void *object)
{
	(void)object;
}

static void *use_once(void *object)
{
	if (urcu_memb_defer_register_thread() != 0)
		_exit(2);
	urcu_memb_defer_rcu(nothing, object);
	urcu_memb_defer_barrier(); /* looks at the ring; liburcu's own thread does so, too, soon after a call */
	urcu_memb_defer_unregister_thread();
	return NULL;
}

static void use_twice(bool in_another_thread)
{
	static int object;
	pthread_t thread;
	urcu_memb_register_thread();
	use_once(&object);
	if (!in_another_thread)
		use_once(&object);
	else if (pthread_create(&thread, NULL, use_once, &object) != 0 || pthread_join(thread, NULL) != 0)
		_exit(2);
}

static int in_a_child(bool in_another_thread)
{
	int status = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		const struct rlimit none = { 0, 0 };
		setrlimit(RLIMIT_CORE, &none);
		use_twice(in_another_thread);
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

int main(void)
{
#ifdef MENDED
	const bool another = true;
#else
	const bool another = false;
#endif
	int control = in_a_child(true), status = in_a_child(another);
	if (control == 0 && status == 0) {
		puts("not shown: a thread may register again");
		return 0;
	}
	if (control == 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
		puts("shown: the process aborts when a thread registers again");
		return 1;
	}
	puts("can't tell: it ended in another way");
	return 2;
}
