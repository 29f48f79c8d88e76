/* SPDX-License-Identifier: MIT */
/* The folder of a recorded process. */
#ifndef QS_TRACE_FOLDER_H
#define QS_TRACE_FOLDER_H

#include "drain.h"

/* Where another recorder has been there already, opens the folder, and goes on where that was. 0 or an errno. */
int qs_folder_find(struct qs_drain *drain, struct qs_process *process);

/* Makes the folder with its metadata unless it is open. 0 or an errno. */
int qs_folder_open(struct qs_drain *drain, struct qs_process *process);

/* Metadata that describe all events that are known now. 0 or an errno. */
int qs_folder_describe(struct qs_drain *drain, struct qs_process *process);

/*
 * Takes away the descriptions that say otherwise than what another recorder has found and written down: a process
 * describes an event once, and readers of CTF take the length of a sequence for what it says.
 */
void qs_folder_compare(struct qs_drain *drain, struct qs_process *process);

/* Closes the folder, if it is open, and forgets what is in it. */
void qs_folder_close(struct qs_tapped *tapped);

/*
 * Which clock is ours, and its offset for all processes of a recording that have it: measured once, and kept there,
 * since CLOCK_REALTIME may be set meanwhile. 0 or an errno.
 */
int qs_folder_clock(struct qs_drain *drain);

/*
 * Are the process's times ours? Where the namespaces aren't known, the offsets tell clocks apart; that they differ may
 * also mean that somebody has set CLOCK_REALTIME between the opening and the recording.
 */
bool qs_folder_has_our_clock(const struct qs_drain *drain, const struct qs_process *process);

#endif
