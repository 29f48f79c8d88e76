/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_EVERY_CPU_H
#define QUIESCE_EVERY_CPU_H

#include <sched.h>
#include <stdbool.h>

/*
 * The calling thread runs on every processor that is online once, and then on those where it might run before: so each
 * of them switches threads, which is a full barrier for whatever ran there. That is what membarrier's first version did
 * by an interrupt to every processor, and it disturbs them all, too. False: it may not go everywhere, and some
 * processors have seen nothing. `go` false: only asks.
 */
bool qs_every_cpu(bool go);

/* Does the mask have every processor of a list as the kernel writes it ("0-3,8")? False, too, if it is no such list. */
bool qs_every_cpu_is_in(const cpu_set_t *mask, const char *list);

#endif
