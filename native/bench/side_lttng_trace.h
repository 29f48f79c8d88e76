/* SPDX-License-Identifier: MIT */
/* LTTng-UST's side of trace.c. Whoever runs the program has made the session, with all events on but bench:off. */
#define LTTNG_UST_TRACEPOINT_DEFINE
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#include "trace_lttng.h"

#define side_tracepoint(...) lttng_ust_tracepoint(bench, __VA_ARGS__)
#define SIDE_IS_ON lttng_ust_tracepoint_enabled(bench, none)

/* The library asks the daemon before main() begins. */
static inline void side_begin(void)
{
}

static inline void side_end(void)
{
}
