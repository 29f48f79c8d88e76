/* SPDX-License-Identifier: MIT */
/*
 * The traced processes of a directory, as seen from outside. Nothing of what they wrote is believed: sizes come from
 * the file's own, what is read once is checked and used as a copy, and what can't be right makes a process *damaged*.
 */
#ifndef QS_TRACE_PROCESS_H
#define QS_TRACE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "directory.h"
#include "event.h"

enum { QS_NAME_MAX = 64 };

enum qs_life { QS_ALIVE, QS_DEAD };

struct qs_process {
	char name[QS_NAME_MAX]; /* PID-RANDOM; checked: it may be part of a path */
	int fd;
	struct qs_trace_process *shared; /* without the rings' data, which is read with pread() */
	uint32_t ring_size;
	int32_t pid; /* as it sees it */
	uint32_t uid;
	uint64_t started;
	int64_t realtime;
	uint32_t clock; /* its time namespace; 0: unknown */
	char program[64];
	bool by_pid; /* the last answer about its life was a guess: no leases here */
	struct qs_event *events; /* read so far */
	uint32_t count;
	uint32_t bad_events;
	bool seen; /* for who lists again */
	void *own; /* of whoever keeps it */
};

struct qs_processes {
	struct qs_process **list;
	size_t count, room;
	size_t most;      /* that are open at once; 0: as many as there are */
	unsigned damaged; /* files that are none of a process */
	int refused;      /* an errno: some could not be opened for lack of something of ours; 0: all that are there */
};

/* Looks which processes there are: new ones are added; `seen` is false for those whose file is gone. */
void qs_processes_list(const struct qs_directory *directory, struct qs_processes *processes);

/* Ends the program with a message where some could not be opened. */
void qs_processes_must_be_all(const struct qs_directory *directory, const struct qs_processes *processes);

/* Forgets those that are not seen, or all. */
void qs_process_close(struct qs_process *process);
void qs_processes_close(struct qs_processes *processes);

/* Is anybody of it alive? Certain where files have leases; else by its pid, where that is one of ours. */
enum qs_life qs_process_life(const struct qs_directory *directory, struct qs_process *process);
/* The same for a name of which there may be no process. */
enum qs_life qs_name_life(const struct qs_directory *directory, const char *name, bool *by_pid);

/* Reads the descriptions that have come since; false where the file is gone or cut off. */
bool qs_process_events(struct qs_process *process);

/* Removes its files. The name that makes it visible goes first. */
void qs_process_remove(const struct qs_directory *directory, const char *name);

/* Is this PID-RANDOM, and what follows it `ending`? Then the name without the ending is in `name`. */
bool qs_name_of(const char *file, const char *ending, char name[QS_NAME_MAX]);

/* Copies `size` bytes of its shared memory; false where they are gone. */
bool qs_process_copy(const void *from, void *to, size_t size);

/* How many rings it says that it has used; no more than there are. 0 where its memory is gone. */
uint32_t qs_process_rings(const struct qs_process *process);

#endif
