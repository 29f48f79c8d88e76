/* SPDX-License-Identifier: MIT */
/* liburcu, the flavour memb: membarrier in updaters, no fence in readers. */
#define URCU_API_MAP
#define URCU_INLINE_SMALL_FUNCTIONS
#define _LGPL_SOURCE
#include <urcu/urcu-memb.h>

#define SIDE_READER_BYTES sizeof(struct urcu_reader)

#include "side_liburcu.h"
