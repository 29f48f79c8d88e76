/* SPDX-License-Identifier: MIT */
/* liburcu, the flavour qsbr: readers say when they are outside of every section. */
#define URCU_API_MAP
#define URCU_INLINE_SMALL_FUNCTIONS
#define _LGPL_SOURCE
#include <urcu/urcu-qsbr.h>

#define SIDE_READER_BYTES sizeof(struct urcu_qsbr_reader)

#include "side_liburcu.h"
