/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

/* Four seconds at most. A round of calls does not take so many seconds without a change, on the busiest machine. */
enum { WAIT_TRIES = 200, QUICK_TRIES = 20, QUICK_MS = 1, SLOW_MS = 20, LOOK_EVERY_S = 10 };

static bool is_gone(pid_t child)
{
	for (int tries = 0; tries < WAIT_TRIES; tries++) {
		pid_t gone;
		while ((gone = waitpid(child, NULL, WNOHANG | __WALL)) > 0 && child < 0)
			;
		if (gone != 0)
			return true;
		poll(NULL, 0, tries < QUICK_TRIES ? QUICK_MS : SLOW_MS);
	}
	return false;
}

void qs_wait_end(pid_t child, pid_t stuck, bool hang)
{
	if (!hang && is_gone(child))
		return;
	if (stuck > 0)
		kill(stuck, SIGKILL);
	(void)is_gone(child);
}

static void interrupt(int signal)
{
	(void)signal;
}

/* Wakes us now and then; 0: no more. Nobody polls: who runs beside a test of order may hide what it is about. */
static void wake_every(int seconds)
{
	struct sigaction action = { .sa_handler = interrupt };
	struct itimerval timer = { { seconds, 0 }, { seconds, 0 } };
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

bool qs_wait_playing(pid_t child, const volatile long *progress)
{
	long seen = -1;
	bool plays = true;
	wake_every(LOOK_EVERY_S);
	while (plays && waitpid(child, NULL, 0) != child) {
		plays = errno == EINTR && *progress != seen;
		seen = *progress;
	}
	wake_every(0);
	if (!plays)
		qs_wait_end(child, child, true);
	return plays;
}
