/* SPDX-License-Identifier: MIT */
/*
 * Ours, where the updater visits every processor, as the article's first version disturbed them all.
 *
 * Needs: qs_synchronize_by in quiesce/quiesce.h
 */
#define SIDE_BARRIER QS_EVERY_CPU
#define SIDE_GOES_EVERYWHERE /* so it must not be pinned */
#include "side_quiesce.h"
