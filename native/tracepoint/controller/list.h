/* SPDX-License-Identifier: MIT */
/* What can be said about a directory without changing it; and what the dead have left, removed. */
#ifndef QS_TRACE_LIST_H
#define QS_TRACE_LIST_H

#include <stdbool.h>

#include "directory.h"
#include "process.h"

void qs_say_list(const struct qs_directory *directory);
void qs_say_status(const struct qs_directory *directory);
void qs_say_rules(const struct qs_directory *directory);

/*
 * Removes the files of dead processes whose events have all been recorded; with `unrecorded`, of all dead ones. Under
 * the recorder's lock.
 */
void qs_reap(const struct qs_directory *directory, bool unrecorded);

/*
 * Removes the files of dead processes in which neither a recorder nor a snapshot would find anything: else a program
 * that is started and killed again and again would fill the memory. Under the recorder's lock.
 */
void qs_reap_empty(const struct qs_directory *directory);

/* Removes what was never or is no longer a process: drafts, and lives without one. Returns how many files. */
unsigned qs_reap_orphans(const struct qs_directory *directory);

/* True where nothing is left in its rings that a recorder would take; a ring that overwrites is a snapshot's. */
bool qs_is_recorded(const struct qs_process *process);

#endif
