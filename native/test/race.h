/* SPDX-License-Identifier: MIT */
/*
 * Threads that are let loose on each other. What they find wrong they find by chance, so chance gets help: through the
 * door (door.h) each thread falls asleep for a moment now and then, just before an access, and the others go on.
 */
#ifndef QUIESCE_RACE_H
#define QUIESCE_RACE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define RACE_THREADS_MAX 3

/* Runs `body` on this many threads, each with its argument, and returns when all have ended. */
void race(uint32_t threads, void *(*body)(void *), void *const *argument);

/* The first thing in a thread's body: all begin together, since an early one would find nobody to race with. */
void race_meet(uint32_t threads);

/* Asked before each round: has it gone on for long enough, and has every thread been round? */
bool race_over(void);

#endif
