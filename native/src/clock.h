/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_CLOCK_H
#define QUIESCE_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that nobody sets. */
uint64_t qs_now_ms(void);

#endif
