/* SPDX-License-Identifier: MIT */
/*
 * Ours, where the updater asks for the article's expedited = 0: membarrier GLOBAL.
 *
 * Needs: qs_synchronize_by in quiesce/quiesce.h
 */
#define SIDE_BARRIER QS_GENTLE
#include "side_quiesce.h"
