/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../src/membarrier.h"
#include "guard.h"
#include "say.h"

enum { POLL_MS = 5, ATTEMPTS = 16 };

/* The highest number of a grace period that can be right: to get there by counting takes longer than anybody lives. */
#define NUMBER_MAX (UINT64_C(1) << 62)

static void check_directory(struct qs_directory *directory)
{
	struct stat found;
	if (fstat(directory->fd, &found) != 0)
		qs_fail(QS_EXIT_MACHINE, directory->path, NULL, "can't be looked at: %s", strerror(errno));
	if (found.st_uid != geteuid() && geteuid() != 0)
		qs_fail(QS_EXIT_INPUT, directory->path, "Only the same user, or root, may trace.",
			"the trace directory belongs to user %u, and you are %u", (unsigned)found.st_uid,
			(unsigned)geteuid());
	if ((found.st_mode & 077) != 0)
		qs_fail(QS_EXIT_INPUT, directory->path, "chmod 700 it, if nobody else has put anything there.",
			"the trace directory is open to others (mode %03o)", (unsigned)found.st_mode & 0777);
	directory->owner = found.st_uid;
	directory->group = found.st_gid;
}

static void open_directory(struct qs_directory *directory, bool make)
{
	const char *path = directory->path;
	if (make && mkdir(path, 0700) != 0 && errno != EEXIST)
		qs_fail(errno == ENOENT || errno == ENOTDIR ? QS_EXIT_INPUT : QS_EXIT_MACHINE, path, NULL,
			"the trace directory can't be made: %s", strerror(errno));
	directory->fd = open(path, O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC);
	if (directory->fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		qs_fail(QS_EXIT_INPUT, path, "Name the directory itself, no symbolic link.", "is no directory");
	if (directory->fd < 0 && errno == ENOENT)
		qs_fail(QS_EXIT_INPUT, path,
			"It is made by the first program that opens tracing, and by apply and record.",
			"there is no such trace directory");
	if (directory->fd < 0)
		qs_fail(errno == EACCES ? QS_EXIT_INPUT : QS_EXIT_MACHINE, path, NULL, "can't be opened: %s",
			strerror(errno));
	check_directory(directory);
}

int qs_directory_file(const struct qs_directory *directory, const char *name, int flags)
{
	struct stat found;
	int fd = openat(directory->fd, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0)
		return -1;
	if ((flags & O_CREAT) != 0 && geteuid() != directory->owner &&
	    fchown(fd, directory->owner, directory->group) != 0) {
		close(fd);
		return -1;
	}
	if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != directory->owner) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

/* The control file appears complete, or not at all: it is made under another name, and linked. */
static void make_control(const struct qs_directory *directory)
{
	static const char *const advice = "Is there room, and may you write there?";
	struct qs_trace_control *made;
	char name[64];
	uint64_t random;
	int fd;
	if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
		random = (uint64_t)getpid();
	snprintf(name, sizeof name, ".control-%d-%016llx", (int)getpid(), (unsigned long long)random);
	fd = qs_directory_file(directory, name, O_RDWR | O_CREAT | O_EXCL);
	if (fd < 0)
		qs_fail(QS_EXIT_MACHINE, directory->path, advice, "control can't be made: %s", strerror(errno));
	/* All of it is there before it is touched, so a full disk is an error and no signal. */
	int error = posix_fallocate(fd, 0, (off_t)sizeof *made);
	made = error == 0 ? mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (made == MAP_FAILED) {
		error = error != 0 ? error : errno;
		unlinkat(directory->fd, name, 0);
		qs_fail(QS_EXIT_MACHINE, directory->path, advice, "control can't be made: %s", strerror(error));
	}
	made->version = QS_TRACE_VERSION;
	made->flags = qs_membarrier_usable(QS_GLOBAL_EXPEDITED) ? QS_TRACE_GLOBAL : 0;
	qs_store_relaxed(&made->gp, 1);
	qs_store_relaxed(&made->generation, 1);
	qs_store_release(&made->magic, QS_TRACE_MAGIC);
	munmap(made, sizeof *made);
	close(fd);
	if (linkat(directory->fd, name, directory->fd, "control", 0) != 0 && errno != EEXIST) {
		error = errno;
		unlinkat(directory->fd, name, 0);
		qs_fail(QS_EXIT_MACHINE, directory->path, advice, "control can't be made: %s", strerror(error));
	}
	unlinkat(directory->fd, name, 0);
}

struct looked {
	struct qs_trace_control *control;
	uint64_t magic, gp, generation;
	uint32_t version, flags, active;
};

static void look(void *with)
{
	struct looked *looked = with;
	looked->magic = qs_load_acquire(&looked->control->magic);
	looked->gp = qs_load_relaxed(&looked->control->gp);
	looked->generation = qs_load_relaxed(&looked->control->generation);
	looked->active = qs_load_relaxed(&looked->control->active);
	looked->version = looked->control->version;
	looked->flags = looked->control->flags;
}

static void map_control(struct qs_directory *directory, int fd)
{
	static const char *const advice = "End what is being traced, and remove the directory.";
	struct looked looked = { 0 };
	struct stat found;
	if (fstat(fd, &found) != 0 || found.st_size != (off_t)sizeof *directory->control)
		qs_fail(QS_EXIT_INPUT, directory->path, advice, "control has not the size that it should have");
	directory->control = mmap(NULL, sizeof *directory->control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (directory->control == MAP_FAILED)
		qs_fail(QS_EXIT_MACHINE, directory->path, NULL, "control can't be mapped: %s", strerror(errno));
	looked.control = directory->control;
	if (!qs_guarded(look, &looked) || looked.magic != QS_TRACE_MAGIC)
		qs_fail(QS_EXIT_INPUT, directory->path, advice, "control is damaged");
	if (looked.version != QS_TRACE_VERSION)
		qs_fail(QS_EXIT_INPUT, directory->path, advice, "control is of version %u, and this is for %u",
			looked.version,
			QS_TRACE_VERSION);
	if (looked.gp == 0 || looked.gp > NUMBER_MAX || looked.generation == 0 || looked.generation > NUMBER_MAX ||
	    looked.active > 1 || (looked.flags & ~QS_TRACE_GLOBAL) != 0)
		qs_fail(QS_EXIT_INPUT, directory->path, advice,
			"control is damaged: it has numbers that nobody writes");
	directory->flags = looked.flags;
}

void qs_directory_open(struct qs_directory *directory, const char *path, bool make)
{
	int fd = -1;
	*directory = (struct qs_directory){ .path = path };
	open_directory(directory, make);
	for (int attempt = 0; fd < 0 && attempt < ATTEMPTS; attempt++) {
		fd = qs_directory_file(directory, "control", O_RDWR);
		if (fd >= 0)
			break;
		if (errno != ENOENT)
			qs_fail(QS_EXIT_INPUT, path, "Remove it if nothing is being traced.",
				"control can't be opened: %s",
				errno == EPERM ? "it is no file of the directory's owner" : strerror(errno));
		if (!make)
			qs_fail(QS_EXIT_INPUT, path, "Is it a trace directory? apply and record make one.",
				"has no control file");
		make_control(directory);
	}
	if (fd < 0)
		qs_fail(QS_EXIT_MACHINE, path, NULL, "somebody keeps removing control");
	map_control(directory, fd);
	close(fd);
}

static int open_lock(const struct qs_directory *directory, const char *name)
{
	int fd = qs_directory_file(directory, name, O_RDWR | O_CREAT);
	if (fd < 0)
		qs_fail(QS_EXIT_MACHINE, directory->path, NULL, "%s can't be opened: %s", name, strerror(errno));
	return fd;
}

static pid_t read_pid(int fd)
{
	char digits[16] = { 0 };
	if (pread(fd, digits, sizeof digits - 1, 0) <= 0)
		return 0;
	long pid = strtol(digits, NULL, 10);
	return pid > 0 && pid <= INT32_MAX ? (pid_t)pid : 0;
}

void qs_directory_lock(const struct qs_directory *directory, const char *name, unsigned patience_ms)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000 };
	int fd = open_lock(directory, name);
	for (unsigned waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += POLL_MS) {
		pid_t holder = read_pid(fd);
		if (errno != EWOULDBLOCK && errno != EINTR)
			qs_fail(QS_EXIT_MACHINE, directory->path, NULL, "%s can't be locked: %s", name,
				strerror(errno));
		if (waited >= patience_ms)
			qs_fail(QS_EXIT_MACHINE, directory->path, "Wait until it has ended, or end it.",
				"%s: process %d %s", name,
				(int)holder, strcmp(name, "lock") == 0 ? "is changing the rules" : "is recording");
		nanosleep(&pause, NULL);
	}
	/* Only for messages; where there is no room for it, they say 0. */
	if (ftruncate(fd, 0) == 0)
		dprintf(fd, "%d\n", (int)getpid());
	/* It stays open: the lock is the descriptor's. */
}

bool qs_directory_try(const struct qs_directory *directory, const char *name)
{
	int fd = open_lock(directory, name);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(fd);
	return false;
}

pid_t qs_directory_holder(const struct qs_directory *directory, const char *name)
{
	pid_t holder = 0;
	int fd = qs_directory_file(directory, name, O_RDONLY);
	if (fd < 0)
		return 0;
	if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		holder = read_pid(fd);
		holder = holder ? holder : -1;
	}
	close(fd);
	return holder;
}
