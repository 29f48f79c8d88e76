/* SPDX-License-Identifier: MIT */
/* A library with tracepoints, which is loaded and unloaded. */
#define QS_TRACEPOINT_DEFINE
#include "quiesce/tracepoint.h"

QS_TRACEPOINT(plugin, call, QS_TRACE_INFO, (u4, number));
QS_TRACEPOINT(plugin, never, QS_TRACE_INFO, (s, text));

void plugin_call(unsigned number);

__attribute__((visibility("default"))) void plugin_call(unsigned number)
{
	qs_tracepoint(plugin, call, number);
	if (number == 0)
		qs_tracepoint(plugin, never, "never");
}
