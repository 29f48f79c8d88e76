/* SPDX-License-Identifier: MIT */
/*
 * Our side of trace_change.c: quiesce-trace's own code as the controller, whose barrier is one of those that it has to
 * be compared with. Options: how, root (below which the trace directory is made).
 */
#define QS_TRACEPOINT_DEFINE
#include "side_quiesce_trace_events.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../src/membarrier.h"
#include "../test/folder.h"
#include "../tracepoint/controller/apply.h"
#include "../tracepoint/controller/rules.h"

enum { SIDE_PATIENCE_MS = 10000 };

/* The traced program's process, which has one thread; and how many signals it has handled, in memory of both. */
static pid_t side_traced;
static _Atomic uint32_t *side_signals;

static char side_directory[256];
static struct qs_directory side_of;
static struct qs_rules side_on, side_off;
static int side_out;

static enum { FENCES, SIGNALS, GLOBAL, EXPEDITED, PRIVATE } side_how;

static void side_fence(int number)
{
	(void)number;
	qs_full_fence();
	(*side_signals)++;
}

/* The traced program has one thread. */
static bool side_signal_it(void)
{
	const uint32_t before = *side_signals;
	if (side_traced == 0)
		return true;
	if (syscall(SYS_tgkill, side_traced, side_traced, SIGUSR1) != 0)
		return false;
	while (*side_signals == before)
		qs_pause();
	return true;
}

bool __wrap_qs_membarrier_try(enum qs_membarrier_command command);
bool __real_qs_membarrier_try(enum qs_membarrier_command command);

/* What the controller calls. */
bool __wrap_qs_membarrier_try(enum qs_membarrier_command command)
{
	switch (side_how) {
	case SIGNALS:
		return side_signal_it();
	case GLOBAL:
		return __real_qs_membarrier_try(QS_GLOBAL_GENTLE);
	case PRIVATE:
		return __real_qs_membarrier_try(QS_PRIVATE_EXPEDITED);
	case FENCES:
	case EXPEDITED:
		break;
	}
	return __real_qs_membarrier_try(command);
}

static void side_find_how(void)
{
	static const char *const names[] = {"fences", "signals", "global", "expedited", "private"};
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (bench_is("how", names[i])) {
			side_how = i;
			if (side_how == PRIVATE && !qs_membarrier_usable(QS_PRIVATE_EXPEDITED))
				bench_fail("the kernel has no PRIVATE_EXPEDITED");
			return;
		}
	}
	bench_fail("how must be fences, signals, global, expedited or private");
}

static void side_find_rules(struct qs_rules *rules, bool switched_on)
{
	struct qs_trace_rule *rule = &rules->rules[0];
	rules->count = 1;
	rules->running = true;
	rules->overwrite[0] = true;
	rule->config = switched_on;
	rule->level_max = 14;
	strcpy(rule->program, "*");
	strcpy(rule->provider, "bench");
	strcpy(rule->name, "four");
	rules->configs[0].sample = 1;
}

/* `signals` is memory that all processes share. Nobody is traced yet. */
static inline void side_begin(_Atomic uint32_t *signals)
{
	side_signals = signals;
	if (!test_folder_make(side_directory, sizeof(side_directory), bench_text("root")))
		bench_fail("no folder can be made for the trace");
	/* What the controller says is not the result. */
	side_out = dup(STDOUT_FILENO);
	const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(nothing, STDOUT_FILENO);
	side_find_how();
	qs_directory_open(&side_of, side_directory, true);
	if (side_how == FENCES)
		side_of.flags = side_of.control->flags = 0;
	side_find_rules(&side_on, true);
	side_find_rules(&side_off, false);
	qs_apply(&side_of, &side_on, SIDE_PATIENCE_MS);
}

static inline void side_change(bool on)
{
	qs_apply(&side_of, on ? &side_on : &side_off, SIDE_PATIENCE_MS);
}

static inline void side_end(void)
{
	test_folder_remove(side_directory);
	fflush(stdout);
	dup2(side_out, STDOUT_FILENO);
}

/* In the process that is traced: false where it can't be. It has a ring then, which a change looks at. */
static inline bool side_open(void)
{
	const struct qs_trace_options options = {.directory = side_directory};
	const struct sigaction action = {.sa_handler = side_fence};
	sigaction(SIGUSR1, &action, NULL);
	if (qs_trace_open(&options) != 0)
		return false;
	qs_tracepoint(bench, four, 1, 2, 3, 4);
	return true;
}

#define side_hit(number) qs_tracepoint(bench, four, number, 2, 3, 4)
