/* SPDX-License-Identifier: MIT */
/*
 * Writes into a trace directory what no program would: random bytes, and numbers that look right or nearly so where
 * numbers belong, into each NAME.trace and into `control`; sometimes it cuts a file off and makes it whole again.
 *
 *   scribble DIR SEED [gently]    until it is ended; then, and each 100 ms, it says how many bytes it has written
 *
 * With `gently`, sizes and magic numbers stay as they are, so that the reader goes on to what comes after them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../layout.h"

enum { FILES = 64, ROUND = 256 };

static uint64_t state, written;
static volatile sig_atomic_t ended;

static uint64_t any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void on_end(int number)
{
	(void)number;
	ended = 1;
}

static void put(int fd, const void *bytes, size_t size, uint64_t at)
{
	ssize_t done = pwrite(fd, bytes, size, (off_t)at);
	written += done > 0 ? (uint64_t)done : 0;
}

/* A number that somebody may believe. */
static uint64_t number(void)
{
	static const uint64_t edges[] = { 0, 1, 7, 8, 16, 255, 256, 4095, 4096, UINT32_MAX, INT64_MAX, UINT64_MAX };
	switch (any() % 4) {
	case 0:
		return edges[any() % (sizeof edges / sizeof edges[0])];
	case 1:
		return any() % 70000 & ~UINT64_C(7);
	case 2:
		return any() % 300;
	default:
		return any();
	}
}

static void scribble_ring(int fd, uint64_t size)
{
	uint64_t ring = any() % 4;
	uint64_t base = offsetof(struct qs_trace_process, rings) + ring * sizeof(struct qs_trace_ring);
	static const size_t members[] = {
		offsetof(struct qs_trace_ring, announced), offsetof(struct qs_trace_ring, committed),
		offsetof(struct qs_trace_ring, tail),      offsetof(struct qs_trace_ring, lost),
		offsetof(struct qs_trace_ring, owner),     offsetof(struct qs_trace_ring, channel),
		offsetof(struct qs_trace_ring, overwrite), offsetof(struct qs_trace_ring, use),
		offsetof(struct qs_trace_ring, begin),     offsetof(struct qs_trace_ring, consumed),
		offsetof(struct qs_trace_ring, told),
	};
	size_t member = members[any() % (sizeof members / sizeof members[0])];
	uint64_t value = number();
	/* An `overwrite` that is 1 is rare otherwise, and an announced section only takes time. */
	if (member == offsetof(struct qs_trace_ring, overwrite) || member == offsetof(struct qs_trace_ring, announced))
		value &= 1;
	put(fd, &value, member == offsetof(struct qs_trace_ring, begin) || member < 200 ? 8 : 4, base + member);
	/* Records: a size, an event, and a time. */
	if (size > sizeof(struct qs_trace_process) + 65536 * 4) {
		uint32_t head[4] = { (uint32_t)(any() % 12 * 8), (uint32_t)(any() % 10), (uint32_t)any(), 0 };
		put(fd, head, sizeof head, sizeof(struct qs_trace_process) + any() % 8192 * 8);
	}
}

static void scribble_event(int fd)
{
	static const char letters[] = "abz_09:;, {}=.quifxse48\n\"\\\0";
	struct qs_trace_event event;
	memset(&event, 0, sizeof event);
	size_t length = any() % 64;
	for (size_t i = 0; i < length; i++)
		event.text[i] = letters[any() % sizeof letters];
	if (any() % 2 == 0)
		length = (size_t)snprintf(event.text, sizeof event.text, "p:e;%u;q:u4 a;s b%c", (unsigned)(any() % 20),
					  letters[any() % sizeof letters]);
	uint32_t value = any() % 4 == 0 ? (uint32_t)number() : (uint32_t)length;
	qs_store_relaxed(&event.length, value);
	event.word = (uint32_t)number();
	put(fd, &event, 128, offsetof(struct qs_trace_process, events) + any() % 12 * sizeof event);
	uint32_t count = (uint32_t)(any() % 3 == 0 ? number() : any() % 13);
	put(fd, &count, 4, offsetof(struct qs_trace_header, events));
	count = (uint32_t)(any() % 3 == 0 ? number() : any() % 5);
	put(fd, &count, 4, offsetof(struct qs_trace_header, rings));
}

static void scribble_control(int fd, int gently)
{
	uint64_t value = number();
	size_t at = any() % sizeof(struct qs_trace_control);
	if (any() % 2 == 0)
		at = any() % 2 == 0 ? offsetof(struct qs_trace_control, rules)
				    : offsetof(struct qs_trace_control, configs);
	if (gently && at < QS_TRACE_PAGE)
		at = QS_TRACE_PAGE;
	put(fd, &value, 1 + any() % 8, at + any() % 64);
}

/* Gone for a moment: who touches it then gets a signal. */
static void cut_off(int fd, uint64_t size)
{
	const struct timespec moment = { .tv_nsec = (long)(any() % 200000) };
	if (ftruncate(fd, (off_t)(any() % 4 * QS_TRACE_PAGE)) != 0)
		return;
	nanosleep(&moment, NULL);
	if (ftruncate(fd, (off_t)size) != 0)
		return;
}

static void scribble(int directory, const char *name, int gently)
{
	struct stat found;
	int fd = openat(directory, name, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &found) != 0)
		return;
	uint64_t size = (uint64_t)found.st_size;
	for (int i = 0; i < ROUND && !ended; i++) {
		uint8_t bytes[64];
		for (size_t j = 0; j < sizeof bytes; j++)
			bytes[j] = (uint8_t)any();
		if (strcmp(name, "control") == 0) {
			scribble_control(fd, gently);
		} else if (any() % 8 == 0 && !gently) {
			put(fd, bytes, 1 + any() % sizeof bytes, any() % (any() % 2 == 0 ? 256 : size));
		} else if (any() % 4 == 0) {
			scribble_event(fd);
		} else {
			scribble_ring(fd, size);
		}
	}
	if (any() % 16 == 0)
		cut_off(fd, size);
	close(fd);
}

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	int gently = argc > 3;
	uint64_t said = 0;
	signal(SIGTERM, on_end);
	state = argc > 2 ? strtoull(argv[2], NULL, 10) | 1 : 1;
	while (!ended) {
		DIR *open = argc > 1 ? opendir(argv[1]) : NULL;
		struct dirent *entry;
		if (!open)
			return 1;
		while ((entry = readdir(open)) && !ended)
			if (strstr(entry->d_name, ".trace") || strcmp(entry->d_name, "control") == 0)
				scribble(dirfd(open), entry->d_name, gently);
		closedir(open);
		if (now_ms() - said < 100)
			continue;
		said = now_ms();
		printf("%llu\n", (unsigned long long)written);
		fflush(stdout);
	}
	printf("%llu\n", (unsigned long long)written);
	return 0;
}
