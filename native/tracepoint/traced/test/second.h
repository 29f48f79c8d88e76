/* SPDX-License-Identifier: MIT */
/*
 * A second opinion about ../../layout.h, for the tests of the traced side: a small controller, and a reader of rings
 * that
 * trusts nothing. It shares no code with what it looks at, nor with quiesce-trace.
 */
#ifndef QUIESCE_TRACED_TEST_SECOND_H
#define QUIESCE_TRACED_TEST_SECOND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../layout.h"

/* An empty trace directory, of which the environment tells the library; removed by second_end(). */
const char *second_begin(void);
void second_end(void);

/* The control file, to be written; made by whoever is traced. */
struct qs_trace_control *second_control(void);

/* The files of the process, of which there must be one set; NULL: there is none. The mapping stays. */
struct qs_trace_process *second_process(pid_t pid);
void second_forget(struct qs_trace_process *process);
/* The name of its file of this ending; false: there is none. */
bool second_name(pid_t pid, const char *ending, char *name, size_t size);
/* How many files of this ending are in the directory. */
int second_count(const char *ending);
/* Does a living process have the life file of this process? */
bool second_is_alive(pid_t pid);

/* Configuration `index`, whole. */
void second_config(uint32_t index, uint32_t channel, uint32_t sample, const uint8_t *filter, uint32_t length);

/* Replaces all rules by one and writes the words of the processes: what matches gets `config`, all else is off. */
void second_rule(const char *provider, const char *name, uint32_t config);
void second_overwrite(uint32_t channel, bool overwrite);
/* Writes the word of one event only. */
void second_word(struct qs_trace_process *process, const char *name, uint32_t config);

struct second_record {
	uint32_t size, event;
	uint64_t time, position;
	const unsigned char *fields;
	const char *text; /* of the event */
};

/*
 * Reads what is committed in a ring and not yet read, and says that it has been. Returns the number of records, padding
 * not counted; -1: one of them is damaged, or times go back. `see` may be NULL.
 */
long second_read(struct qs_trace_process *process, uint32_t ring,
		 void (*see)(const struct second_record *record, void *data), void *data);
long second_read_all(struct qs_trace_process *process, void (*see)(const struct second_record *, void *), void *data);

/* As the second one, in overwrite mode: reads from `tail` and consumes nothing. */
long second_look(struct qs_trace_process *process, uint32_t ring,
		 void (*see)(const struct second_record *record, void *data), void *data);

/* One grace period: every process that is there. */
void second_grace(struct qs_trace_process *process);

#endif
