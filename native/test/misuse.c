/* SPDX-License-Identifier: MIT */
/* The library in the hands of somebody who does what its headers say he mustn't, or never thought of. */
#define _GNU_SOURCE
#include "misuse.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void be_a_child(void)
{
	struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
	alarm(TEST_PATIENCE / 2);
}

int in_child(int (*body)(void))
{
	int status = -1;
	pid_t child = fork();
	if (child == 0) {
		be_a_child();
		_exit(body());
	}
	return waitpid(child, &status, 0) == child ? status : -1;
}

static size_t read_all(int from, char *text, size_t size)
{
	size_t length = 0;
	ssize_t more;
	while (length < size - 1 && (more = read(from, text + length, size - 1 - length)) > 0)
		length += (size_t)more;
	text[length] = '\0';
	return length;
}

bool is_named(int (*body)(void), const char *words)
{
	char text[1000];
	int ends[2], status = -1;
	pid_t child;
	if (pipe(ends) != 0)
		return false;
	child = fork();
	if (child == 0) {
		be_a_child();
		(void)dup2(ends[1], STDERR_FILENO);
		_exit(body());
	}
	(void)close(ends[1]);
	(void)read_all(ends[0], text, sizeof text);
	(void)close(ends[0]);
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
	       strstr(text, words) != NULL;
}

static pthread_t holder;
static qs_atomic(uint32_t) held;

static void *hold(void *argument)
{
	struct qs_reader *reader;
	qs_token token;
	if (qs_register(argument, &reader) != 0)
		return NULL;
	token = qs_read_lock(reader);
	qs_store_release(&held, 1);
	while (qs_load_acquire(&held))
		usleep(500);
	qs_read_unlock(token);
	return NULL;
}

void hold_section(struct qs_domain *domain)
{
	CHECK(pthread_create(&holder, NULL, hold, domain) == 0);
	while (!qs_load_acquire(&held))
		usleep(500);
}

void let_go(void)
{
	qs_store_release(&held, 0);
	pthread_join(holder, NULL);
}

int main(void)
{
	alarm(TEST_PATIENCE);
	test_arguments();
	test_stalls();
	test_forks();
	return check_end();
}
