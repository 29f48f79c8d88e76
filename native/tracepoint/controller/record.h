/* SPDX-License-Identifier: MIT */
/* The recorder: what threads commit to their rings becomes CTF 1.8 in a folder a process. */
#ifndef QS_TRACE_RECORD_H
#define QS_TRACE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "directory.h"

/* Which processes, and for how long. No pid and no program: all of them. */
struct qs_recording {
	int32_t *pids;
	unsigned pid_count;
	const char **programs;
	unsigned program_count;
	bool snapshot, limited;
	uint64_t duration_s;
};

void qs_recording_pid(struct qs_recording *recording, int32_t pid);
void qs_recording_program(struct qs_recording *recording, const char *pattern);

/* Under the recorder's lock. Returns the program's exit code. */
int qs_record(const struct qs_directory *directory, const char *out, const struct qs_recording *recording);

/* Puts in order what a recorder that was killed has left in `out`. */
void qs_mend(const char *out);

#endif
