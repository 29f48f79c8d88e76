/* SPDX-License-Identifier: MIT */
/*
 * Step points of switching: QS_TRACE_SWITCH_STEP(Name) stands before the accesses that Switching.tla, in
 * spec/tracing/switching, knows as the step of that name, on the traced side and in the controller. In the ordinary
 * build it compiles to nothing. With -DQS_TRACE_SWITCH_STEPS it calls a function of the driver's
 * (native/drive/switching.c), which holds the caller there.
 */
#ifndef QS_TRACE_SWITCH_STEP_H
#define QS_TRACE_SWITCH_STEP_H

#ifdef QS_TRACE_SWITCH_STEPS
void qs_trace_switch_step(const char *name);
#define QS_TRACE_SWITCH_STEP(name) qs_trace_switch_step(#name)
#else
#define QS_TRACE_SWITCH_STEP(name) ((void)0)
#endif

#endif
