/* SPDX-License-Identifier: MIT */
/*
 * The directory, the control file, and the two files of a process: README.md. Runs in children of fork(), too, so only
 * what signal handlers may do is done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../src/membarrier.h"
#include "../clock.h"
#include "state.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

/* Before Linux 5.14 pages can't be asked for: the whole file is allocated when it is made. */
static bool allocated;

int qs_trace_populate(const volatile void *address, size_t size)
{
	if (allocated || size == 0)
		return 0;
	const uintptr_t first = (uintptr_t)address & ~(uintptr_t)(QS_TRACE_PAGE - 1);
	const uintptr_t end = ((uintptr_t)address + size + QS_TRACE_PAGE - 1) & ~(uintptr_t)(QS_TRACE_PAGE - 1);
	int failed;
	do
		failed = madvise((void *)first, end - first, MADV_POPULATE_WRITE);
	while (failed && (errno == EINTR || errno == EAGAIN));
	/* What would have been a SIGBUS is EFAULT. */
	return failed ? (errno == EFAULT || errno == ENOMEM ? ENOSPC : errno) : 0;
}

static char *add(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	*to = 0;
	return to;
}

static void name_of(char name[QS_TRACE_NAME_MAX], int32_t pid)
{
	char digits[12];
	uint64_t random = 0;
	unsigned count = 0;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random)) {
		struct timespec time;
		(void)clock_gettime(CLOCK_MONOTONIC, &time);
		random = (uint64_t)time.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)time.tv_sec;
	}
	do
		digits[count++] = (char)('0' + pid % 10);
	while ((pid /= 10) != 0);
	while (count)
		*name++ = digits[--count];
	*name++ = '-';
	for (unsigned i = 0; i < 16; i++, random >>= 4)
		*name++ = "0123456789abcdef"[random & 15];
	*name = 0;
}

static int fail(const char **why, const char *text)
{
	*why = text;
	return errno ? errno : EPROTO;
}

static int refuse(const char **why, int error, const char *text)
{
	*why = text;
	return error;
}

/* What of the program's own limits was reached, and what to do; where it was none of them, `else_why`. */
static int fail_by_limit(const char **why, const char *else_why)
{
	switch (errno) {
	case EMFILE:
	case ENFILE:
		return fail(why, "no descriptor is left (ulimit -n): open tracing earlier, or raise the limit");
	case ENOMEM:
		return fail(why, "not so much memory may be mapped (ulimit -v): raise the limit, or set "
				 "QUIESCE_TRACE_RING lower");
	case EFBIG:
		return fail(why, "files may not be so large (ulimit -f): raise the limit, or set QUIESCE_TRACE_RING "
				 "lower");
	default:
		return fail(why, else_why);
	}
}

/* Who makes a file larger than the program may is ended by SIGXFSZ. */
static bool may_have(size_t size)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur >= size)
		return true;
	errno = EFBIG;
	return false;
}

static int open_folder(struct qs_trace *trace, const char **why)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct stat status;
	trace->folder = open(trace->directory, flags);
	if (trace->folder < 0 && errno == ENOENT && (mkdir(trace->directory, 0700) == 0 || errno == EEXIST))
		trace->folder = open(trace->directory, flags);
	if (trace->folder < 0 || fstat(trace->folder, &status) != 0)
		return fail_by_limit(why, "the trace directory can't be opened: create it, with mode 0700, or name "
					  "another one");
	if (status.st_uid != geteuid())
		return refuse(why, EPERM, "the trace directory belongs to another user: name one of your own");
	if ((status.st_mode & 077) != 0)
		return refuse(why, EPERM, "others may use the trace directory: set its mode to 0700");
	return 0;
}

