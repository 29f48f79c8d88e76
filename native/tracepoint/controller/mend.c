/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "process.h"
#include "record.h"
#include "say.h"
#include "stream.h"

struct mended {
	uint64_t streams, removed;
};

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *open = fd >= 0 ? fdopendir(fd) : NULL;
	if (fd >= 0 && !open)
		close(fd);
	return open;
}

static void remove_file(struct mended *mended, int folder, const char *name, int flags)
{
	mended->removed += unlinkat(folder, name, flags) == 0;
}

static void mend_folder(struct mended *mended, int out, const char *name)
{
	DIR *open = open_folder(out, name);
	struct dirent *entry;
	if (!open)
		return;
	while ((entry = readdir(open))) {
		uint32_t ring, use, part;
		qs_packet last;
		if (strcmp(entry->d_name, ".part") == 0 || strcmp(entry->d_name, ".new") == 0)
			remove_file(mended, dirfd(open), entry->d_name, 0);
		else if (qs_stream_name(entry->d_name, &ring, &use, &part))
			mended->streams += qs_stream_mend(dirfd(open), entry->d_name, &last, true);
	}
	closedir(open);
}

/* A folder that was being made: nothing but its metadata was in it. */
static void remove_draft(struct mended *mended, int out, const char *name)
{
	DIR *open = open_folder(out, name);
	if (!open)
		return;
	remove_file(mended, dirfd(open), ".new", 0);
	remove_file(mended, dirfd(open), "metadata", 0);
	closedir(open);
	remove_file(mended, out, name, AT_REMOVEDIR);
}

void qs_mend(const char *out)
{
	struct mended mended = { 0, 0 };
	char name[QS_NAME_MAX];
	struct dirent *entry;
	DIR *open = open_folder(AT_FDCWD, out);
	if (!open)
		qs_fail(QS_EXIT_INPUT, out, NULL, "is no recording that can be opened: %s", strerror(errno));
	if (flock(dirfd(open), LOCK_EX | LOCK_NB) != 0)
		qs_fail(QS_EXIT_MACHINE, out, "Wait until it has ended.", "somebody records into it");
	while ((entry = readdir(open))) {
		if (entry->d_name[0] == '.' && qs_name_of(entry->d_name + 1, ".new", name))
			remove_draft(&mended, dirfd(open), entry->d_name);
		else if (strcmp(entry->d_name, ".new") == 0)
			remove_file(&mended, dirfd(open), entry->d_name, 0);
		else if (entry->d_name[0] != '.')
			mend_folder(&mended, dirfd(open), entry->d_name);
	}
	closedir(open);
	qs_say_open(NULL, '{');
	qs_say_open("mended", '{');
	qs_say_number("streams", mended.streams);
	qs_say_number("files", mended.removed);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
}
