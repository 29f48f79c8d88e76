/* SPDX-License-Identifier: MIT */
/* What trace_server.c tells whoever asks it to. */
#ifndef TRACE_SERVER_EVENTS_H
#define TRACE_SERVER_EVENTS_H

#include "quiesce/tracepoint.h"

QS_TRACEPOINT(server, connection, QS_TRACE_NOTICE, (i4, descriptor));
QS_TRACEPOINT(server, request_begin, QS_TRACE_INFO, (u8, id) (s, path));
QS_TRACEPOINT(server, cache, QS_TRACE_DEBUG, (u8, id) (e4, found, "MISS=0,HIT=1"));
QS_TRACEPOINT(server, render_begin, QS_TRACE_DEBUG, (u8, id));
QS_TRACEPOINT(server, render_end, QS_TRACE_DEBUG, (u8, id) (u4, bytes));
QS_TRACEPOINT(server, request_end, QS_TRACE_INFO, (u8, id) (e4, status, "OK=200,NOT_FOUND=404") (u4, bytes));

#endif
