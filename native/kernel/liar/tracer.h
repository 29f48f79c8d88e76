/* SPDX-License-Identifier: MIT */
/* Stands between a program, with all that it starts, and the kernel. */
#ifndef QS_LIAR_TRACER_H
#define QS_LIAR_TRACER_H

#include <sys/types.h>

#include "emulation.h"

/* Traces a child that has stopped itself, to its end; the exit code. Whatever it has started ends with us. */
int qs_trace(pid_t child, const struct qs_emulation *kernel);

#endif
