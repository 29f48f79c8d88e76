/* SPDX-License-Identifier: MIT */
/*
 * Rules take effect: they are written into `control`, then into the words of every process, then nobody uses older
 * ones.
 */
#ifndef QS_TRACE_APPLY_H
#define QS_TRACE_APPLY_H

#include "directory.h"
#include "rules.h"

/* Under the lock. Says what was done, and whom it could not wait for; patience in milliseconds. */
void qs_apply(const struct qs_directory *directory, struct qs_rules *rules, unsigned patience_ms);

#endif
