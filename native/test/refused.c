/* SPDX-License-Identifier: MIT */
/* Where membarrier is refused: each test forks a child that installs a seccomp filter. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/membarrier.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/membarrier.h"
#include "check.h"
#include "quiesce/membarrier.h"

#define ANY (-1)

/* From now on membarrier fails with `error`, for this command or for any. */
static bool refuse(int command, int error)
{
	unsigned int number = (unsigned int)qs_membarrier_number();
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)command, 0, command == ANY ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof filter / sizeof filter[0], .filter = filter };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* A domain as usual, and one grace period with a reader. 0: all well, and the flavour is QS_MB. */
static int use_domain(void)
{
	struct qs_domain domain;
	struct qs_reader *reader;
	qs_token token;
	bool fallen_back;
	if (qs_domain_init(&domain, NULL) != 0 || qs_register(&domain, &reader) != 0)
		return 2;
	fallen_back = qs_domain_flavour(&domain) == QS_MB;
	token = qs_read_lock(reader);
	qs_read_unlock(token);
	qs_synchronize(&domain);
	if (qs_unregister(reader) != 0 || qs_domain_destroy(&domain) != 0)
		return 3;
	return fallen_back ? 0 : 1;
}

static int in_child(int (*body)(void))
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(body());
	return waitpid(child, &status, 0) == child ? status : -1;
}

static int missing(void)
{
	return refuse(ANY, ENOSYS) ? use_domain() : 9;
}

static int forbidden(void)
{
	return refuse(ANY, EPERM) ? use_domain() : 9;
}

static int registration_refused(void)
{
	return refuse(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, EPERM) ? use_domain() : 9;
}

static int command_refused(void)
{
	return refuse(MEMBARRIER_CMD_PRIVATE_EXPEDITED, EPERM) ? use_domain() : 9;
}

static void *write_for_ever(void *argument)
{
	flockfile(stderr);
	qs_store_release((qs_atomic(uint32_t) *)argument, 1);
	for (;;)
		pause();
	return NULL;
}

/* Another thread is inside stdio for ever: whoever says something through it would wait for ever. */
static int refused_later(void)
{
	static qs_atomic(uint32_t) locked;
	struct qs_domain domain;
	struct qs_reader *reader;
	struct rlimit none = { 0, 0 };
	pthread_t thread;
	alarm(10);
	if (qs_domain_init(&domain, NULL) != 0 || qs_domain_flavour(&domain) != QS_MEMBARRIER)
		return 8;
	(void)setrlimit(RLIMIT_CORE, &none);
	if (!freopen("/dev/null", "w", stderr) || !refuse(ANY, EPERM))
		return 9;
	if (qs_register(&domain, &reader) != 0 || pthread_create(&thread, NULL, write_for_ever, &locked) != 0)
		return 7;
	while (!qs_load_acquire(&locked))
		continue;
	qs_synchronize(&domain);
	return 0;
}

static int strict_and_missing(void)
{
	struct qs_domain domain;
	struct qs_options options = { .flavour = QS_MEMBARRIER, .flags = QS_STRICT };
	struct qs_reader *reader;
	if (!refuse(ANY, ENOSYS) || qs_domain_init(&domain, &options) != -ENOTSUP)
		return 1;
	if (qs_domain_init(&domain, NULL) != 0)
		return 2;
	return qs_membarrier_register(&domain, &reader) == -ENOTSUP ? 0 : 3;
}

/* A filter that lets the query pass. What the caller asked for is not to be had, and it hears so. */
static int gentle_refused(void)
{
	struct qs_domain domain;
	struct qs_reader *reader;
	if (!refuse(MEMBARRIER_CMD_GLOBAL, EPERM) || qs_domain_init(&domain, NULL) != 0)
		return 9;
	if (qs_register(&domain, &reader) != 0 || qs_synchronize_by(&domain, QS_GENTLE) != -ENOTSUP)
		return 1;
	return qs_domain_number(&domain) == 1 ? 0 : 2;
}

/* It has worked before. Now each grace period is an expedited one, and is one. */
static int gentle_refused_later(void)
{
	struct qs_domain domain;
	struct qs_reader *reader;
	if (qs_domain_init(&domain, NULL) != 0 || qs_register(&domain, &reader) != 0)
		return 9;
	if (qs_synchronize_by(&domain, QS_GENTLE) != 0)
		return 0; /* nohz_full: there is nothing to refuse */
	if (!refuse(MEMBARRIER_CMD_GLOBAL, EPERM) || qs_synchronize_by(&domain, QS_GENTLE) != 0)
		return 1;
	return qs_domain_number(&domain) == 3 ? 0 : 2;
}

static void test_gentle(void)
{
	CHECK(in_child(gentle_refused) == 0);
	CHECK(in_child(gentle_refused_later) == 0);
}

static void test_strict(void)
{
	CHECK(in_child(strict_and_missing) == 0);
}

static void test_missing(void)
{
	CHECK(in_child(missing) == 0);
}

static void test_forbidden(void)
{
	CHECK(in_child(forbidden) == 0);
}

static void test_registration_refused(void)
{
	CHECK(in_child(registration_refused) == 0);
}

static void test_command_refused(void)
{
	CHECK(in_child(command_refused) == 0);
}

static void test_refused_later(void)
{
	int status = in_child(refused_later);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
	alarm(30);
	check_run("no membarrier (ENOSYS): the domain falls back to fences", test_missing);
	check_run("membarrier forbidden (EPERM): the domain falls back to fences", test_forbidden);
	check_run("registration refused: the domain falls back to fences", test_registration_refused);
	check_run("only the command refused: the domain falls back to fences", test_command_refused);
	check_run("refused after the domain was made: the process ends rather than go on", test_refused_later);
	check_run("a strict domain is refused, and so is a reader without fences", test_strict);
	check_run("only the gentle command refused: whoever asks for it hears so, or gets an expedited one",
		  test_gentle);
	return check_end();
}
