/* SPDX-License-Identifier: MIT */
/*
 * Asks trace_server for pages, from as many connections as it has threads, and prints how many were answered:
 *
 *   trace_load SOCKET CONNECTIONS SLICE_MS
 *
 * A line "NANOSECONDS REQUESTS" for each slice of time, until its standard input ends.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "quiesce/atomic.h"

enum { CONNECTIONS_MAX = 64, REPLY_BYTES = 4096 };

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static qs_atomic(uint64_t) answered;

static void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void receive_reply(int server)
{
	char reply[REPLY_BYTES + 1];
	size_t length = 0, expected = SIZE_MAX;
	while (length < expected) {
		ssize_t got = recv(server, reply + length, REPLY_BYTES - length, 0);
		if (got <= 0)
			fail("trace_load: the server does not answer");
		length += (size_t)got;
		reply[length] = 0;
		const char *size = strstr(reply, "Content-Length: "), *body = strstr(reply, "\r\n\r\n");
		if (size != NULL && body != NULL)
			expected = (size_t)(body + 4 - reply) + (size_t)atoi(size + 16);
		if (expected != SIZE_MAX && expected > REPLY_BYTES)
			exit(EXIT_FAILURE);
	}
}

static void *ask(void *with)
{
	uint32_t seed = (uint32_t)(uintptr_t)with;
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server < 0 || connect(server, (const struct sockaddr *)&address, sizeof address) != 0)
		fail("trace_load");
	for (;;) {
		char request[64];
		seed = seed * 1664525u + 1013904223u;
		/* Most ask for the same few pages; one in a hundred for one that isn't there. */
		unsigned page = seed >> 30 != 0 ? (seed >> 16) % 16 : (seed >> 16) % 1010;
		int length = snprintf(request, sizeof request, "GET /%u HTTP/1.1\r\n\r\n", page);
		if (send(server, request, (size_t)length, MSG_NOSIGNAL) != length)
			fail("trace_load");
		receive_reply(server);
		qs_fetch_add(&answered, 1);
	}
	return NULL;
}

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int main(int argc, char **argv)
{
	int connections = argc == 4 ? atoi(argv[2]) : 0, slice = argc == 4 ? atoi(argv[3]) : 0;
	if (connections < 1 || connections > CONNECTIONS_MAX || slice < 1 ||
	    strlen(argv[1]) >= sizeof address.sun_path) {
		fprintf(stderr, "usage: trace_load SOCKET CONNECTIONS SLICE_MS\n");
		return EXIT_FAILURE;
	}
	strcpy(address.sun_path, argv[1]);
	for (int i = 0; i < connections; i++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, ask, (void *)(uintptr_t)(i + 1)) != 0)
			fail("trace_load");
	}
	uint64_t before = qs_load_relaxed(&answered), begin = now();
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	while (poll(&input, 1, slice) == 0) {
		uint64_t after = qs_load_relaxed(&answered), end = now();
		printf("%llu %llu\n", (unsigned long long)(end - begin), (unsigned long long)(after - before));
		fflush(stdout);
		before = after;
		begin = end;
	}
	return EXIT_SUCCESS;
}
