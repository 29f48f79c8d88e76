/* SPDX-License-Identifier: MIT */
/* The tests of the programs library and accesses: a file each. */
#ifndef QUIESCE_SUITES_H
#define QUIESCE_SUITES_H

void test_domains(void);
void test_sections(void);
void test_futex(void);
void test_grace_periods(void);
void test_freeing(void);
void test_fork(void);

void test_letters(void);
void test_interleavings(void);

#endif
