/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "guard.h"
#include "limit.h"
#include "say.h"

static const size_t LISTED = sizeof(struct qs_trace_process);

static bool is_name(const char *name, size_t length)
{
	size_t at = 0, random;
	while (at < length && name[at] >= '0' && name[at] <= '9')
		at++;
	if (at == 0 || at > 10 || at == length || name[at] != '-')
		return false;
	random = ++at;
	while (at < length && ((name[at] >= '0' && name[at] <= '9') || (name[at] >= 'a' && name[at] <= 'z')))
		at++;
	return at == length && at > random && at - random <= 32;
}

bool qs_name_of(const char *file, const char *ending, char name[QS_NAME_MAX])
{
	size_t length = strlen(file), cut = strlen(ending);
	if (length <= cut || strcmp(file + length - cut, ending) != 0 || !is_name(file, length - cut))
		return false;
	memcpy(name, file, length - cut);
	name[length - cut] = 0;
	return true;
}

struct copy {
	const void *from;
	void *to;
	size_t size;
};

static void do_copy(void *with)
{
	const struct copy *copy = with;
	memcpy(copy->to, copy->from, copy->size);
}

bool qs_process_copy(const void *from, void *to, size_t size)
{
	struct copy copy = { from, to, size };
	return qs_guarded(do_copy, &copy);
}

/* The header, read from the file: it may be cut off at any time. */
static bool read_header(int fd, struct qs_trace_header *header)
{
	return pread(fd, header, sizeof *header, 0) == (ssize_t)sizeof *header;
}

static bool is_size(uint32_t size)
{
	return size >= QS_TRACE_RING_MIN && size <= QS_TRACE_RING_MAX && (size & (size - 1)) == 0;
}

static bool is_right(const struct qs_trace_header *header, off_t size)
{
	return header->magic == QS_TRACE_MAGIC && header->version == QS_TRACE_VERSION && is_size(header->ring_size) &&
	       (uint64_t)size == sizeof(struct qs_trace_process) + (uint64_t)QS_TRACE_RINGS * header->ring_size &&
	       header->size == (uint64_t)size && header->pid > 0;
}

/* Whether it is us who lack something. */
static bool is_ours(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM;
}

/* NULL where it can't be: *error is 0 when it has gone, or an errno. */
static struct qs_process *open_process(const struct qs_directory *directory, const char *name, int *error)
{
	char file[QS_NAME_MAX + 8];
	struct qs_process *process = calloc(1, sizeof *process);
	struct qs_trace_header header;
	struct stat found;
	*error = ENOMEM;
	if (!process)
		return NULL;
	snprintf(file, sizeof file, "%s.trace", name);
	process->fd = qs_directory_file(directory, file, O_RDWR);
	if (process->fd < 0) {
		*error = errno == ENOENT ? 0 : errno;
		free(process);
		return NULL;
	}
	process->shared = MAP_FAILED;
	errno = EPROTO;
	if (fstat(process->fd, &found) == 0 && read_header(process->fd, &header) && is_right(&header, found.st_size))
		process->shared = mmap(NULL, LISTED, PROT_READ | PROT_WRITE, MAP_SHARED, process->fd, 0);
	if (process->shared == MAP_FAILED) {
		*error = errno;
		close(process->fd);
		free(process);
		return NULL;
	}
	snprintf(process->name, sizeof process->name, "%s", name);
	process->ring_size = header.ring_size;
	process->pid = header.pid;
	process->uid = header.uid;
	process->started = header.started;
	process->realtime = header.realtime;
	process->clock = header.clock;
	memcpy(process->program, header.program, sizeof process->program - 1);
	return process;
}

static void add(const struct qs_directory *directory, struct qs_processes *processes, const char *name)
{
	int error;
	for (size_t i = 0; i < processes->count; i++) {
		if (strcmp(processes->list[i]->name, name) == 0) {
			processes->list[i]->seen = true;
			return;
		}
	}
	if (processes->most != 0 && processes->count >= processes->most) {
		processes->refused = EMFILE;
		return;
	}
	if (processes->count == processes->room) {
		size_t room = processes->room * 2 + 16;
		struct qs_process **list = realloc(processes->list, room * sizeof(struct qs_process *));
		if (!list)
			qs_fail(QS_EXIT_MACHINE, NULL, NULL, "out of memory");
		processes->list = list;
		processes->room = room;
	}
	struct qs_process *process = open_process(directory, name, &error);
	if (!process && is_ours(error))
		processes->refused = error;
	else if (!process && error != 0)
		processes->damaged++;
	if (!process)
		return;
	process->seen = true;
	processes->list[processes->count++] = process;
}

