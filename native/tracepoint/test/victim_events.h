/* SPDX-License-Identifier: MIT */
#ifndef QS_TRACE_VICTIM_EVENTS_H
#define QS_TRACE_VICTIM_EVENTS_H

#include "quiesce/tracepoint.h"

QS_TRACEPOINT(victim, number, QS_TRACE_INFO, (u4, thread) (u8, n) (s, text));

#endif
