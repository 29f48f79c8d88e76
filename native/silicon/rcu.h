/* SPDX-License-Identifier: MIT */
/*
 * RCU and SRCU for litmus tests: the library in this repository, as anybody uses it. RCU is one domain of the library,
 * and so is each srcu_struct. Every thread of a test is a reader of all of the test's domains.
 */
#ifndef QUIESCE_SILICON_RCU_H
#define QUIESCE_SILICON_RCU_H

#include "quiesce/quiesce.h"
#include "run.h"

/* More sections than this, one in the other, are more than a test's thread has room for. */
#define QS_DEEPEST 128

/* One thread's sections of one domain, the outermost first. */
struct qs_sections {
	struct qs_domain *domain;
	struct qs_reader *reader;
	uint32_t depth;
	qs_token tokens[QS_DEEPEST];
};

/* For struct qs_test. */
extern const struct qs_readers qs_readers_of_library;

/* Enters a section, and returns how many were open before. */
static inline qs_value qs_rcu_read_lock(struct qs_sections *sections)
{
	uint32_t depth = sections->depth++;
	sections->tokens[depth] = qs_read_lock(sections->reader);
	return (qs_value)depth;
}

static inline void qs_rcu_read_unlock(struct qs_sections *sections)
{
	qs_read_unlock(sections->tokens[--sections->depth]);
}

static inline void qs_synchronize_rcu(struct qs_sections *sections)
{
	qs_synchronize(sections->domain);
}

#endif
