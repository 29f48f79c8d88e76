/* SPDX-License-Identifier: MIT */
/*
 * Our side of trace.c: a flight recorder (the oldest is overwritten), as LTTng's snapshot session is. It makes a trace
 * directory of its own, in $TMPDIR or /dev/shm, and its rules: all but bench:off. fences=1: without membarrier.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../tracepoint/layout.h"

#define QS_TRACEPOINT_DEFINE
#include "side_quiesce_trace_events.h"

#define side_tracepoint(...) qs_tracepoint(bench, __VA_ARGS__)
#define SIDE_IS_ON qs_tracepoint_enabled(bench, none)

static char side_directory[256];

static void side_rules(struct qs_trace_control *control)
{
	struct qs_trace_rules *rules = &control->rules[0];
	rules->overwrite[0] = 1;
	rules->running = 1;
	for (unsigned i = 0; i < 2; i++) {
		struct qs_trace_rule *rule = &rules->rules[i];
		rule->config = i == 0;
		rule->level_max = 14;
		strcpy(rule->program, "*");
		strcpy(rule->provider, "bench");
		strcpy(rule->name, i == 0 ? "*" : "off");
	}
	qs_store_release(&rules->count, 2);
	if (bench_option("fences", 0) != 0)
		control->flags = 0;
}

static inline void side_begin(void)
{
	const char *root = getenv("TMPDIR");
	char path[300];
	snprintf(side_directory, sizeof(side_directory), "%s/quiesce-bench-XXXXXX", root ? root : "/dev/shm");
	if (!mkdtemp(side_directory))
		bench_fail("no folder can be made for the trace");
	const struct qs_trace_options options = {.directory = side_directory};
	int status;
	const pid_t child = fork();
	if (child == 0)
		_exit(qs_trace_open(&options));
	if (waitpid(child, &status, 0) != child || status != 0)
		bench_fail("tracing can't be opened");
	snprintf(path, sizeof(path), "%s/control", side_directory);
	const int file = open(path, O_RDWR | O_CLOEXEC);
	struct qs_trace_control *control = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (control == MAP_FAILED)
		bench_fail("the control file can't be mapped");
	side_rules(control);
	if (qs_trace_open(&options) != 0)
		bench_fail(qs_trace_problem());
}

static inline void side_end(void)
{
	DIR *folder = opendir(side_directory);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(side_directory);
}
