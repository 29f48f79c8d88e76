/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "message.h"

void qs_say(const char *text)
{
	/* One call, so that the lines of two threads don't mix. The casts take const away: writev() only reads. */
	struct iovec part[] = {
		{ .iov_base = (void *)(size_t)"quiesce: ", .iov_len = 9 },
		{ .iov_base = (void *)(size_t)text, .iov_len = strlen(text) },
		{ .iov_base = (void *)(size_t)"\n", .iov_len = 1 },
	};
	ssize_t written = writev(STDERR_FILENO, part, 3);
	(void)written; /* nobody reads it: nobody can be told */
}

void qs_fatal(const char *text)
{
	qs_say(text);
	abort();
}
