/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "processors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPUS "/sys/devices/system/cpu/"

enum { MOST = 8192, GIVE_BACK_TRIES = 100, GIVE_BACK_PAUSE_US = 20000 };

/* Puts the numbers of a list of the kernel's, "0-3,6", into the set. False when it can't be read. */
static bool read_list(const char *name, bool set[MOST])
{
	char path[64], text[4096];
	FILE *file;
	bool read;
	snprintf(path, sizeof(path), CPUS "%s", name);
	file = fopen(path, "re");
	read = file != NULL && fgets(text, sizeof(text), file) != NULL;
	if (file != NULL)
		fclose(file);
	memset(set, 0, MOST * sizeof(set[0]));
	for (char *at = text; read && *at >= '0' && *at <= '9';) {
		long first = strtol(at, &at, 10), last = *at == '-' ? strtol(at + 1, &at, 10) : first;
		for (long cpu = first; cpu <= last && cpu < MOST; cpu++)
			set[cpu] = true;
		at += *at == ',';
	}
	return read;
}

/* The first that is there and isn't online; -1 when there is none, or nobody says. */
static int find_offline(void)
{
	static bool present[MOST], online[MOST];
	if (!read_list("present", present) || !read_list("online", online))
		return -1;
	for (int cpu = 0; cpu < MOST; cpu++)
		if (present[cpu] && !online[cpu])
			return cpu;
	return -1;
}

/* One that is online, and not the caller's; its own when there is no other. */
static int find_other(int own)
{
	static bool online[MOST];
	if (!read_list("online", online))
		return own == 0 && sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 1 : 0;
	for (int cpu = 0; cpu < MOST; cpu++)
		if (online[cpu] && cpu != own)
			return cpu;
	return own;
}

int qs_processor(enum qs_cpu cpu)
{
	int own = sched_getcpu(), offline;
	switch (cpu) {
	case QS_CPU_OTHER:
		return find_other(own);
	case QS_CPU_OFFLINE:
		/* Where none is offline, the first number that is none: not there either. */
		offline = find_offline();
		return offline >= 0 ? offline : (int)sysconf(_SC_NPROCESSORS_CONF);
	case QS_CPU_BEYOND:
		return INT_MAX;
	case QS_CPU_NEGATIVE:
		return -1;
	case QS_CPU_OWN:
	default:
		return own;
	}
}

const char *qs_processors_offline(void)
{
	static char text[96];
	int offline = find_offline();
	if (offline >= 0)
		snprintf(text, sizeof(text), "CPU %d is offline", offline);
	else
		snprintf(text, sizeof(text), "no CPU is offline: the number %d, which is no CPU, stands for one",
			 qs_processor(QS_CPU_OFFLINE));
	return text;
}

/* 0, or the error. */
static int set_online(int cpu, const char *value)
{
	char path[64];
	int file, error;
	snprintf(path, sizeof(path), CPUS "cpu%d/online", cpu);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return errno;
	error = write(file, value, 1) == 1 ? 0 : errno;
	close(file);
	return error;
}

static int taken = -1; /* the processor */
static int holds, hears; /* our ends of the pipes to who gives it back */

static void tell(int descriptor, int error)
{
	while (write(descriptor, &error, sizeof(error)) < 0 && errno == EINTR)
		;
}

static bool hear(int *error)
{
	ssize_t length;
	do
		length = read(hears, error, sizeof(*error));
	while (length < 0 && errno == EINTR);
	return length == (ssize_t)sizeof(*error);
}

/* Holds the processor offline until nobody has the other end of `held` any more. */
static void keep_offline(int cpu, int held, int told)
{
	int error = set_online(cpu, "0");
	char nothing;
	tell(told, error);
	if (error != 0)
		return;
	while (read(held, &nothing, 1) < 0 && errno == EINTR)
		;
	/* The kernel says EBUSY while others are at it. */
	for (int i = 0; i < GIVE_BACK_TRIES && (error = set_online(cpu, "1")) != 0; i++)
		usleep(GIVE_BACK_PAUSE_US);
	tell(told, error);
}

/* In a session of its own: what ends us, by Ctrl-C say, must not end it. */
static void start_keeper(int cpu, const int held[2], const int told[2])
{
	static const int IGNORED[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	setsid();
	if (fork() != 0)
		_exit(0);
	for (size_t i = 0; i < sizeof(IGNORED) / sizeof(IGNORED[0]); i++)
		signal(IGNORED[i], SIG_IGN);
	close(held[1]);
	close(told[0]);
	/* Whoever reads what we print isn't kept waiting. */
	for (int descriptor = 0; descriptor <= 2; descriptor++)
		close(descriptor);
	keep_offline(cpu, held[0], told[1]);
	_exit(0);
}

/* Whether there is such a processor, and it is online; `*problem` says if not. */
static bool is_online(int cpu, const char **problem)
{
	static bool present[MOST], online[MOST];
	static char text[96];
	if (!read_list("present", present) || !read_list("online", online)) {
		snprintf(text, sizeof(text), CPUS "online can't be read: %s", strerror(errno));
		*problem = text;
		return false;
	}
	if (cpu < 0 || cpu >= MOST || !present[cpu]) {
		snprintf(text, sizeof(text), "there is no CPU %d; %spresent lists those that there are", cpu, CPUS);
		*problem = text;
		return false;
	}
	return online[cpu];
}

const char *qs_processor_take(int cpu, bool *bad_input)
{
	static char text[192];
	const char *problem = NULL;
	int held[2], told[2], error = 0;
	pid_t child;
	*bad_input = false;
	if (!is_online(cpu, &problem)) {
		*bad_input = problem != NULL && strncmp(problem, "there", 5) == 0;
		return problem; /* none: it is offline already, and stays so */
	}
	if (pipe2(held, O_CLOEXEC) != 0 || pipe2(told, O_CLOEXEC) != 0)
		return "no pipe can be made";
	child = fork();
	if (child == 0)
		start_keeper(cpu, held, told);
	close(held[0]);
	close(told[1]);
	holds = held[1];
	hears = told[0];
	if (child > 0)
		waitpid(child, NULL, 0);
	if (child < 0 || !hear(&error))
		return "no process can be started that would put it back";
	if (error == 0) {
		taken = cpu;
		return NULL;
	}
	snprintf(text, sizeof(text), "CPU %d can't be taken offline: %s. It takes root, and a CPU with the file "
		 CPUS "cpu%d/online", cpu, strerror(error), cpu);
	close(holds);
	return text;
}

const char *qs_processor_give_back(void)
{
	static char text[192];
	int cpu = taken, error = EIO;
	if (cpu < 0)
		return NULL;
	taken = -1;
	close(holds);
	if (hear(&error) && error == 0)
		return NULL;
	snprintf(text, sizeof(text), "CPU %d could not be put back online: %s. Do it yourself, as root:  echo 1 > "
		 CPUS "cpu%d/online", cpu, strerror(error), cpu);
	return text;
}