static int make_control(const struct qs_trace *trace, const char **why)
{
	char draft[QS_TRACE_NAME_MAX + 16];
	add(add(draft, ".control-"), trace->name);
	if (!may_have(sizeof(struct qs_trace_control)))
		return fail_by_limit(why, "");
	const int file = openat(trace->folder, draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0)
		return fail_by_limit(why, "no file can be made in the trace directory");
	/* All of it is there, or reading a hole might fail later. */
	int error = posix_fallocate(file, 0, sizeof(struct qs_trace_control));
	struct qs_trace_control *control =
		error ? MAP_FAILED : mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (error == 0 && control == MAP_FAILED)
		error = errno;
	(void)close(file);
	if (error == 0) {
		control->version = QS_TRACE_VERSION;
		control->flags = qs_membarrier_usable(QS_GLOBAL_EXPEDITED) ? QS_TRACE_GLOBAL : 0;
		qs_store_relaxed(&control->gp, 1);
		qs_store_relaxed(&control->generation, 1);
		qs_store_release(&control->magic, QS_TRACE_MAGIC);
		(void)munmap(control, sizeof(*control));
		/* Somebody else may have been quicker: theirs is as good. */
		if (linkat(trace->folder, draft, trace->folder, "control", 0) != 0 && errno != EEXIST)
			error = errno;
	}
	(void)unlinkat(trace->folder, draft, 0);
	if (error)
		*why = "the trace directory has no room for its control file: make room";
	return error;
}

static int map_control(struct qs_trace *trace, const char **why)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	struct stat status;
	int file = openat(trace->folder, "control", flags);
	if (file < 0 && errno == ENOENT) {
		const int error = make_control(trace, why);
		if (error)
			return error;
		file = openat(trace->folder, "control", flags);
	}
	if (file < 0)
		return fail_by_limit(why, "the control file of the trace directory can't be opened: remove the "
					  "directory");
	const struct qs_trace_control *control = MAP_FAILED;
	errno = 0;
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
	    status.st_size >= (off_t)sizeof(*control))
		control = mmap(NULL, sizeof(*control), PROT_READ, MAP_SHARED, file, 0);
	const int error = errno;
	(void)close(file);
	errno = error;
	if (control == MAP_FAILED)
		return fail_by_limit(why, "the control file of the trace directory isn't one: remove the directory");
	trace->control = control;
	if (madvise((void *)(uintptr_t)control, sizeof(*control), MADV_POPULATE_READ) != 0 && errno != EINVAL)
		return refuse(why, ENOSPC, "the trace directory has no room for its control file: make room");
	if (qs_load_acquire(&control->magic) != QS_TRACE_MAGIC || control->version != QS_TRACE_VERSION)
		return refuse(why, EPROTO, "the trace directory is of another version: remove it, or name another one");
	trace->fences = (control->flags & QS_TRACE_GLOBAL) == 0 || !qs_membarrier_usable(QS_GLOBAL_EXPEDITED);
	return 0;
}

/* A new file in the directory, mapped; its descriptor is closed. MAP_FAILED and errno when it can't be. */
static void *map_new(const struct qs_trace *trace, const char *name, size_t size)
{
	if (!may_have(size))
		return MAP_FAILED;
	const int file = openat(trace->folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0)
		return MAP_FAILED;
	void *memory = MAP_FAILED;
	/* Accessible only when it isn't locked, since mlockall() would take memory for all of it. */
	if (ftruncate(file, (off_t)size) == 0)
		memory = mmap(NULL, size, PROT_NONE, MAP_SHARED, file, 0);
	if (memory != MAP_FAILED &&
	    (munlock(memory, size) != 0 || mprotect(memory, size, PROT_READ | PROT_WRITE) != 0)) {
		const int error = errno;
		(void)munmap(memory, size);
		memory = MAP_FAILED;
		errno = error;
	}
	if (memory != MAP_FAILED && madvise(memory, QS_TRACE_PAGE, MADV_POPULATE_WRITE) != 0) {
		const int error = errno == EINVAL ? posix_fallocate(file, 0, (off_t)size) : ENOSPC;
		allocated = errno == EINVAL && error == 0;
		if (error != 0) {
			(void)munmap(memory, size);
			memory = MAP_FAILED;
			errno = error;
		}
	}
	const int error = errno;
	(void)close(file);
	errno = error;
	return memory;
}

static void name_file(char name[QS_TRACE_NAME_MAX + 16], const char *before, const char *own, const char *after)
{
	add(add(add(name, before), own), after);
}

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec time;
	(void)clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

static void fill_header(struct qs_trace *trace)
{
	struct qs_trace_header *header = &trace->process->header;
	header->version = QS_TRACE_VERSION;
	header->size = trace->size;
	header->ring_size = trace->ring_size;
	header->uid = geteuid();
	header->pid = trace->pid;
	header->clock = qs_trace_which_clock();
	header->started = nanoseconds(CLOCK_MONOTONIC);
	header->realtime = (int64_t)(nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_MONOTONIC));
	memcpy(header->program, trace->program, sizeof(header->program));
	qs_store_release(&header->magic, QS_TRACE_MAGIC);
}

