/* SPDX-License-Identifier: MIT */
/* A kernel's answers, as the specification's module Api gives them, by a kernel that may make one mistake. */
#ifndef QS_LIAR_EMULATION_H
#define QS_LIAR_EMULATION_H

#include "mistakes.h"

/*
 * Which kernel: the mask that its QUERY answers (-1: it lacks the call), and what it does wrong. From the call with a
 * certain number on, of all that are made, none returns; 0: all do.
 */
struct qs_emulation {
	int mask, hangs_from;
	enum qs_mistake mistake;
};

/* Two bits for each registration: each is that of the registering command; READY ones are shifted. */
struct qs_registered {
	int intent, ready;
};

enum qs_start { QS_START_THREAD, QS_START_CLONE, QS_START_VFORK, QS_START_FORK };

/* The number of the address space of a task that is started in one with number `parent`: a new one or the same. */
int qs_emulate_start(const struct qs_emulation *kernel, enum qs_start how, int parent);
/* The number after an exec. */
int qs_emulate_exec(const struct qs_emulation *kernel, int space);
/* The answer to a call. */
int qs_emulate_call(const struct qs_emulation *kernel, int space, int command, unsigned int flags, int cpu);

#endif
