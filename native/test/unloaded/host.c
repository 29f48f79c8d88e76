/* SPDX-License-Identifier: MIT */
/* Loads a library that uses quiesce, uses it in a thread, and unloads it before the thread ends and before a fork. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t used, unloaded;
static int status;

static void *use_and_stay(void *found)
{
	int (*use)(void);
	memcpy(&use, &found, sizeof use);
	status = use();
	(void)sem_post(&used);
	(void)sem_wait(&unloaded);
	return NULL;
}

int main(int count, char **arguments)
{
	void *library = count > 1 ? dlopen(arguments[1], RTLD_NOW) : NULL;
	void *found = library ? dlsym(library, "use") : NULL;
	pthread_t thread;
	pid_t child;
	int ended = -1;
	alarm(60);
	if (!found || sem_init(&used, 0, 0) != 0 || sem_init(&unloaded, 0, 0) != 0)
		return 10;
	if (pthread_create(&thread, NULL, use_and_stay, found) != 0)
		return 11;
	(void)sem_wait(&used);
	if (dlclose(library) != 0)
		return 12;
	(void)sem_post(&unloaded);
	(void)pthread_join(thread, NULL);
	child = fork();
	if (child == 0)
		_exit(0);
	return waitpid(child, &ended, 0) == child && ended == 0 ? status : 13;
}
