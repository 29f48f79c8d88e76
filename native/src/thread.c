/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "message.h"
#include "thread.h"

_Thread_local struct qs_thread qs_self;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int key_status;

int32_t qs_thread_id(void)
{
	if (qs_self.id == 0)
		qs_self.id = (int32_t)syscall(SYS_gettid);
	return qs_self.id;
}

/*
 * Destructors of other libraries may still read, and run in any order: so ours goes last. The key's value counts the
 * rounds, of which POSIX promises PTHREAD_DESTRUCTOR_ITERATIONS.
 */
static void thread_ends(void *value)
{
	uintptr_t round = (uintptr_t)value;
	if (round + 1 < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific(key, (void *)(round + 1)) == 0)
		return;
	qs_thread_ends();
}

static void make_key(void)
{
	key_status = pthread_key_create(&key, thread_ends);
}

int qs_thread_watch(void)
{
	if (qs_self.ended)
		return -ECANCELED;
	(void)pthread_once(&once, make_key);
	if (key_status != 0 || pthread_setspecific(key, (void *)(uintptr_t)1) != 0)
		return -ENOMEM;
	return 0;
}
