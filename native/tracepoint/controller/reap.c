/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "guard.h"
#include "list.h"
#include "process.h"
#include "say.h"

enum { DRAFT_SECONDS = 60 };

struct left {
	const struct qs_trace_process *shared;
	uint32_t rings;
	bool any;
};

static void load_left(void *with)
{
	struct left *left = with;
	left->any = false;
	for (uint32_t i = 0; i < left->rings; i++) {
		const struct qs_trace_ring *ring = &left->shared->rings[i];
		if (qs_load_relaxed(&ring->overwrite) == 1)
			continue;
		left->any = left->any || qs_load_acquire(&ring->committed) != qs_load_relaxed(&ring->consumed);
	}
}

bool qs_is_recorded(const struct qs_process *process)
{
	struct left left = { process->shared, qs_process_rings(process), false };
	return !qs_guarded(load_left, &left) || !left.any;
}

struct told {
	const struct qs_trace_process *shared;
	uint32_t rings;
	bool all;
};

static void load_told(void *with)
{
	struct told *told = with;
	const struct qs_trace_header *header = &told->shared->header;
	told->all = qs_load_relaxed(&header->lost) == qs_load_relaxed(&header->told);
	for (uint32_t i = 0; i < told->rings; i++) {
		const struct qs_trace_ring *ring = &told->shared->rings[i];
		told->all = told->all && qs_load_acquire(&ring->committed) == qs_load_relaxed(&ring->consumed) &&
			    qs_load_relaxed(&ring->lost) == qs_load_relaxed(&ring->told);
	}
}

static bool is_empty(const struct qs_process *process)
{
	struct told told = { process->shared, qs_process_rings(process), false };
	return qs_guarded(load_told, &told) && told.all;
}

void qs_reap_empty(const struct qs_directory *directory)
{
	struct qs_processes processes = { 0 };
	qs_processes_list(directory, &processes);
	for (size_t i = 0; i < processes.count; i++) {
		struct qs_process *process = processes.list[i];
		/* The dead write no more: what is empty stays so. */
		if (qs_process_life(directory, process) == QS_DEAD && !process->by_pid && is_empty(process))
			qs_process_remove(directory, process->name);
	}
	qs_reap_orphans(directory);
	qs_processes_close(&processes);
}

/* What was to become `control`: nobody takes a minute for that. */
static bool is_old_draft(const struct qs_directory *directory, const char *file)
{
	struct stat found;
	return strncmp(file, ".control-", 9) == 0 &&
	       fstatat(directory->fd, file, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode) &&
	       found.st_mtim.tv_sec + DRAFT_SECONDS < time(NULL);
}

/* A file of a process that can't be seen, by the name that such files have; not what its maker still holds. */
static bool is_orphan(const struct qs_directory *directory, const char *file)
{
	char name[QS_NAME_MAX], visible[QS_NAME_MAX + 8];
	bool by_pid;
	size_t length;
	if (is_old_draft(directory, file))
		return true;
	if (!(file[0] == '.' && qs_name_of(file + 1, ".trace", name)) && !qs_name_of(file, ".life", name))
		return false;
	length = strlen(name);
	memcpy(visible, name, length);
	memcpy(visible + length, ".trace", sizeof ".trace");
	if (faccessat(directory->fd, visible, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return false;
	return qs_name_life(directory, name, &by_pid) == QS_DEAD && !by_pid;
}

unsigned qs_reap_orphans(const struct qs_directory *directory)
{
	int fd = openat(directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *open = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	unsigned removed = 0;
	if (!open)
		return 0;
	while ((entry = readdir(open)))
		if (is_orphan(directory, entry->d_name) && unlinkat(directory->fd, entry->d_name, 0) == 0)
			removed++;
	closedir(open);
	return removed;
}

void qs_reap(const struct qs_directory *directory, bool unrecorded)
{
	struct qs_processes processes = { 0 };
	unsigned reaped = 0, kept = 0;
	qs_processes_list(directory, &processes);
	qs_processes_must_be_all(directory, &processes);
	for (size_t i = 0; i < processes.count; i++) {
		struct qs_process *process = processes.list[i];
		if (qs_process_life(directory, process) != QS_DEAD)
			continue;
		if (unrecorded || qs_is_recorded(process)) {
			qs_process_remove(directory, process->name);
			reaped++;
		} else {
			kept++;
		}
	}
	unsigned files = qs_reap_orphans(directory);
	qs_say_open(NULL, '{');
	qs_say_open("reaped", '{');
	qs_say_number("processes", reaped);
	qs_say_number("files", files);
	qs_say_number("kept", kept);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
	qs_processes_close(&processes);
}
