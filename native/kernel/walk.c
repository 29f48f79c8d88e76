/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generated/plan.h"
#include "generated/membarrier_commands.h"
#include "processors.h"
#include "tap.h"
#include "words.h"

enum { SUITES = sizeof(QS_SUITES) / sizeof(QS_SUITES[0]) };

/* The part of the answer that a suite knows; a kernel without the call is one to each suite. */
static int part_of(const struct qs_suite *suite, int mask)
{
	return mask < 0 ? -1 : mask & suite->mask;
}

static bool is_known(int mask)
{
	const struct qs_suite *whole = &QS_SUITES[0];
	for (int path = 0; path < whole->count; path++)
		if (QS_PATHS[whole->first + path].kernel == part_of(whole, mask))
			return true;
	return false;
}

/* A seccomp filter answers in the kernel's place; /proc tells that there is one, not what it does. */
static bool is_filtered(void)
{
	char line[128];
	int mode = 0;
	FILE *status = fopen("/proc/self/status", "r");
	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "Seccomp: %d", &mode) == 1)
			break;
	if (status != NULL)
		fclose(status);
	return mode == 2;
}

#define QS_QUERY_SECONDS 10

/*
 * A filter may kill whoever calls, or never answer: so a child does it first. The signal, SIGALRM when there was no
 * answer; 0 when it has come through.
 */
