/* SPDX-License-Identifier: MIT */
/*
 * Opening: by the program's own line, or by quiesce-trace-auto; and again in each child of fork(), which has the words
 * of its parent until then, but nothing to write into.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "letters.h"
#include "rings.h"
#include "../switch_step.h"

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static const char *problem = "";

/* For a fork under way: what is open, whether its lock was taken for it, and whether the thread is in a hit. */
static struct qs_trace *forking;
static bool locked, inside;

static int failed(int error, const char *why)
{
	problem = why;
	return error;
}

static struct qs_trace *new_trace(void)
{
	void *memory = mmap(NULL, sizeof(struct qs_trace), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

/* "1234", a power of two in the bounds; 0: it isn't. Who asks for nothing has less while that is enough. */
static uint32_t ring_size_of(const struct qs_trace_options *options, uint32_t *usual)
{
	unsigned long size = options && options->ring_size ? options->ring_size : 0;
	const char *text = getenv("QUIESCE_TRACE_RING");
	if (size == 0 && text && *text) {
		char *end;
		size = strtoul(text, &end, 10);
		if (*end)
			return 0;
	}
	*usual = size == 0 ? QS_TRACE_RING_USUAL : 0;
	if (size == 0)
		size = QS_TRACE_RING_DEFAULT;
	return size >= QS_TRACE_RING_MIN && size <= QS_TRACE_RING_MAX && (size & (size - 1)) == 0 ? (uint32_t)size : 0;
}

static bool join_path(char *to, const char *folder, const char *name)
{
	if (strlen(folder) + strlen(name) >= PATH_MAX)
		return false;
	strcpy(to, folder);
	strcat(to, name);
	return true;
}

static bool find_directory(char *to, const struct qs_trace_options *options)
{
	const char *given = options ? options->directory : NULL;
	if (!given || !*given)
		given = getenv("QUIESCE_TRACE_DIR");
	if (given && *given)
		return *given == '/' && join_path(to, given, "");
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat status;
	if (runtime && *runtime == '/' && stat(runtime, &status) == 0 && S_ISDIR(status.st_mode) &&
	    status.st_uid == geteuid())
		return join_path(to, runtime, "/quiesce-trace");
	char number[12];
	unsigned at = sizeof(number) - 1;
	number[at] = 0;
	for (uid_t uid = geteuid(), first = 1; first || uid; uid /= 10, first = 0)
		number[--at] = (char)('0' + uid % 10);
	return join_path(to, "/dev/shm/quiesce-trace-", number + at);
}

/* The base name of the executable, as the kernel knows it: no program can change it by its arguments. */
static void find_program(char program[64])
{
	char path[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *from = length > 0 ? path : (const char *)getauxval(AT_EXECFN);
	if (length > 0)
		path[length] = 0;
	const char *slash = from ? strrchr(from, '/') : NULL;
	from = slash ? slash + 1 : (from ? from : "?");
	memcpy(program, from, strnlen(from, 63));
}

/* The modules are known, the files have their names, the rules hold: from here on it is open. */
int qs_trace_go_on(struct qs_trace *trace, const char **why)
{
	/* Whose events are missing would look for the fault in its own rules. */
	if (trace->refused != 0) {
		*why = trace->refused == ENOSPC ? "the trace directory has no room for this process: make room"
						: "the words of tracepoints can't be mapped";
		return trace->refused;
	}
	QS_TRACE_SWITCH_STEP(Name);
	const int error = qs_trace_publish(trace, why);
	if (error)
		return error;
	fence_k();
	qs_trace_apply(trace);
	qs_compiler_barrier();
	qs_trace_mine->trace = trace;
	return 0;
}

static void before_fork(void)
{
	struct qs_trace *trace = qs_trace_here();
	bool own = false;
	/* From a signal handler that has interrupted this thread's own registration it is held already. */
	while (trace && !own && !qs_trace_try_lock(trace)) {
		own = qs_load_relaxed(&trace->lock) == (uint32_t)syscall(SYS_gettid);
		if (!own)
			(void)sched_yield();
	}
	/* What two threads that fork at once would both write is under the lock. */
	forking = trace;
	locked = trace && !own;
	inside = own || qs_load_relaxed(&qs_trace_busy) != 0;
}

static void after_fork(void)
{
	if (forking && locked)
		qs_trace_unlock(forking);
}

/* Words of nobody: always off. */
static void cut_off(const struct qs_trace *parent)
{
	for (uint32_t i = 0; i < parent->modules; i++) {
		const struct qs_trace_known_module *known = &parent->module[i];
		if (known->module)
			(void)mmap(qs_trace_far(&known->module->words), (size_t)known->pages * QS_TRACE_PAGE,
				   PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	}
}

/*
 * The parent's memory: a child must not write there. Where it was forked in the middle of a hit it goes on with it, and
 * gets memory to end it in. Not MADV_DONTFORK: what is mapped in such a hole meanwhile would be taken for that memory.
 */
static void forget(struct qs_trace *parent)
{
	if (inside) {
		(void)mmap(parent->process, parent->size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
		return;
	}
	(void)munmap(parent->process, parent->size);
	(void)munmap((void *)(uintptr_t)parent->control, sizeof(*parent->control));
	(void)munmap(parent, sizeof(*parent));
}

static void in_child(void)
{
	struct qs_trace *parent = forking;
	const char *why;
	if (!parent)
		return;
	const int error = errno;
	qs_trace_self = NULL;
	struct qs_trace *trace = new_trace();
	if (trace) {
		memcpy(trace->directory, parent->directory, sizeof(trace->directory));
		memcpy(trace->program, parent->program, sizeof(trace->program));
		trace->ring_size = parent->ring_size;
		trace->usual = parent->usual;
		trace->keyed = parent->keyed;
		bool made = qs_trace_make(trace, &why) == 0;
		for (uint32_t i = 0; made && i < parent->modules; i++)
			if (parent->module[i].module)
				qs_trace_add_module(trace, parent->module[i].module);
		if (!made || qs_trace_go_on(trace, &why) != 0) {
			cut_off(parent);
			qs_trace_unmake(trace);
			(void)munmap(trace, sizeof(*trace));
		}
	} else {
		cut_off(parent);
	}
	forget(parent);
	forking = NULL;
	errno = error;
}

static bool make_mine(void)
{
	if (qs_trace_mine)
		return true;
	void *page = mmap(NULL, QS_TRACE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return false;
	if (madvise(page, QS_TRACE_PAGE, MADV_WIPEONFORK) != 0 ||
	    pthread_atfork(before_fork, after_fork, in_child) != 0) {
		(void)munmap(page, QS_TRACE_PAGE);
		return false;
	}
	qs_trace_mine = page;
	return true;
}

static int open_first(const struct qs_trace_options *options)
{
	const char *why = "";
	if (getauxval(AT_SECURE) != 0)
		return failed(EPERM, "the program runs with another user's rights, and so isn't traced");
	if (sysconf(_SC_PAGESIZE) != (long)QS_TRACE_PAGE)
		return failed(ENOTSUP, "the machine's pages aren't 4 KiB, and so nothing can be traced");
	struct qs_trace *trace = new_trace();
	if (!trace || !make_mine()) {
		if (trace)
			(void)munmap(trace, sizeof(*trace));
		return failed(ENOMEM, "there isn't enough memory, or the kernel has no MADV_WIPEONFORK (Linux 4.14)");
	}
	int error = EINVAL;
	trace->folder = -1;
	trace->ring_size = ring_size_of(options, &trace->usual);
	trace->keyed = qs_trace_make_key();
	find_program(trace->program);
	if (trace->ring_size == 0)
		why = "the ring's size (ring_size, QUIESCE_TRACE_RING) must be a power of two from 4096 to 67108864";
	else if (!find_directory(trace->directory, options))
		why = "the trace directory (QUIESCE_TRACE_DIR) must be an absolute path of at most 4095 characters";
	else
		error = qs_trace_make(trace, &why);
	if (error == 0) {
		qs_trace_add_loaded(trace);
		error = qs_trace_go_on(trace, &why);
	}
	if (error == 0)
		return failed(0, "");
	cut_off(trace);
	qs_trace_unmake(trace);
	(void)munmap(trace, sizeof(*trace));
	return failed(error, why);
}

int qs_trace_open(const struct qs_trace_options *options)
{
	const int kept = errno;
	(void)pthread_mutex_lock(&opening);
	const int error = qs_trace_here() ? 0 : open_first(options);
	(void)pthread_mutex_unlock(&opening);
	errno = kept;
	return error;
}

const char *qs_trace_problem(void)
{
	return problem;
}

/* Who ends without having recorded anything leaves nothing behind; of the others the recorder reads what they wrote. */
__attribute__((destructor)) static void leave_nothing(void)
{
	struct qs_trace *trace = qs_trace_here();
	if (!trace || qs_load_relaxed(&trace->process->header.rings) != 0)
		return;
	trace->folder = open(trace->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (trace->folder < 0)
		return;
	qs_trace_remove(trace);
	(void)close(trace->folder);
	trace->folder = -1;
}
