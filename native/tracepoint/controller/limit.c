/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "limit.h"

#include <errno.h>
#include <stddef.h>

const char *qs_limit_hint(int error)
{
	switch (error) {
	case EMFILE:
		return "Raise the limit of open files (ulimit -n).";
	case ENFILE:
		return "Raise the limit of open files of the machine (fs.file-max).";
	case ENOMEM:
		return "Raise the limit of memory (ulimit -v), or free some.";
	case EFBIG:
		return "Raise the limit of a file's size (ulimit -f).";
	case ENOSPC:
	case EDQUOT:
		return "Make room there.";
	default:
		return NULL;
	}
}
