/* SPDX-License-Identifier: MIT */
/*
 * A folder for a test, removed at its end. What a killed test has left the next one removes: the name says
 * which process has made it.
 */
#ifndef QUIESCE_TEST_FOLDER_H
#define QUIESCE_TEST_FOLDER_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEST_FOLDER "qs-test-"

/* With all that is in it. */
static inline void test_folder_remove_at(int root, const char *name)
{
	const int at = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = at >= 0 ? fdopendir(at) : NULL;
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		if (unlinkat(at, entry->d_name, 0) != 0 && errno == EISDIR && strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			test_folder_remove_at(at, entry->d_name);
	if (folder)
		(void)closedir(folder);
	else if (at >= 0)
		(void)close(at);
	(void)unlinkat(root, name, AT_REMOVEDIR);
}

static inline void test_folder_remove(const char *path)
{
	test_folder_remove_at(AT_FDCWD, path);
}

/* Ours, and of a process that is no more? */
static inline bool test_folder_is_left(int root, const char *name)
{
	struct stat status;
	if (strncmp(name, TEST_FOLDER, sizeof(TEST_FOLDER) - 1) != 0)
		return false;
	const long pid = strtol(name + sizeof(TEST_FOLDER) - 1, NULL, 10);
	return pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH &&
	       fstatat(root, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_uid == geteuid();
}

/* Makes a folder below `root`, or where it is NULL in memory. False: nowhere. */
static inline bool test_folder_make(char *path, size_t size, const char *root)
{
	if (!root)
		root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	DIR *folder = opendir(root);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		if (test_folder_is_left(dirfd(folder), entry->d_name))
			test_folder_remove_at(dirfd(folder), entry->d_name);
	if (folder)
		(void)closedir(folder);
	const int length = snprintf(path, size, "%s/" TEST_FOLDER "%d-XXXXXX", root, (int)getpid());
	return length > 0 && (size_t)length < size && mkdtemp(path) != NULL;
}

#endif
