/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "drain.h"
#include "folder.h"
#include "grace.h"
#include "guard.h"
#include "limit.h"
#include "list.h"
#include "say.h"

enum {
	US = 1000, MS = 1000000,
	FIRST = 50, LONGEST = 2000, /* us between two drains */
	SPARSE = 8, DENSE = 32,     /* of 256: how full a ring may be between two drains */
	LIST_MS = 10,
	LIFE_MS = 50,
	SAY_MS = 500,
	AGAIN_MS = 100, /* after something could not be written */
	SPARE_FILES = 12, /* of the descriptors that we may have */
};

struct recorder {
	const struct qs_recording *what;
	struct qs_drain drain;
	struct qs_processes processes;
	uint64_t began, listed, looked, said;
	unsigned pause; /* us */
	bool full; /* the last attempt to write has failed */
	bool crowded; /* not all processes could be opened, when last looked */
	bool removed; /* the trace directory */
	uint64_t recorded; /* processes */
};

static volatile sig_atomic_t ended;

static void on_end(int number)
{
	(void)number;
	ended = 1;
}

static void *grown(void *list, unsigned count, size_t size)
{
	void *more = realloc(list, (count + 1) * size);
	if (!more)
		qs_fail(QS_EXIT_MACHINE, NULL, NULL, "out of memory");
	return more;
}

void qs_recording_pid(struct qs_recording *recording, int32_t pid)
{
	recording->pids = grown(recording->pids, recording->pid_count, sizeof *recording->pids);
	recording->pids[recording->pid_count++] = pid;
}

void qs_recording_program(struct qs_recording *recording, const char *pattern)
{
	recording->programs = grown(recording->programs, recording->program_count, sizeof *recording->programs);
	recording->programs[recording->program_count++] = pattern;
}

static bool is_wanted(const struct qs_recording *what, const struct qs_process *process)
{
	for (unsigned i = 0; i < what->pid_count; i++)
		if (what->pids[i] == process->pid)
			return true;
	for (unsigned i = 0; i < what->program_count; i++)
		if (qs_event_matches(what->programs[i], process->program))
			return true;
	return what->pid_count == 0 && what->program_count == 0;
}

static _Noreturn void give_up(const char *out, int error)
{
	qs_fail(QS_EXIT_MACHINE, out,
		error == ENOENT ? "What was not recorded is still in the rings: record into another folder."
				: "What was not recorded is still in the rings: make room or use another folder.",
		error == ENOENT ? "the recording was removed (%s)" : "the recording can't be written: %s",
		strerror(error));
}

/* Errors that may pass: they are said once, and what is not written stays where it is. */
static void note_error(struct recorder *recorder, const char *out)
{
	int error = recorder->drain.error;
	const char *todo = qs_limit_hint(error);
	if (!todo && error != EINTR && error != EIO)
		give_up(out, error);
	if (!recorder->full) {
		char hint[256];
		snprintf(hint, sizeof hint, "%s%sWhat was recorded stays; recording goes on when it can, and what was "
			 "lost is counted.", todo ? todo : "", todo ? " " : "");
		qs_say_warning(out, hint, "can't be written to: %s", strerror(error));
	}
	recorder->full = true;
}

static void begin(struct recorder *recorder, struct qs_process *process, const char *out)
{
	struct qs_tapped *tapped = calloc(1, sizeof *tapped);
	int error;
	if (!tapped)
		qs_fail(QS_EXIT_MACHINE, NULL, NULL, "out of memory");
	process->own = tapped;
	error = qs_folder_find(&recorder->drain, process);
	if (error != 0) {
		recorder->drain.error = error;
		note_error(recorder, out);
	}
	recorder->recorded++;
}

static bool is_removed(const struct qs_directory *directory)
{
	struct stat found;
	return fstat(directory->fd, &found) == 0 && found.st_nlink == 0;
}