void qs_processes_list(const struct qs_directory *directory, struct qs_processes *processes)
{
	int fd = openat(directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *open = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	if (!open)
		qs_fail(QS_EXIT_MACHINE, directory->path, NULL, "can't be listed: %s", strerror(errno));
	for (size_t i = 0; i < processes->count; i++)
		processes->list[i]->seen = false;
	processes->damaged = 0;
	processes->refused = 0;
	while ((entry = readdir(open))) {
		char name[QS_NAME_MAX];
		if (qs_name_of(entry->d_name, ".trace", name))
			add(directory, processes, name);
	}
	closedir(open);
}

void qs_processes_must_be_all(const struct qs_directory *directory, const struct qs_processes *processes)
{
	if (processes->refused != 0)
		qs_fail(QS_EXIT_MACHINE, directory->path, qs_limit_hint(processes->refused),
			"not all traced processes can be opened: %s", strerror(processes->refused));
}

void qs_process_close(struct qs_process *process)
{
	munmap(process->shared, LISTED);
	close(process->fd);
	for (uint32_t i = 0; i < process->count; i++)
		qs_event_free(&process->events[i]);
	free(process->events);
	free(process);
}

void qs_processes_close(struct qs_processes *processes)
{
	for (size_t i = 0; i < processes->count; i++)
		qs_process_close(processes->list[i]);
	free(processes->list);
	*processes = (struct qs_processes){ 0 };
}

/* Only where there are no leases: a pid of another namespace looks dead, so only a file of ours is asked about. */
static enum qs_life guess(const char *name)
{
	long pid = strtol(name, NULL, 10);
	return pid > 0 && pid <= INT32_MAX && kill((pid_t)pid, 0) != 0 && errno == ESRCH ? QS_DEAD : QS_ALIVE;
}

enum qs_life qs_name_life(const struct qs_directory *directory, const char *name, bool *by_pid)
{
	char file[QS_NAME_MAX + 8];
	enum qs_life life = QS_ALIVE;
	int fd;
	snprintf(file, sizeof file, "%s.life", name);
	*by_pid = false;
	/* It is there before its process can be seen, and goes after it. */
	fd = qs_directory_file(directory, file, O_RDONLY);
	if (fd < 0)
		return errno == ENOENT ? QS_DEAD : QS_ALIVE;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		life = QS_DEAD;
	} else if (errno != EAGAIN) {
		*by_pid = true;
		life = guess(name);
	}
	close(fd);
	return life;
}

enum qs_life qs_process_life(const struct qs_directory *directory, struct qs_process *process)
{
	return qs_name_life(directory, process->name, &process->by_pid);
}

/* False: the next one isn't there yet. One that is wrong keeps its place, and has no text. */
static bool read_event(struct qs_process *process, struct qs_event *event)
{
	struct qs_trace_event found;
	uint32_t length;
	off_t at = (off_t)(offsetof(struct qs_trace_process, events) + process->count * sizeof found);
	memset(event, 0, sizeof *event);
	if (pread(process->fd, &found, sizeof found, at) != (ssize_t)sizeof found || found.length == 0)
		return false;
	length = found.length;
	if (length > QS_TRACE_TEXT_MAX || found.word >= QS_TRACE_WORD_PAGES * QS_TRACE_WORDS_A_PAGE ||
	    !qs_event_read(event, found.text, length)) {
		process->bad_events++;
		return true;
	}
	event->word = found.word;
	return true;
}

struct counts {
	const struct qs_process *process;
	uint32_t events, rings;
};

static void load_counts(void *with)
{
	struct counts *counts = with;
	counts->events = qs_load_acquire(&counts->process->shared->header.events);
	counts->rings = qs_load_acquire(&counts->process->shared->header.rings);
}

uint32_t qs_process_rings(const struct qs_process *process)
{
	struct counts counts = { process, 0, 0 };
	if (!qs_guarded(load_counts, &counts))
		return 0;
	return counts.rings < QS_TRACE_RINGS ? counts.rings : QS_TRACE_RINGS;
}

bool qs_process_events(struct qs_process *process)
{
	struct counts counts = { process, 0, 0 };
	if (!qs_guarded(load_counts, &counts))
		return false;
	if (counts.events > QS_TRACE_EVENTS)
		counts.events = QS_TRACE_EVENTS;
	if (counts.events > process->count) {
		struct qs_event *more = realloc(process->events, counts.events * sizeof *more);
		if (!more)
			return false;
		process->events = more;
	}
	while (process->count < counts.events) {
		struct qs_event event;
		if (!read_event(process, &event))
			break;
		process->events[process->count++] = event;
	}
	return true;
}

void qs_process_remove(const struct qs_directory *directory, const char *name)
{
	char file[QS_NAME_MAX + 8];
	snprintf(file, sizeof file, "%s.trace", name);
	unlinkat(directory->fd, file, 0);
	snprintf(file, sizeof file, ".%s.trace", name);
	unlinkat(directory->fd, file, 0);
	snprintf(file, sizeof file, "%s.life", name);
	unlinkat(directory->fd, file, 0);
}
