/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "pipes.h"

#include <errno.h>
#include <unistd.h>

bool qs_pipe_read(int descriptor, void *message, size_t size)
{
	ssize_t got;
	do
		got = read(descriptor, message, size);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)size;
}

bool qs_pipe_write(int descriptor, const void *message, size_t size)
{
	ssize_t written;
	do
		written = write(descriptor, message, size);
	while (written < 0 && errno == EINTR);
	return written == (ssize_t)size;
}
