/* SPDX-License-Identifier: MIT */
/*
 * Places at which a test kills the controller or the recorder. In the ordinary build they compile to nothing; with
 * -DQS_TRACE_STEPS the program kills itself where QUIESCE_TRACE_KILL says NAME or NAME:PASSES.
 */
#ifndef QS_TRACE_STEP_H
#define QS_TRACE_STEP_H

#ifdef QS_TRACE_STEPS
void qs_trace_step(const char *name);
#define QS_TRACE_STEP(name) qs_trace_step(#name)
#else
#define QS_TRACE_STEP(name) ((void)0)
#endif

#endif
