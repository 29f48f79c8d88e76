/* SPDX-License-Identifier: MIT */
/*
 * Does this kernel's membarrier() do what the specification says? Walks the graph of its answers on the real system
 * call, and tries the order that it promises. Needs nothing but a C library: cc -static -pthread.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ordering.h"
#include "processors.h"
#include "tap.h"
#include "task.h"
#include "walk.h"

static const char HELP[] =
	"usage: quiesce-kernel [--no-walk] [--no-ordering] [--no-gaps] [--only CLAIM] [--rounds N]\n"
	"                      [--patient] [--through PROGRAM] [--offline-cpu N]\n"
	"  Compares this kernel's membarrier() with its specification; prints TAP.\n"
	"  --no-walk          don't walk the graph of the answers\n"
	"  --no-ordering      don't try the order of memory accesses\n"
	"  --no-gaps          don't look for the gaps that the specification knows of\n"
	"  --only CLAIM       walk only the graphs of claims that begin with this\n"
	"  --rounds N         rounds of each ordering test (default 5000)\n"
	"  --patient          take as long as it takes, also on a busy machine\n"
	"  --through PROGRAM  exec this program again through an emulator, given by its whole path\n"
	"  --offline-cpu N    take this CPU offline for the walk, and put it back whatever happens; takes root.\n"
	"                     Without it one that is offline already is named, else a number that is no CPU\n"
	"Exit codes: 0 it conforms, or has a gap that the specification declares; 1 it differs, or that is not\n"
	"certain; 2 usage error; 3 there is no membarrier(), or something refuses it.\n";

static int usage(const char *what, const char *which)
{
	fprintf(stderr, "quiesce-kernel: %s%s\n%s", what, which, HELP);
	return 2;
}

/* The path of this program, for exec; it outlives a folder that is entered later. */
static const char *own_path(const char *called)
{
	static char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (length > 0)
		return path;
	return realpath(called, path) != NULL ? path : called;
}

/* Before the order is tried, which takes two processors. */
static void give_back(void)
{
	const char *problem = qs_processor_give_back();
	if (problem != NULL)
		qs_tap_inconclusive(problem, "the CPU that was taken offline");
}

int main(int count, char **words)
{
	bool walk = true, ordering = true, gaps = true, patient = false;
	long rounds = 5000;
	const char *only = NULL;
	int task = 0, mask, offline = -1;
	struct qs_self self = { .program = NULL, .through = NULL };
	for (int i = 1; i < count; i++) {
		const char *word = words[i], *value = i + 1 < count ? words[i + 1] : NULL;
		char *end = NULL;
		if (strcmp(word, "--help") == 0)
			return fputs(HELP, stdout) == EOF ? 3 : 0;
		if (strcmp(word, "--no-walk") == 0) {
			walk = false;
			continue;
		}
		if (strcmp(word, "--no-ordering") == 0) {
			ordering = false;
			continue;
		}
		if (strcmp(word, "--no-gaps") == 0) {
			gaps = false;
			continue;
		}
		if (strcmp(word, "--patient") == 0) {
			patient = true;
			continue;
		}
		bool known = strcmp(word, "--only") == 0 || strcmp(word, "--rounds") == 0 ||
			     strcmp(word, "--through") == 0 || strcmp(word, "--task") == 0 ||
			     strcmp(word, "--offline-cpu") == 0;
		if (!known)
			return usage("there is no option ", word);
		if (value == NULL)
			return usage("a value is missing after ", word);
		i++;
		if (strcmp(word, "--only") == 0)
			only = value;
		if (strcmp(word, "--through") == 0)
			self.through = value;
		if (strcmp(word, "--task") == 0)
			task = atoi(value);
		if (strcmp(word, "--offline-cpu") == 0) {
			long number = strtol(value, &end, 10);
			if (*value < '0' || *value > '9' || *end != '\0' || number > 1000000)
				return usage("--offline-cpu takes the number of a CPU, not ", value);
			offline = (int)number;
		}
		if (strcmp(word, "--rounds") == 0) {
			rounds = strtol(value, &end, 10);
			if (*end != '\0' || rounds < 100 || rounds > 100000000)
				return usage("--rounds takes a number from 100 to 100000000, not ", value);
		}
	}
	self.program = own_path(words[0]);
	/* For an exec of a task: not for people. */
	if (task == 1 || task == 2) {
		qs_task_serve(task, &self);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	if (offline >= 0 && walk) {
		bool bad_input;
		const char *problem = qs_processor_take(offline, &bad_input);
		if (problem != NULL)
			return fprintf(stderr, "quiesce-kernel: %s\n", problem), bad_input ? 2 : 3;
	}
	/* A task whose parent has ended becomes our child, so none can be left behind. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	qs_tap_begin();
	if (qs_walk_kernel(&mask)) {
		bool returns = !walk || qs_walk_all(mask, &self, only);
		give_back();
		if (ordering && mask > 0 && returns)
			qs_ordering_all(mask, rounds, gaps, patient);
		else if (ordering && mask > 0)
			qs_tap_inconclusive("not tried, since calls don't return", "ordering");
	}
	give_back();
	return qs_tap_end();
}