static int signal_that_kills(void)
{
	int status = 0;
	pid_t child;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* it leaves no core behind */
		alarm(QS_QUERY_SECONDS);
		(void)qs_kernel_call(QS_CMD_QUERY, 0, 0);
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

bool qs_walk_kernel(int *mask)
{
	const struct qs_step query = { 1, QS_CALL, QS_CMD_QUERY, 0, QS_CPU_OWN };
	char text[QS_TEXT];
	int answer, killed = signal_that_kills();
	if (killed == SIGALRM) {
		qs_tap_say("query: no answer");
		qs_tap_say("unavailable: QUERY does not return for %d s, as where something in front of the kernel has "
			   "taken it",
			   QS_QUERY_SECONDS);
		if (is_filtered())
			qs_tap_say("filter: a seccomp filter is in front of the kernel");
		qs_tap_verdict(QS_UNAVAILABLE);
		return false;
	}
	if (killed != 0) {
		qs_tap_say("query: killed by signal %d (%s)", killed, strsignal(killed));
		qs_tap_say("unavailable: whoever calls it is killed by signal %d (%s), as by a seccomp filter", killed,
			   strsignal(killed));
		if (is_filtered())
			qs_tap_say("filter: a seccomp filter is in front of the kernel");
		qs_tap_verdict(QS_UNAVAILABLE);
		return false;
	}
	answer = qs_kernel_call(QS_CMD_QUERY, 0, 0);
	qs_words_answer(text, &query, answer);
	qs_tap_say("query: %s", text);
	if (is_filtered())
		qs_tap_say("filter: a seccomp filter is in front of the kernel");
	*mask = answer == -ENOSYS ? -1 : answer;
	if (answer < 0 && answer != -ENOSYS) {
		qs_tap_say("unavailable: QUERY is refused with %s, which no kernel answers: something in front of it "
			   "does",
			   text);
		qs_tap_verdict(QS_UNAVAILABLE);
		return false;
	}
	if (answer == -ENOSYS) {
		qs_tap_say("unavailable: no such system call: Linux before 4.3, CONFIG_MEMBARRIER=n, or a filter");
		qs_tap_verdict(QS_UNAVAILABLE);
	} else if (answer & ~QS_SUITES[0].mask) {
		snprintf(text, sizeof(text), "it has commands that are newer than the specification: 0x%x",
			 (unsigned int)(answer & ~QS_SUITES[0].mask));
		qs_tap_inconclusive(text, "QUERY");
		return false;
	}
	if (is_known(*mask))
		return true;
	qs_tap_fail("QUERY answers a set of commands that a kernel has");
	qs_tap_details_begin();
	qs_tap_detail("before", "nothing registered");
	qs_tap_detail("call", "1: QUERY flags 0");
	qs_tap_detail("expected", "the mask of a kernel from 4.3 on, see EveryKernel in the module Api");
	snprintf(text, sizeof(text), "0x%x", (unsigned int)answer);
	qs_tap_detail("answer", text);
	qs_tap_details_end();
	return false;
}

static void tell_difference(const struct qs_path *path, int at, int answer)
{
	const struct qs_move *move = &QS_MOVES[path->first + at];
	const struct qs_step *step = &QS_STEPS[move->step];
	char text[QS_TEXT];
	qs_tap_details_begin();
	qs_tap_detail("before", QS_STATES[move->before]);
	qs_words_step(text, step);
	qs_tap_detail("call", text);
	qs_words_answer(text, step, move->answer);
	qs_tap_detail("expected", text);
	qs_words_answer(text, step, answer);
	qs_tap_detail("answer", text);
	/* Only what changes the state leads there; the other steps are asked and forgotten. */
	qs_tap_value_begin("path");
	for (int i = 0; i < at; i++) {
		const struct qs_move *earlier = &QS_MOVES[path->first + i];
		if (earlier->before == earlier[1].before && QS_STEPS[earlier->step].action == QS_CALL)
			continue;
		qs_words_step(text, &QS_STEPS[earlier->step]);
		qs_tap_value(text);
		qs_tap_value("; ");
	}
	qs_tap_value_end();
	qs_tap_details_end();
}

/* A kernel that does not answer so often is not asked further: each time takes seconds, and there are many paths. */
enum { MOST_HANGS = 4 };

struct count {
	int taken, edges, different, undecided;
	int left; /* paths that were not tried */
};

/* How far a path was followed; all of it when nothing was amiss. */
static int follow(const struct qs_suite *suite, int number, const struct qs_self *self, struct count *count)
{
	const struct qs_path *path = &QS_PATHS[suite->first + number];
	char name[QS_TEXT], why[3 * QS_TEXT], text[QS_TEXT];
	int at = 0;
	snprintf(name, sizeof(name), "%s, path %d", suite->claim, number + 1);
	struct qs_result result = { qs_tasks_begin(self) ? QS_ANSWERED : QS_SILENT, 0 };
	if (result.outcome == QS_SILENT) {
		qs_tap_inconclusive("a process can't be started", name);
		count->undecided++;
		qs_tasks_end();
		return 0;
	}
	for (; at < path->count; at++) {
		const struct qs_move *move = &QS_MOVES[path->first + at];
		result = qs_tasks_take(&QS_STEPS[move->step]);
		if (result.outcome != QS_ANSWERED || result.answer != move->answer)
			break;
		count->taken += move->first;
	}
	qs_tasks_end();
	if (at == path->count) {
		qs_tap_pass("%s: %d steps", name, path->count);
		return at;
	}
	const struct qs_step *step = &QS_STEPS[QS_MOVES[path->first + at].step];
	qs_words_step(text, step);
	if (result.outcome == QS_SILENT) {
		snprintf(why, sizeof(why), "no answer to step %d: %s", at + 1, text);
	} else if (result.outcome == QS_ENDED && result.answer != 0) {
		snprintf(why, sizeof(why), "a task was killed by signal %d (%s) at step %d: %s", result.answer,
			 strsignal(result.answer), at + 1, text);
	} else if (result.outcome == QS_ENDED) {
		snprintf(why, sizeof(why), "a task has ended at step %d: %s", at + 1, text);
	} else if (result.outcome == QS_IMPOSSIBLE) {
		char error[QS_TEXT];
		qs_words_answer(error, step, result.answer);
		snprintf(why, sizeof(why), "this machine can't take step %d: %s (%s)", at + 1, text, error);
	} else if (result.answer == -ENOMEM) {
		snprintf(why, sizeof(why), "the kernel was out of memory at step %d: %s", at + 1, text);
	} else {
		count->different++;
		qs_tap_fail("%s, step %d", name, at + 1);
		tell_difference(path, at, result.answer);
		return at;
	}
	count->undecided++;
	qs_tap_inconclusive(why, name);
	return at;
}

static void tell_left(const struct qs_suite *suite, int left)
{
	char name[QS_TEXT], why[QS_TEXT];
	snprintf(name, sizeof(name), "%s, the other %d paths", suite->claim, left);
	snprintf(why, sizeof(why), "not asked, since there was no answer %d times", qs_tasks_hangs());
	qs_tap_inconclusive(why, name);
}

bool qs_walk_all(int mask, const struct qs_self *self, const char *only)
{
	qs_tap_say("offline: %s", qs_processors_offline());
	for (int i = 0; i < SUITES; i++) {
		const struct qs_suite *suite = &QS_SUITES[i];
		struct count count = { 0 };
		if (only != NULL && strncmp(suite->claim, only, strlen(only)) != 0)
			continue;
		for (int number = 0; number < suite->count; number++) {
			const struct qs_path *path = &QS_PATHS[suite->first + number];
			if (path->kernel != part_of(suite, mask))
				continue;
			for (int at = 0; at < path->count; at++)
				count.edges += QS_MOVES[path->first + at].first;
			if (qs_tasks_hangs() < MOST_HANGS)
				follow(suite, number, self, &count);
			else
				count.left++;
		}
		if (count.left > 0)
			tell_left(suite, count.left);
		qs_tap_say("walked: %s %d of %d edges, %d different, %d undecided", suite->claim, count.taken,
			   count.edges, count.different, count.undecided + count.left);
		if (count.edges == 0)
			qs_tap_inconclusive("the suite has no path for this kernel", suite->claim);
	}
	return qs_tasks_hangs() < MOST_HANGS;
}
