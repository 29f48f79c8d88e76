/* SPDX-License-Identifier: MIT */
/* When a leader of a shared domain says which reader holds it up. */
#ifndef QUIESCE_SHARED_STALL_H
#define QUIESCE_SHARED_STALL_H

#include "quiesce/shared.h"

struct qs_shared_patience {
	uint64_t since_ms;    /* when it began to wait for this reader; 0: it hasn't slept yet */
	uint64_t reported_ms; /* when it last said so */
};

/* After a nap: reports the reader if it is time to. It has been looked for among the dead. */
void qs_shared_patience_ends(struct qs_shared_patience *patience, struct qs_shared_domain *domain, uint32_t slot,
			     uint64_t number);

/* Is the calling thread inside a report of this domain? */
bool qs_shared_is_reporting(const struct qs_shared_domain *domain);

#endif
