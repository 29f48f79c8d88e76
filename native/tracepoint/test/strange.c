/* SPDX-License-Identifier: MIT */
/*
 * A traced program that does what few expect of one. It hits events before and after, and ends with 7 and "as it was"
 * when nothing of it has changed: not errno at any hit, not its descriptors, not its signals.
 *
 *   strange WAY [NUMBER]
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define QS_TRACEPOINT_DEFINE
#include "quiesce/tracepoint.h"

QS_TRACEPOINT(strange, hit, QS_TRACE_INFO, (u8, n));

enum { RIGHT = 7, WRONG = 1, ERRNO = 1234 };

static unsigned number;

static int hits(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		errno = ERRNO;
		qs_tracepoint(strange, hit, i);
		if (errno != ERRNO)
			return WRONG;
	}
	return RIGHT;
}

static int end_of(pid_t child)
{
	int status;
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : WRONG;
}

static int forks(void)
{
	const pid_t child = fork();
	if (child == 0)
		_exit(hits(10));
	return end_of(child);
}

/* Its child hits; it has gone before. */
static int becomes_a_daemon(void)
{
	int ended[2];
	char code = WRONG;
	if (pipe(ended) != 0)
		return WRONG;
	const pid_t child = fork();
	if (child == 0) {
		if (daemon(0, 1) != 0)
			_exit(WRONG);
		code = (char)hits(100);
		_exit(write(ended[1], &code, 1) == 1 ? RIGHT : WRONG);
	}
	close(ended[1]);
	if (end_of(child) != 0 || read(ended[0], &code, 1) != 1)
		code = WRONG;
	close(ended[0]);
	return code;
}

static int closes_all(void)
{
	const pid_t child = fork();
	if (child == 0) {
		closefrom(0);
		_exit(hits(100) == RIGHT && forks() == RIGHT ? RIGHT : WRONG);
	}
	return end_of(child);
}

/* It goes on; its children have no trace directory there. */
static int changes_its_root(void)
{
	const pid_t child = fork();
	if (child == 0) {
		if (chroot("/proc/self/fdinfo") != 0 || chdir("/") != 0)
			_exit(WRONG);
		_exit(hits(100) == RIGHT && forks() == RIGHT ? RIGHT : WRONG);
	}
	return end_of(child);
}

static void *hits_in_a_thread(void *nothing)
{
	(void)nothing;
	return hits(10) == RIGHT ? (void *)&number : NULL;
}

static int runs(unsigned count)
{
	pthread_t threads[1000];
	int code = RIGHT;
	unsigned started = 0;
	for (; started < count && started < 1000; started++)
		if (pthread_create(&threads[started], NULL, hits_in_a_thread, NULL) != 0)
			break;
	for (unsigned i = 0; i < started; i++) {
		void *right;
		if (pthread_join(threads[i], &right) != 0 || !right)
			code = WRONG;
	}
	return started == count ? code : WRONG;
}

static int changes_its_user(void)
{
	const pid_t child = fork();
	if (child == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(WRONG);
		_exit(hits(100) == RIGHT && runs(3) == RIGHT && forks() == RIGHT ? RIGHT : WRONG);
	}
	return end_of(child);
}

static int blocks_all_signals(void)
{
	sigset_t all, now;
	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, NULL) != 0 || hits(100) != RIGHT ||
	    pthread_sigmask(SIG_SETMASK, NULL, &now) != 0)
		return WRONG;
	for (int i = 1; i < 32; i++)
		if (i != SIGKILL && i != SIGSTOP && !sigismember(&now, i))
			return WRONG;
	return forks();
}

static int executes(void)
{
	const pid_t child = vfork();
	if (child == 0) {
		qs_tracepoint(strange, hit, 1);
		execl("/bin/true", "true", (char *)NULL);
		_exit(WRONG);
	}
	return end_of(child) == 0 && hits(100) == RIGHT ? RIGHT : WRONG;
}

static int spawns(void)
{
	char name[] = "true", *arguments[] = { name, NULL };
	pid_t child;
	return posix_spawn(&child, "/bin/true", NULL, NULL, arguments, NULL) == 0 && end_of(child) == 0 ? hits(100)
													: WRONG;
}

static int has_threads(void)
{
	return runs(number);
}

static int count_descriptors(void)
{
	int count = 0;
	DIR *open = opendir("/proc/self/fd");
	while (open && readdir(open))
		count++;
	if (open)
		closedir(open);
	return count;
}

static const struct {
	const char *name;
	int (*go)(void);
} ways[] = {
	{ "daemon", becomes_a_daemon },
	{ "closefrom", closes_all },
	{ "chroot", changes_its_root },
	{ "setuid", changes_its_user },
	{ "signals", blocks_all_signals },
	{ "vfork", executes },
	{ "spawn", spawns },
	{ "threads", has_threads },
};

int main(int argc, char **argv)
{
	int code = WRONG;
	number = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	const int before = count_descriptors();
	if (argc < 2 || qs_trace_open(NULL) != 0) {
		printf("not open: %s\n", qs_trace_problem());
		return WRONG;
	}
	if (hits(10) != RIGHT)
		return WRONG;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(argv[1], ways[i].name) == 0)
			code = ways[i].go();
	if (code == RIGHT && count_descriptors() == before)
		puts("as it was");
	return code;
}