static void list(struct recorder *recorder, const char *out)
{
	const char *directory = recorder->drain.directory->path;
	struct qs_processes *processes = &recorder->processes;
	qs_processes_list(recorder->drain.directory, processes);
	const bool crowded = processes->refused != 0;
	if (crowded && !recorder->crowded)
		qs_say_warning(directory, qs_limit_hint(processes->refused),
			"not all traced processes can be opened, and so recorded: %s", strerror(processes->refused));
	else if (!crowded && recorder->crowded)
		qs_say_warning(directory, NULL, "all traced processes can be opened again");
	recorder->crowded = crowded;
	if (!recorder->removed && is_removed(recorder->drain.directory)) {
		recorder->removed = true;
		qs_say_warning(directory, "End this recording, and begin another one, to record those that start now.",
			       "the trace directory was removed: who had it open is recorded to its end");
	}
	for (size_t i = 0; i < recorder->processes.count; i++) {
		struct qs_process *process = recorder->processes.list[i];
		if (!process->own && is_wanted(recorder->what, process))
			begin(recorder, process, out);
	}
}

/* True where all could be written. */
static bool drain(struct recorder *recorder, const char *out, bool all)
{
	bool whole = true;
	for (size_t i = 0; i < recorder->processes.count; i++) {
		struct qs_process *process = recorder->processes.list[i];
		if (process->own && !qs_drain_process(&recorder->drain, process, all)) {
			note_error(recorder, out);
			whole = false;
		}
	}
	if (whole && recorder->full) {
		qs_say_warning(out, NULL, "can be written to again");
		recorder->full = false;
	}
	return whole;
}

static void forget(struct recorder *recorder, size_t index)
{
	struct qs_process *process = recorder->processes.list[index];
	struct qs_tapped *tapped = process->own;
	if (tapped) {
		qs_drain_close(process);
		qs_folder_close(tapped);
		free(tapped);
	}
	qs_process_close(process);
	recorder->processes.list[index] = recorder->processes.list[--recorder->processes.count];
}

/* What the dead have left is recorded once more, and removed. Whoever's file has gone is forgotten. */
static void bury(struct recorder *recorder, const char *out)
{
	for (size_t i = recorder->processes.count; i-- > 0;) {
		struct qs_process *process = recorder->processes.list[i];
		bool dead = process->own && qs_process_life(recorder->drain.directory, process) == QS_DEAD;
		if (dead && !qs_drain_process(&recorder->drain, process, true)) {
			note_error(recorder, out);
			continue;
		}
		/* Where there are no leases, its death is a guess, and its files stay. */
		if (dead && !process->by_pid)
			qs_process_remove(recorder->drain.directory, process->name);
		if (dead || !process->seen)
			forget(recorder, i);
	}
	qs_reap_orphans(recorder->drain.directory);
}

static void say_totals(const struct recorder *recorder, const char *key)
{
	const struct qs_totals *totals = &recorder->drain.totals;
	qs_say_open(NULL, '{');
	qs_say_open(key, '{');
	qs_say_number("events", totals->events);
	qs_say_number("bytes", totals->bytes);
	qs_say_number("packets", totals->packets);
	qs_say_number("lost", totals->lost);
	qs_say_number("damaged", totals->damaged);
	qs_say_number("processes", recorder->recorded);
	qs_say_number("seconds", (qs_now() - recorder->began) / 1000000000);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
}

/* A pipe on standard input ends when whoever has started us does, however that happens. */
static bool has_pipe(void)
{
	struct stat found;
	return fstat(STDIN_FILENO, &found) == 0 && (S_ISFIFO(found.st_mode) || S_ISSOCK(found.st_mode));
}

