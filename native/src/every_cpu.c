/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "every_cpu.h"

/* What the kernel says is online: "0-3,8\n". Returns the length of the text, 0 where there is none. */
static size_t read_online(char *text, size_t size)
{
	int state = PTHREAD_CANCEL_ENABLE;
	ssize_t length = 0;
	int file;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state); /* opening and reading are where it could end */
	file = open("/sys/devices/system/cpu/online", O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		length = read(file, text, size);
		(void)close(file);
	}
	(void)pthread_setcancelstate(state, NULL);
	return length > 0 ? (size_t)length : 0;
}

static const char *number(const char *text, size_t *value)
{
	*value = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		*value = *value * 10 + (size_t)(*text - '0');
	return text;
}

/*
 * Does the thread's mask have every processor of such a list? sysconf() doesn't say: where /sys and /proc are missing,
 * and with musl always, it counts the caller's own mask.
 */
bool qs_every_cpu_is_in(const cpu_set_t *mask, const char *list)
{
	while (*list >= '0' && *list <= '9') {
		size_t first, last;
		list = number(list, &first);
		last = first;
		if (*list == '-')
			list = number(list + 1, &last);
		for (size_t cpu = first; cpu <= last; cpu++) {
			if (cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, mask))
				return false;
		}
		if (*list == '\n' || *list == '\0')
			return true;
		list++;
	}
	return false; /* not such a list */
}

/* Where it may run, if that is everywhere. */
static bool allowed(cpu_set_t *before)
{
	char online[1024];
	size_t length = read_online(online, sizeof online);
	if (length == 0 || length == sizeof online)
		return false;
	online[length] = '\0';
	return sched_getaffinity(0, sizeof *before, before) == 0 && qs_every_cpu_is_in(before, online);
}

static bool visit(size_t cpu)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof one, &one) == 0;
}

bool qs_every_cpu(bool go)
{
	int kept = errno;
	cpu_set_t before;
	bool everywhere = allowed(&before);
	for (size_t cpu = 0; go && everywhere && cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &before))
			everywhere = visit(cpu);
	}
	if (go)
		(void)sched_setaffinity(0, sizeof before, &before);
	errno = kept;
	return everywhere;
}
