/* SPDX-License-Identifier: MIT */
/*
 * Our side of trace.c and trace_switch.c: a flight recorder (the oldest is overwritten), as LTTng's snapshot session
 * is; with directory=PATH, where somebody records, the newest is lost. Without it, it makes a trace directory of its
 * own, in root=PATH or /dev/shm. Its rules: all but bench:off and bench:switched. fences=1: without membarrier.
 * controller=PATH: the program quiesce-trace.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test/folder.h"
#include "../tracepoint/layout.h"

#define QS_TRACEPOINT_DEFINE
#include "side_quiesce_trace_events.h"

#define side_tracepoint(...) qs_tracepoint(bench, __VA_ARGS__)
#define side_enabled(name) qs_tracepoint_enabled(bench, name)

static char side_directory[256];
static bool side_is_given;

static void side_rules(struct qs_trace_control *control)
{
	static const char *const names[] = {"*", "off", "switched"};
	struct qs_trace_rules *rules = &control->rules[0];
	rules->overwrite[0] = !side_is_given;
	rules->running = 1;
	for (unsigned i = 0; i < 3; i++) {
		struct qs_trace_rule *rule = &rules->rules[i];
		rule->config = i == 0;
		rule->level_max = 14;
		strcpy(rule->program, "*");
		strcpy(rule->provider, "bench");
		strcpy(rule->name, names[i]);
	}
	control->configs[1].reserved = 1; /* in use, as the controller marks it */
	qs_store_release(&rules->count, 3);
	if (bench_option("fences", 0) != 0)
		control->flags = 0;
}

static inline void side_begin(void)
{
	char path[300];
	const char *given = bench_text("directory");
	side_is_given = given != NULL;
	if (side_is_given)
		snprintf(side_directory, sizeof(side_directory), "%s", given);
	else if (!test_folder_make(side_directory, sizeof(side_directory), bench_text("root")))
		bench_fail("no folder can be made for the trace");
	const struct qs_trace_options options = {
		.directory = side_directory,
		.ring_size = (uint32_t)bench_option("ring", 0),
	};
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
	if (!side_is_given)
		test_folder_remove(side_directory);
}

/* In a process of its own: switches bench:switched on or off, and leaves the others as they are. */
_Noreturn static inline void side_switch(bool on)
{
	static const char all[] = "running\t1\noverwrite\t0\t1\nrule\t*\tbench\t*\t14\t0\t0\t1\t-\n"
				  "rule\t*\tbench\toff\t14\t0\toff\n";
	static const char but[] = "rule\t*\tbench\tswitched\t14\t0\toff\n";
	const char *controller = bench_text("controller");
	int ends[2];
	if (controller && pipe(ends) == 0 && write(ends[1], all, sizeof(all) - 1) == (ssize_t)(sizeof(all) - 1) &&
	    (on || write(ends[1], but, sizeof(but) - 1) == (ssize_t)(sizeof(but) - 1))) {
		close(ends[1]);
		dup2(ends[0], STDIN_FILENO);
		execl(controller, controller, "apply", side_directory, (char *)NULL);
	}
	_exit(127);
}
