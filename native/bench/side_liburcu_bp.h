/* SPDX-License-Identifier: MIT */
/* liburcu, the flavour bp: membarrier, and threads register by themselves. */
#define URCU_API_MAP
#define URCU_INLINE_SMALL_FUNCTIONS
#define _LGPL_SOURCE
#include <urcu/urcu-bp.h>

#define SIDE_READER_BYTES sizeof(struct urcu_bp_reader)

#include "side_liburcu.h"
