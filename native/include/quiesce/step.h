/* SPDX-License-Identifier: MIT */
/*
 * Step points. QS_STEP(Name) stands before each access that the specification (spec/rcu/number-steps/Urcu.tla) knows
 * as the step of that name. In the ordinary build it compiles to nothing. With -DQS_STEPS it calls a hook, at which a
 * replay driver can hold the thread and compare what it sees with what the specification says.
 */
#ifndef QUIESCE_STEP_H
#define QUIESCE_STEP_H

#ifdef QS_STEPS
#include "generated/steps.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*qs_step_function)(int step);

/* Set it only while no other thread is inside the library; NULL when nobody listens. */
extern qs_step_function qs_step_hook;

static inline void qs_step_reached(enum qs_step step)
{
	if (qs_step_hook)
		qs_step_hook((int)step);
}

#ifdef __cplusplus
}
#endif

#define QS_STEP(name) qs_step_reached(QS_STEP_##name)
#else
#define QS_STEP(name) ((void)0)
#endif

#endif
