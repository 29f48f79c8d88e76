/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../clock.h"
#include "ctf.h"
#include "say.h"
#include "step.h"

enum { DIFFERENT_CLOCK_NS = 2000000000 };

/* Writes a file in one piece: it appears, or replaces another, when it is complete. */
static int write_file(int folder, const char *name, const char *text, size_t length)
{
	int error = 0, fd = openat(folder, ".new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	while (length > 0 && error == 0) {
		ssize_t written = write(fd, text, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			error = written < 0 ? errno : ENOSPC;
			break;
		}
		text += written;
		length -= (size_t)written;
	}
	close(fd);
	QS_TRACE_STEP(FileWritten);
	if (error == 0 && renameat(folder, ".new", folder, name) != 0)
		error = errno;
	if (error != 0)
		unlinkat(folder, ".new", 0);
	return error;
}

/* A file with one number; false where it is none. */
static bool read_number(int folder, const char *name, int64_t *number)
{
	char text[32] = { 0 }, *end;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, text, sizeof text - 1);
	close(fd);
	errno = 0;
	*number = strtoll(text, &end, 10);
	return got > 1 && *end == '\n' && errno == 0;
}

static int write_number(int folder, const char *name, int64_t number)
{
	char text[32];
	snprintf(text, sizeof text, "%lld\n", (long long)number);
	return write_file(folder, name, text, strlen(text));
}

/* Else no reader could show its times. */
static bool is_shown(int64_t offset)
{
	return offset >= 0 && offset < INT64_C(1) << 62;
}

bool qs_folder_has_our_clock(const struct qs_drain *drain, const struct qs_process *process)
{
	const uint64_t apart = (uint64_t)process->realtime - (uint64_t)drain->offset;
	if (process->clock != 0 && drain->clock != 0)
		return process->clock == drain->clock;
	return apart + DIFFERENT_CLOCK_NS <= UINT64_C(2) * DIFFERENT_CLOCK_NS;
}

/* All processes that have the same clock have the same offset: for another time namespace, that of the first. */
static int find_offset(const struct qs_drain *drain, const struct qs_process *process, int64_t *offset)
{
	char name[32];
	*offset = drain->offset;
	if (qs_folder_has_our_clock(drain, process) || !is_shown(process->realtime))
		return 0;
	snprintf(name, sizeof name, ".clock-%u", (unsigned)process->clock);
	if (process->clock != 0 && read_number(drain->out, name, offset) && is_shown(*offset))
		return 0;
	*offset = process->realtime;
	return process->clock != 0 ? write_number(drain->out, name, *offset) : 0;
}

static int describe(struct qs_drain *drain, struct qs_process *process, int folder)
{
	struct qs_tapped *tapped = process->own;
	int64_t offset;
	int error = find_offset(drain, process, &offset);
	if (error != 0)
		return error;
	char *text = qs_ctf_metadata(process, offset, tapped->metadata, tapped->described);
	error = text ? write_file(folder, "metadata", text, strlen(text)) : ENOMEM;
	if (error != 0) {
		free(text);
		return error;
	}
	free(tapped->metadata);
	tapped->metadata = text;
	tapped->described = process->count;
	return 0;
}

int qs_folder_describe(struct qs_drain *drain, struct qs_process *process)
{
	const struct qs_tapped *tapped = process->own;
	return describe(drain, process, tapped->folder);
}

/* Letters, digits and a few more; never empty, and no dot in front. */
static void put_program(char *to, const char *program)
{
	size_t length = 0;
	for (; *program; program++) {
		char c = *program;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
			     (length > 0 && (c == '.' || c == '-' || c == '+'));
		to[length++] = plain ? c : '_';
	}
	if (length == 0)
		to[length++] = '_';
	to[length] = 0;
}

static bool is_later(const struct qs_tap *tap, const qs_packet *last, uint32_t use, uint32_t part)
{
	if (last->position_end != tap->position)
		return last->position_end > tap->position;
	return use != tap->stream.use ? use > tap->stream.use : part >= tap->stream.part;
}

static void resume_tap(struct qs_tapped *tapped, const char *file)
{
	uint32_t ring, use, part;
	qs_packet last;
	struct qs_tap *tap;
	if (!qs_stream_name(file, &ring, &use, &part) || ring > QS_TRACE_RINGS ||
	    !qs_stream_mend(tapped->folder, file, &last, true))
		return;
	tap = &tapped->taps[ring];
	if (tap->resumed && !is_later(tap, &last, use, part))
		return;
	tap->resumed = true;
	tap->position = last.position_end;
	tap->lost = last.ring_lost;
	tap->vtid = last.vtid;
	tap->stream = (struct qs_stream){ .ring = ring, .use = use, .part = part + 1, .time = last.timestamp_end,
					  .ring_lost = last.ring_lost };
}

