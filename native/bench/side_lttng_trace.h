/* SPDX-License-Identifier: MIT */
/*
 * LTTng-UST's side of trace.c and trace_switch.c. Whoever runs the program has made the session, with all events on but
 * bench:off and bench:switched. Option: session, its name.
 */
#include <unistd.h>

#define LTTNG_UST_TRACEPOINT_DEFINE
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#include "trace_lttng.h"

#define side_tracepoint(...) lttng_ust_tracepoint(bench, __VA_ARGS__)
#define side_enabled(name) lttng_ust_tracepoint_enabled(bench, name)

/* The library asks the daemon before main() begins. */
static inline void side_begin(void)
{
}

static inline void side_end(void)
{
}

/* In a process of its own: switches bench:switched on or off. */
_Noreturn static inline void side_switch(bool on)
{
	char session[128];
	const char *name = bench_text("session");
	snprintf(session, sizeof(session), "--session=%s", name ? name : "");
	execlp("lttng", "lttng", "--no-sessiond", "--quiet", on ? "enable-event" : "disable-event", "--userspace",
	       session, "--channel=bench", "bench:switched", (char *)NULL);
	_exit(127);
}
