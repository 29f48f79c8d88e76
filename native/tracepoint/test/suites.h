/* SPDX-License-Identifier: MIT */
#ifndef QS_TRACE_TEST_SUITES_H
#define QS_TRACE_TEST_SUITES_H

void grace_suite(void);
void reading_suite(void);
void draining_suite(void);

#endif
