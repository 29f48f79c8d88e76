/* SPDX-License-Identifier: MIT */
/* The events of the fake traced process, and what they hold. */
#ifndef QS_TRACE_FAKE_H
#define QS_TRACE_FAKE_H

#include <stddef.h>
#include <stdint.h>

enum { FAKE_NUMBER_MAX = 96 };

/* Event 0 is fake:number, of which each thread writes one after another; the others have all types and hard names. */
void fake_describe(void (*describe)(const char *text));

/* Event 0's fields: thread, number, and a text whose length depends on the number and whose last letters repeat it. */
size_t fake_number(uint8_t *payload, uint32_t thread, uint64_t number);

uint32_t fake_payloads(void);
size_t fake_payload(uint32_t index, uint32_t *event, uint8_t *payload);

#endif
