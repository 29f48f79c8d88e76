/* SPDX-License-Identifier: MIT */
/*
 * A small web server with tracepoints: threads that answer requests on a Unix socket. Paths /0 to /999
 * are pages; each is rendered when it is asked for, unless it is in the cache.
 *
 *   trace_server SOCKET THREADS
 *
 * It says "ready" on standard output, and ends when its standard input does.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define QS_TRACEPOINT_DEFINE
#include "trace_server_events.h"

enum { PAGES = 1000, CACHED = 64, PAGE_BYTES = 2048, REQUEST_BYTES = 1024, THREADS_MAX = 64 };

struct page {
	unsigned number, length;
	char text[PAGE_BYTES];
};

struct worker {
	int listener;
	uint64_t next_id;
	struct page cache[CACHED];
	bool cached[CACHED];
};

static void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* As slow as a template and a few rows of a table. */
static void render(struct page *page, unsigned number)
{
	uint32_t seed = number;
	page->number = number;
	page->length = (unsigned)snprintf(page->text, sizeof page->text, "<h1>Page %u</h1>", number);
	while (page->length < sizeof page->text - 32) {
		seed = seed * 1664525u + 1013904223u;
		page->length += (unsigned)snprintf(page->text + page->length, 32, "<p>%08x</p>", (unsigned)seed);
	}
}

static const struct page *find(struct worker *worker, uint64_t id, unsigned number)
{
	unsigned place = number % CACHED;
	bool hit = worker->cached[place] && worker->cache[place].number == number;
	qs_tracepoint(server, cache, id, hit);
	if (!hit) {
		qs_tracepoint(server, render_begin, id);
		render(&worker->cache[place], number);
		worker->cached[place] = true;
		qs_tracepoint(server, render_end, id, worker->cache[place].length);
	}
	return &worker->cache[place];
}

static bool send_all(int client, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(client, text, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		text += sent;
		length -= (size_t)sent;
	}
	return true;
}

static bool answer(struct worker *worker, int client, const char *request)
{
	char path[64] = "", reply[PAGE_BYTES + 128];
	unsigned number = PAGES;
	uint64_t id = worker->next_id++;
	sscanf(request, "GET %63s", path);
	qs_tracepoint(server, request_begin, id, path);
	bool known = sscanf(path, "/%u", &number) == 1 && number < PAGES;
	const struct page *page = known ? find(worker, id, number) : NULL;
	int length = snprintf(reply, sizeof reply, "HTTP/1.1 %s\r\nContent-Length: %u\r\n\r\n%s",
			      page ? "200 OK" : "404 Not Found", page ? page->length : 0, page ? page->text : "");
	bool sent = send_all(client, reply, (size_t)length);
	qs_tracepoint(server, request_end, id, page ? 200 : 404, (uint32_t)length);
	return sent;
}

/* One request after another, as long as the client asks. */
static void serve(struct worker *worker, int client)
{
	char request[REQUEST_BYTES + 1];
	size_t length = 0;
	for (;;) {
		ssize_t got = recv(client, request + length, REQUEST_BYTES - length, 0);
		if (got <= 0)
			return;
		length += (size_t)got;
		request[length] = 0;
		char *end = strstr(request, "\r\n\r\n");
		if (end == NULL && length < REQUEST_BYTES)
			continue;
		if (end == NULL || !answer(worker, client, request))
			return;
		length -= (size_t)(end + 4 - request);
		memmove(request, end + 4, length);
	}
}

static void *work(void *with)
{
	struct worker *worker = with;
	for (;;) {
		int client = accept4(worker->listener, NULL, NULL, SOCK_CLOEXEC);
		if (client < 0)
			continue;
		qs_tracepoint(server, connection, client);
		serve(worker, client);
		close(client);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int threads = argc == 3 ? atoi(argv[2]) : 0;
	if (threads < 1 || threads > THREADS_MAX || strlen(argv[1]) >= sizeof address.sun_path) {
		fprintf(stderr, "usage: trace_server SOCKET THREADS (1 to %d)\n", THREADS_MAX);
		return EXIT_FAILURE;
	}
	/* All that tracing needs in main(). Without it, or when it fails, the program runs all the same. */
	if (qs_trace_open(NULL) != 0)
		fprintf(stderr, "trace_server: not traced: %s\n", qs_trace_problem());

	strcpy(address.sun_path, argv[1]);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(listener, 128) != 0)
		fail(argv[1]);
	for (int i = 0; i < threads; i++) {
		pthread_t thread;
		struct worker *worker = calloc(1, sizeof *worker);
		if (worker == NULL)
			fail("trace_server");
		worker->listener = listener;
		worker->next_id = (uint64_t)i * 1000000000 + 1;
		if (pthread_create(&thread, NULL, work, worker) != 0)
			fail("trace_server");
	}
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	unlink(argv[1]);
	return EXIT_SUCCESS;
}
