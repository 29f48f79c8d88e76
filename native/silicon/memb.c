/* SPDX-License-Identifier: MIT */
#include "memb.h"

#include "membarrier.h"

bool qs_memb_usable(void)
{
	return qs_membarrier_usable(QS_PRIVATE_EXPEDITED);
}

void qs_smp_memb(void)
{
	qs_membarrier(QS_PRIVATE_EXPEDITED);
}