/* NULL where there are none: then nothing is known of the events. */
static char *read_metadata(int folder)
{
	struct stat found;
	char *text = NULL;
	int fd = openat(folder, "metadata", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_size > 0)
		text = calloc(1, (size_t)found.st_size + 1);
	if (text && read(fd, text, (size_t)found.st_size) != (ssize_t)found.st_size) {
		free(text);
		text = NULL;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

void qs_folder_compare(struct qs_drain *drain, struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	for (; tapped->resumed && tapped->compared < process->count; tapped->compared++) {
		struct qs_event *event = &process->events[tapped->compared];
		if (!event->text || qs_ctf_agrees(tapped->metadata, event, tapped->compared))
			continue;
		qs_say_warning(process->name,
			"The program may have overwritten its own memory; the event's record stays readable.",
			       "%s:%s is described otherwise than in the recording, and no longer recorded",
			       event->provider, event->name);
		qs_event_free(event);
		process->bad_events++;
		tapped->told_undescribed = true;
		drain->totals.damaged++;
	}
}

void qs_folder_close(struct qs_tapped *tapped)
{
	if (tapped->folder >= 0)
		close(tapped->folder);
	tapped->folder = -1;
	free(tapped->metadata);
	tapped->metadata = NULL;
}

static int resume(struct qs_tapped *tapped)
{
	int fd = openat(tapped->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *open = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	if (!open)
		return errno;
	tapped->metadata = read_metadata(tapped->folder);
	tapped->resumed = tapped->metadata != NULL;
	while ((entry = readdir(open)))
		resume_tap(tapped, entry->d_name);
	closedir(open);
	return 0;
}

/* Makes it under another name, so that it never is without metadata. */
static int make(struct qs_drain *drain, struct qs_process *process)
{
	const struct qs_tapped *tapped = process->own;
	char draft[QS_NAME_MAX + 8];
	int folder, error = 0;
	snprintf(draft, sizeof draft, ".%s.new", process->name);
	if (mkdirat(drain->out, draft, 0700) != 0 && errno != EEXIST)
		return errno;
	folder = openat(drain->out, draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return errno;
	error = describe(drain, process, folder);
	QS_TRACE_STEP(FolderWritten);
	if (error == 0 && renameat(drain->out, draft, drain->out, tapped->path) != 0)
		error = errno;
	if (error != 0) {
		unlinkat(folder, "metadata", 0);
		unlinkat(drain->out, draft, AT_REMOVEDIR);
	}
	close(folder);
	return error;
}

static void say_folder(const struct qs_process *process, const char *path)
{
	qs_say_open(NULL, '{');
	qs_say_open("process", '{');
	qs_say_text("name", process->name);
	qs_say_signed("pid", process->pid);
	qs_say_text("program", process->program);
	qs_say_text("folder", path);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
}

static int open_folder(struct qs_drain *drain, const struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	tapped->folder = openat(drain->out, tapped->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (tapped->folder < 0)
		return errno;
	say_folder(process, tapped->path);
	return 0;
}

int qs_folder_find(struct qs_drain *drain, struct qs_process *process)
{
	struct qs_tapped *tapped = process->own;
	char program[sizeof process->program + 1];
	int error;
	tapped->folder = -1;
	put_program(program, process->program);
	snprintf(tapped->path, sizeof tapped->path, "%s-%s", program, process->name);
	error = open_folder(drain, process);
	if (error == 0)
		return resume(tapped);
	return error == ENOENT ? 0 : error;
}

int qs_folder_open(struct qs_drain *drain, struct qs_process *process)
{
	const struct qs_tapped *tapped = process->own;
	int error = 0;
	if (tapped->folder >= 0)
		return 0;
	error = make(drain, process);
	return error == 0 ? open_folder(drain, process) : error;
}

int qs_folder_clock(struct qs_drain *drain)
{
	struct timespec real, before, after;
	drain->clock = qs_trace_which_clock();
	if (read_number(drain->out, ".clock", &drain->offset) && drain->offset > 0)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &before);
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &after);
	int64_t first = before.tv_sec * INT64_C(1000000000) + before.tv_nsec;
	int64_t last = after.tv_sec * INT64_C(1000000000) + after.tv_nsec;
	drain->offset = real.tv_sec * INT64_C(1000000000) + real.tv_nsec - (first + (last - first) / 2);
	return write_number(drain->out, ".clock", drain->offset);
}
