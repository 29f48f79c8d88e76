/* SPDX-License-Identifier: MIT */
/* Hits events with the values that recordings have trouble with. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QS_TRACEPOINT_DEFINE
#include "quiesce/tracepoint.h"

QS_TRACEPOINT(data, floats, QS_TRACE_INFO, (q_f4, small) (q_f8, large) (f4, one) (f8, two));
QS_TRACEPOINT(data, text, QS_TRACE_INFO, (s, text) (u4, after));
QS_TRACEPOINT(data, bytes, QS_TRACE_INFO, (q_u1, bytes) (q_i8, longs) (u4, after));
QS_TRACEPOINT(data, states, QS_TRACE_INFO, (e4, state, "GONE=-1,IDLE=0,FIRST=-2147483648,LAST=2147483647"));
QS_TRACEPOINT(data, spaced, QS_TRACE_INFO, (e4, state, " GONE = -1, IDLE = 0 "));
/* No label: nobody can read its description. */
QS_TRACEPOINT(data, unlabelled, QS_TRACE_INFO, (e4, state, ""));

enum { LARGE = 65536 };

int main(void)
{
	const struct qs_trace_options options = { .ring_size = 1 << 20 };
	static const float small[] = { NAN, INFINITY, -INFINITY, -0.0F, FLT_TRUE_MIN, FLT_MAX };
	static const double large[] = { NAN, -INFINITY, DBL_TRUE_MIN, DBL_MAX, -0.0 };
	static char text[LARGE];
	static uint8_t bytes[LARGE];
	static int64_t longs[LARGE / 8];
	if (qs_trace_open(&options) != 0) {
		puts(qs_trace_problem());
		return 1;
	}
	qs_tracepoint(data, unlabelled, 1);
	qs_tracepoint(data, floats, small, 6, large, 5, NAN, -INFINITY);
	qs_tracepoint(data, floats, NULL, 0, NULL, 0, 0, 0);
	qs_tracepoint(data, text, "", 1);
	qs_tracepoint(data, text, NULL, 2);
	qs_tracepoint(data, text, "\x01\x1b[31m\xff\xfe\"\\\n\r\t{}", 3);
	memset(text, 'x', LARGE - 1);
	qs_tracepoint(data, text, text, 4);
	memset(bytes, 0xff, LARGE);
	qs_tracepoint(data, bytes, bytes, LARGE, NULL, 0, 5);
	qs_tracepoint(data, bytes, NULL, 0, longs, LARGE / 8, 6);
	qs_tracepoint(data, bytes, NULL, 0, NULL, 0, 7);
	qs_tracepoint(data, unlabelled, 2);
	qs_tracepoint(data, states, -2);
	qs_tracepoint(data, states, -1);
	qs_tracepoint(data, states, INT32_MIN);
	qs_tracepoint(data, states, INT32_MAX);
	qs_tracepoint(data, spaced, -1);
	return 0;
}
