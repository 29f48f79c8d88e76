/* SPDX-License-Identifier: MIT */
/*
 * qemu's user mode: a process of two threads forks, and its child starts one: an assertion of qemu's fails.
 *
 *     cc -static qemu-fork-thread.c -pthread && qemu-x86_64 ./a.out
 *
 * Exit code: 0 the child's thread runs, 1 the child is ended by qemu, 2 can't tell. Built with -DMENDED, there is one
 * thread: 0. Without an emulation: 0, too.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *unused)
{
	return unused;
}

static void *stays(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int run_a_thread(void)
{
	pthread_t thread;
	return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

int main(void)
{
	int status = 0;
#ifdef MENDED
	(void)stays;
#else
	pthread_t thread;
	if (pthread_create(&thread, NULL, stays, NULL) != 0)
		return 2;
#endif
	pid_t child = fork();
	if (child == 0)
		_exit(run_a_thread() ? 0 : 2);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 2;
	printf("the child's status is 0x%x: ", (unsigned int)status);
	if (status == 0) {
		puts("not shown: its thread ran");
		return 0;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2) {
		puts("can't tell: it could not start a thread");
		return 2;
	}
	puts("shown: it ended when it started a thread");
	return 1;
}
