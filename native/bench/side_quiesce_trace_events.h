/* SPDX-License-Identifier: MIT */
/* The measured events of our side: 0, 4 and 8 integers, a string, one that is always off, and one that is switched. */
#ifndef QUIESCE_BENCH_TRACE_EVENTS_H
#define QUIESCE_BENCH_TRACE_EVENTS_H

#include "quiesce/tracepoint.h"

QS_TRACEPOINT(bench, off, QS_TRACE_INFO, (u8, a));
QS_TRACEPOINT(bench, switched, QS_TRACE_INFO, (u8, a));
QS_TRACEPOINT(bench, none, QS_TRACE_INFO, );
QS_TRACEPOINT(bench, four, QS_TRACE_INFO, (u8, a) (u8, b) (u8, c) (u8, d));
QS_TRACEPOINT(bench, eight, QS_TRACE_INFO, (u8, a) (u8, b) (u8, c) (u8, d) (u8, e) (u8, f) (u8, g) (u8, h));
QS_TRACEPOINT(bench, string, QS_TRACE_INFO, (s, text));

#endif
