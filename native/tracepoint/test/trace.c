/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../test/folder.h"

enum { RING = QS_TRACE_RING_MIN };

#define TEXT "test:event;6;u4 a;s b"

static int64_t realtime(void)
{
	struct timespec real, monotonic;
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	return (real.tv_sec - monotonic.tv_sec) * INT64_C(1000000000) + real.tv_nsec - monotonic.tv_nsec;
}

static void make_file(struct test_trace *trace)
{
	size_t size = sizeof *trace->shared + (size_t)QS_TRACE_RINGS * RING;
	int fd = openat(trace->directory.fd, "1-a.trace", O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)size) != 0)
		abort();
	trace->shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (trace->shared == MAP_FAILED)
		abort();
	close(fd);
	struct qs_trace_header *header = &trace->shared->header;
	header->version = QS_TRACE_VERSION;
	header->size = size;
	header->ring_size = RING;
	header->pid = 1;
	header->realtime = realtime();
	memcpy(trace->shared->events[0].text, TEXT, sizeof TEXT - 1);
	qs_store_relaxed(&trace->shared->events[0].length, sizeof TEXT - 1);
	qs_store_relaxed(&header->events, 1);
	qs_store_relaxed(&header->rings, 2);
	qs_store_relaxed(&header->applied, 1);
	qs_store_release(&header->magic, QS_TRACE_MAGIC);
}

void test_trace_make(struct test_trace *trace)
{
	memset(trace, 0, sizeof *trace);
	if (!test_folder_make(trace->path, sizeof trace->path, NULL))
		abort();
	qs_directory_open(&trace->directory, trace->path, true);
	trace->life = openat(trace->directory.fd, "1-a.life", O_RDWR | O_CREAT, 0600);
	if (trace->life < 0)
		abort();
	make_file(trace);
}

void test_trace_remove(struct test_trace *trace)
{
	munmap(trace->shared, sizeof *trace->shared + (size_t)QS_TRACE_RINGS * RING);
	munmap(trace->directory.control, sizeof *trace->directory.control);
	if (trace->life >= 0)
		close(trace->life);
	close(trace->directory.fd);
	test_folder_remove(trace->path);
}
