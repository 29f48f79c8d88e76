/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_TRACED_FILTER_H
#define QUIESCE_TRACED_FILTER_H

#include "state.h"

/*
 * Does the event pass the filter (../FILTER.md)? Code and record may be changed meanwhile by anybody: nothing
 * outside of
 * them is read, whatever they say, and every call ends.
 */
QS_TRACED_HIDDEN bool qs_trace_filter(const uint8_t *code, uint32_t length, const struct qs_trace_described *event,
				      const unsigned char *fields, size_t size);

#endif
