/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_QUIESCENT_H
#define QUIESCE_QUIESCENT_H

#include "quiesce/atomic.h"

/* Whom a grace period needn't wait for: who is in no section, or in one that began after its number was raised. */
static inline bool qs_is_quiescent(qs_atomic(uint64_t) *word, uint64_t number)
{
	uint64_t announced = qs_load_before_fence(word);
	return announced == 0 || announced >= number;
}

#endif