static size_t size_of(const struct qs_trace *trace)
{
	return sizeof(struct qs_trace_process) + (size_t)QS_TRACE_RINGS * trace->ring_size;
}

/* Rings that can't take more than what is usual. */
static void use_less(struct qs_trace *trace)
{
	trace->ring_size = trace->usual;
	trace->usual = 0;
}

int qs_trace_make(struct qs_trace *trace, const char **why)
{
	char file[QS_TRACE_NAME_MAX + 16];
	trace->folder = -1;
	trace->pid = getpid();
	name_of(trace->name, trace->pid);
	int error = open_folder(trace, why);
	if (error == 0)
		error = map_control(trace, why);
	if (error)
		return error;
	name_file(file, "", trace->name, ".life");
	void *memory = map_new(trace, file, QS_TRACE_PAGE);
	if (memory == MAP_FAILED)
		return fail_by_limit(why, "the trace directory has no room for this process: make room");
	trace->life = memory;
	(void)madvise(memory, QS_TRACE_PAGE, MADV_DONTFORK);
	name_file(file, ".", trace->name, ".trace");
	/* A file with holes is cheap; not where it has none, or a limit is lower. */
	if (trace->usual != 0 && (madvise(trace, QS_TRACE_PAGE, MADV_POPULATE_WRITE) != 0 || !may_have(size_of(trace))))
		use_less(trace);
	memory = map_new(trace, file, size_of(trace));
	if (memory == MAP_FAILED && errno == ENOMEM && trace->usual != 0) {
		(void)unlinkat(trace->folder, file, 0);
		use_less(trace);
		memory = map_new(trace, file, size_of(trace));
	}
	trace->size = size_of(trace);
	if (memory == MAP_FAILED)
		return fail_by_limit(why, "the trace directory has no room for this process: make room");
	trace->process = memory;
	for (uint32_t i = 0; i < QS_TRACE_RINGS; i++) {
		trace->own[i].shared = &trace->process->rings[i];
		trace->own[i].data =
			(unsigned char *)memory + sizeof(struct qs_trace_process) + (size_t)i * trace->ring_size;
	}
	fill_header(trace);
	return 0;
}

bool qs_trace_map_again(const struct qs_trace *trace, void *to, size_t size, size_t offset)
{
	char name[QS_TRACE_NAME_MAX + 16];
	const bool is_named = trace->folder < 0;
	const int folder =
		is_named ? open(trace->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : trace->folder;
	name_file(name, is_named ? "" : ".", trace->name, ".trace");
	const int file = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	const bool mapped = file >= 0 && mmap(to, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
					      (off_t)offset) == to;
	const int error = errno;
	if (file >= 0)
		(void)close(file);
	if (is_named && folder >= 0)
		(void)close(folder);
	errno = error;
	return mapped;
}

int qs_trace_publish(struct qs_trace *trace, const char **why)
{
	char from[QS_TRACE_NAME_MAX + 16], to[QS_TRACE_NAME_MAX + 16];
	name_file(from, ".", trace->name, ".trace");
	name_file(to, "", trace->name, ".trace");
	if (renameat(trace->folder, from, trace->folder, to) != 0)
		return fail(why, "the trace directory was removed meanwhile: try again");
	(void)close(trace->folder);
	trace->folder = -1;
	return 0;
}

void qs_trace_remove(const struct qs_trace *trace)
{
	static const char *const before[] = {".", "", ""}, *const after[] = {".trace", ".trace", ".life"};
	char file[QS_TRACE_NAME_MAX + 16];
	for (unsigned i = 0; i < 3; i++) {
		name_file(file, before[i], trace->name, after[i]);
		(void)unlinkat(trace->folder, file, 0);
	}
}

void qs_trace_unmake(struct qs_trace *trace)
{
	if (trace->folder >= 0)
		qs_trace_remove(trace);
	if (trace->process)
		(void)munmap(trace->process, trace->size);
	if (trace->life)
		(void)munmap(trace->life, QS_TRACE_PAGE);
	if (trace->control)
		(void)munmap((void *)(uintptr_t)trace->control, sizeof(*trace->control));
	if (trace->folder >= 0)
		(void)close(trace->folder);
}
