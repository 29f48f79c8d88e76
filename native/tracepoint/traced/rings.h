/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_TRACED_RINGS_H
#define QUIESCE_TRACED_RINGS_H

#include "state.h"

/* The owner of a ring whose thread was found dead, while it is given back. */
#define QS_TRACE_BURIED UINT32_C(0xffffffff)

/* Are threads that end seen ending? */
QS_TRACED_HIDDEN bool qs_trace_make_key(void);

#endif
