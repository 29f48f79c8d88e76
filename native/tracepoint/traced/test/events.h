/* SPDX-License-Identifier: MIT */
/* The tests' events: every type of field, in every number. */
#ifndef QUIESCE_TRACED_TEST_EVENTS_H
#define QUIESCE_TRACED_TEST_EVENTS_H

#include "quiesce/tracepoint.h"

QS_TRACEPOINT(test, none, QS_TRACE_DEBUG, );
QS_TRACEPOINT(test, one, QS_TRACE_INFO, (u8, number));
QS_TRACEPOINT(test, integers, QS_TRACE_INFO,
	      (u1, a) (u2, b) (u4, c) (u8, d) (i1, e) (i2, f) (i4, g) (i8, h) (x1, i) (x2, j) (x4, k) (x8, l));
QS_TRACEPOINT(test, mixed, QS_TRACE_WARNING,
	      (f4, small) (f8, large) (s, path) (e4, state, "IDLE=0,BUSY=1,GONE=-1") (q_u2, parts) (q_f8, weights));
QS_TRACEPOINT(test, sixteen, QS_TRACE_NOTICE,
	      (u1, f0) (u1, f1) (u1, f2) (u1, f3) (u1, f4) (u1, f5) (u1, f6) (u1, f7) (u1, f8) (u1, f9)
	      (u1, f10) (u1, f11)
	      (u1, f12) (u1, f13) (u1, f14) (q_u8, f15));
QS_TRACEPOINT(test, text, QS_TRACE_INFO, (s, text));
QS_TRACEPOINT(other, count, QS_TRACE_ERROR, (u4, thread) (u8, number) (u8, check));

#endif
