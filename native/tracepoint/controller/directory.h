/* SPDX-License-Identifier: MIT */
/* The trace directory: whose it is, its control file, and who may change something or record. */
#ifndef QS_TRACE_DIRECTORY_H
#define QS_TRACE_DIRECTORY_H

#include <stdbool.h>
#include <sys/types.h>

#include "../layout.h"

struct qs_directory {
	const char *path; /* for messages */
	int fd;
	uid_t owner;
	gid_t group;
	struct qs_trace_control *control;
	uint32_t flags; /* as `control` had them, checked */
};

/*
 * Opens the directory, which has to be ours (root's: anybody's) and closed to others, and maps `control`; ends the
 * program with a message where that is impossible. With `make`, what is missing is made.
 */
void qs_directory_open(struct qs_directory *directory, const char *path, bool make);

/* Opens a file of the directory that is regular and its owner's. -1 with errno: EPERM where it is something else. */
int qs_directory_file(const struct qs_directory *directory, const char *name, int flags);

/*
 * Takes `lock` or `recorder`, and writes our pid into it; waits up to so many milliseconds. Ends the program where
 * somebody else keeps it. It is given back when the program ends, however that happens.
 */
void qs_directory_lock(const struct qs_directory *directory, const char *name, unsigned patience_ms);

/* Takes it where nobody has it, and says so; our pid isn't written. */
bool qs_directory_try(const struct qs_directory *directory, const char *name);

/* The pid that holds `name` says, or 0: nobody holds it. */
pid_t qs_directory_holder(const struct qs_directory *directory, const char *name);

#endif
