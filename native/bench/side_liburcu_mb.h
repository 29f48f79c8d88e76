/* SPDX-License-Identifier: MIT */
/* liburcu, the flavour mb: a fence in every lock and unlock. */
#define URCU_API_MAP
#define URCU_INLINE_SMALL_FUNCTIONS
#define _LGPL_SOURCE
#include <urcu/urcu-mb.h>

#define SIDE_READER_BYTES sizeof(struct urcu_reader)

#include "side_liburcu.h"
