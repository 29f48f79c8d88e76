/* SPDX-License-Identifier: MIT */
/*
 * Ours, the flavour signal: the updater sends a signal to every thread with a reader.
 *
 * Needs: QS_SIGNAL in quiesce/quiesce.h
 */
#define SIDE_FLAVOUR QS_SIGNAL
#include "side_quiesce.h"