static void wait_a_while(const struct recorder *recorder, bool pipe, const sigset_t *usual)
{
	struct pollfd input = { .fd = pipe ? STDIN_FILENO : -1, .events = POLLIN };
	const struct timespec time = { .tv_nsec = recorder->full ? (long)AGAIN_MS * MS : (long)recorder->pause * US };
	char ignored[256];
	if (ppoll(&input, 1, &time, usual) > 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
		ended = 1;
}

/* Threads don't say that a ring fills up, which would cost them a system call: so it is looked at often enough. */
static void adapt(struct recorder *recorder)
{
	const uint32_t fullest = recorder->drain.fullest;
	recorder->drain.fullest = 0;
	if (fullest > DENSE)
		recorder->pause = fullest > 2 * DENSE ? 0 : recorder->pause / 2;
	else if (fullest < SPARSE && recorder->pause < LONGEST)
		recorder->pause += recorder->pause / 4 + FIRST;
}

static bool is_due(uint64_t *last, unsigned milliseconds)
{
	uint64_t now = qs_now();
	if (now - *last < milliseconds * UINT64_C(1000000))
		return false;
	*last = now;
	return true;
}

static bool is_over(const struct recorder *recorder)
{
	return ended || (recorder->what->limited &&
			 qs_now() - recorder->began >= recorder->what->duration_s * UINT64_C(1000000000));
}

static void store_recorded(void *with)
{
	struct qs_trace_control *control = with;
	qs_store_relaxed(&control->recorded, qs_now());
}

static void loop(struct recorder *recorder, const char *out, const sigset_t *usual)
{
	bool pipe = has_pipe();
	while (!is_over(recorder)) {
		if (is_due(&recorder->listed, LIST_MS)) {
			list(recorder, out);
			/* Where it was cut off, who is traced does without. */
			(void)qs_guarded(store_recorded, recorder->drain.directory->control);
		}
		drain(recorder, out, false);
		if (is_due(&recorder->looked, LIFE_MS))
			bury(recorder, out);
		if (is_due(&recorder->said, SAY_MS))
			say_totals(recorder, "progress");
		adapt(recorder);
		wait_a_while(recorder, pipe, usual);
	}
}

static int open_out(const char *out)
{
	if (mkdir(out, 0700) != 0 && errno != EEXIST)
		qs_fail(errno == ENOENT || errno == ENOTDIR ? QS_EXIT_INPUT : QS_EXIT_MACHINE, out,
			errno == ENOENT ? "The folder that it is to lie in does not exist: make it first." : NULL,
			"the recording can't be made: %s", strerror(errno));
	int fd = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || faccessat(fd, ".", W_OK | X_OK, 0) != 0)
		qs_fail(QS_EXIT_INPUT, out, NULL, "is no folder that can be written to: %s", strerror(errno));
	/* A folder belongs to one recorder at a time, whatever directories they trace; it ends with the descriptor. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		qs_fail(QS_EXIT_MACHINE, out, "Record into another folder.", "somebody records into it already");
	return fd;
}

/*
 * A process takes two descriptors, and writing takes some: were all taken by processes, nothing could be written, and
 * none that has died would ever give its own back.
 */
static size_t most_processes(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	return limit.rlim_cur > SPARE_FILES + 2 ? (size_t)(limit.rlim_cur - SPARE_FILES) / 2 : 1;
}

/* The signals that end a recording come while it waits, and nowhere else. */
static void take_signals(sigset_t *usual)
{
	struct sigaction action = { .sa_handler = on_end };
	sigset_t blocked;
	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, usual);
	sigdelset(usual, SIGINT);
	sigdelset(usual, SIGTERM);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A file that may not grow any more is an error like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
}

int qs_record(const struct qs_directory *directory, const char *out, const struct qs_recording *what)
{
	static struct recorder recorder;
	sigset_t usual;
	int error;
	take_signals(&usual);
	recorder.what = what;
	recorder.drain.directory = directory;
	recorder.drain.out = open_out(out);
	recorder.pause = FIRST;
	recorder.processes.most = most_processes();
	error = qs_folder_clock(&recorder.drain);
	if (error != 0)
		give_up(out, error);
	qs_say_open(NULL, '{');
	qs_say_open("recording", '{');
	qs_say_text("directory", directory->path);
	qs_say_text("out", out);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
	recorder.began = recorder.said = qs_now();
	if (!what->snapshot)
		loop(&recorder, out, &usual);
	list(&recorder, out);
	bool whole = drain(&recorder, out, true);
	if (!what->snapshot)
		bury(&recorder, out);
	while (recorder.processes.count > 0)
		forget(&recorder, recorder.processes.count - 1);
	if (what->snapshot)
		qs_reap_empty(directory);
	say_totals(&recorder, "recorded");
	if (!whole)
		give_up(out, recorder.drain.error);
	return QS_EXIT_OK;
}
