/* SPDX-License-Identifier: MIT */
/* membarrier for litmus tests: the real system call. */
#ifndef QUIESCE_SILICON_MEMB_H
#define QUIESCE_SILICON_MEMB_H

#include <stdbool.h>

/* Whether this process may call it; for struct qs_test. Registers the process. */
bool qs_memb_usable(void);

/* membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) */
void qs_smp_memb(void);

#endif
