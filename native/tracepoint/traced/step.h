/* SPDX-License-Identifier: MIT */
/*
 * Step points of a hit: QS_TRACE_STEP(Name) stands before each access that spec/tracing/ring/Ring.tla knows as the step
 * of that name. In the ordinary build it compiles to nothing. With -DQS_TRACE_STEPS it calls a function of the driver's
 * (native/drive/traced_ring.c), which holds the thread there.
 */
#ifndef QUIESCE_TRACED_STEP_H
#define QUIESCE_TRACED_STEP_H

#ifdef QS_TRACE_STEPS
void qs_trace_step(const char *name);
#define QS_TRACE_STEP(name) qs_trace_step(#name)
#else
#define QS_TRACE_STEP(name) ((void)0)
#endif

#endif
