/* SPDX-License-Identifier: MIT */
#define QS_TRACEPOINT_DEFINE
#include "events.h"
