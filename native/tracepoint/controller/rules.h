/* SPDX-License-Identifier: MIT */
/* Rules, as they are written in lines and as they stand in `control`: which event is recorded, and how. */
#ifndef QS_TRACE_RULES_H
#define QS_TRACE_RULES_H

#include <stdbool.h>

#include "directory.h"
#include "event.h"
#include "process.h"

/* One fewer than there is room for: so all rules can be replaced by others while what they named is still in use. */
enum { QS_RULES_MAX = (int)QS_TRACE_RULES - 1 };

/* A copy in our own memory. `config` of a rule that was parsed is 1 or, if it switches off, 0. */
struct qs_rules {
	uint32_t count;
	bool running;
	bool overwrite[QS_TRACE_CHANNELS];
	struct qs_trace_rule rules[QS_TRACE_RULES];
	struct qs_trace_config configs[QS_TRACE_RULES]; /* of the rule of the same number */
	uint64_t generation; /* other rules that hold have another; 0: these were parsed */
};

/* Reads rules from lines, as quiesce-trace --help says. Ends the program if one is wrong. */
void qs_rules_parse(struct qs_rules *rules, int fd);

/* The rules that hold, and what they name, all of one time. Ends the program where `control` is damaged. */
void qs_rules_load(const struct qs_directory *directory, struct qs_rules *rules);

/* The rule that decides about an event: its number, or -1 where none fits, the event is switched off, or all is. */
int qs_rules_decide(const struct qs_rules *rules, const struct qs_process *process, const struct qs_event *event);

#endif
