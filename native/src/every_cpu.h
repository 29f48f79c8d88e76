/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_EVERY_CPU_H
#define QUIESCE_EVERY_CPU_H

#include <stdbool.h>

/*
 * The calling thread runs on every processor that is online once, and then on those where it might run before: so each
 * of them switches threads, which is a full barrier for whatever ran there. That is what membarrier's first version did
 * by an interrupt to every processor, and it disturbs them all, too. False: it may not go everywhere, and some
 * processors have seen nothing. `go` false: only asks.
 */
bool qs_every_cpu(bool go);

#endif
