/* SPDX-License-Identifier: MIT */
/* What the tests of misuse share: a child that does what it shouldn't. */
#ifndef QUIESCE_MISUSE_H
#define QUIESCE_MISUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "quiesce/quiesce.h"

/* Runs it in a child, which ends with what it returns (0: all well) or in some seconds. Its wait status. */
int in_child(int (*body)(void));

/* A child that does this is ended by the library, which says why: in words that have these in them. */
bool is_named(int (*body)(void), const char *words);

/* Starts a thread with a reader inside a section of the domain, which stays there until it is let go. */
void hold_section(struct qs_domain *domain);
void let_go(void);

void test_arguments(void);
void test_stalls(void);
void test_forks(void);

#endif
