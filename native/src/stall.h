/* SPDX-License-Identifier: MIT */
/* How long a leader sleeps before it looks again, and when it says which reader holds it up. */
#ifndef QUIESCE_STALL_H
#define QUIESCE_STALL_H

#include "quiesce/quiesce.h"

struct qs_patience {
	uint64_t since_ms;    /* when it began to wait for this reader; 0: it hasn't slept yet */
	uint64_t reported_ms; /* when it last said so */
	uint32_t naps;
};

/* The next nap's limit in milliseconds, 0 for none. It grows from the domain's nap_ms to a second. */
uint32_t qs_patience_ms(struct qs_patience *patience, const struct qs_domain *domain);

/* After a nap: reports the reader if it is time to. */
void qs_patience_ends(struct qs_patience *patience, struct qs_domain *domain, uint32_t slot, uint64_t number);

/* While a thread doesn't answer the signal that asks it for a barrier: reports its reader if it is time to. */
void qs_patience_unanswered(struct qs_patience *patience, struct qs_domain *domain, uint32_t slot, int32_t thread);

#endif
