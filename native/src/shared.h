/* SPDX-License-Identifier: MIT */
/* What the two halves of the shared domain know of each other: shared.c and shared_synchronize.c. */
#ifndef QUIESCE_SRC_SHARED_H
#define QUIESCE_SRC_SHARED_H

#include "quiesce/shared.h"

/* Is the calling thread inside a section of this domain? */
bool qs_shared_is_inside(const struct qs_shared_domain *domain);

#endif
