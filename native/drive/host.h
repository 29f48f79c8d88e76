/* SPDX-License-Identifier: MIT */
/* Runs a driver library: a thread a lane, and one call at a time begun on them. */
#ifndef QUIESCE_DRIVE_HOST_H
#define QUIESCE_DRIVE_HOST_H

#include "driver.h"

struct qs_host;

/* The library's driver, loaded; NULL, and `*problem` says why not. */
const struct qs_driver *qs_host_load(const char *file, const char **problem);

/* A fresh instance with a thread for each lane; NULL, and `*problem` says why not. The world is not kept. */
struct qs_host *qs_host_begin(const struct qs_driver *driver, const struct qs_driver_world *world,
			      const char **problem);

/* QS_TAKEN_*, or, beside them: the call has not returned when nothing moves any more. */
#define QS_HOST_BLOCKED 4

/*
 * Begins the step on its lane's thread and returns when nothing moves any more: each lane is at rest, or sleeps in
 * the kernel. The ask is kept until the call has returned, so it must be made of memory that host_free() is given.
 * A lane that is busy refuses.
 */
int qs_host_step(struct qs_host *host, struct qs_ask *ask, const char **problem);

/* What is wrong with a call that has returned since, after it had blocked; NULL if nothing is. */
const char *qs_host_problem(struct qs_host *host);

int qs_host_is_busy(struct qs_host *host, int lane);

/* Waits, for a moment, until nothing moves. */
void qs_host_settle(struct qs_host *host);

void qs_host_look(struct qs_host *host, struct qs_look *look);

/* Drains all lanes, ends the instance and the threads. Takes as long as the calls that are blocked. */
void qs_host_end(struct qs_host *host);

/* Given for each ask once it isn't needed any more. */
extern void (*qs_host_free)(struct qs_ask *ask);

#endif
