/* SPDX-License-Identifier: MIT */
/* The words of a litmus program's command line. */
#ifndef QUIESCE_SILICON_OPTIONS_H
#define QUIESCE_SILICON_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct qs_litmus_options {
	uint64_t milliseconds; /* of time; 0: no limit */
	uint64_t rounds;       /* at least so many; 0: no limit */
	uint64_t seed;
	bool tell; /* for a program, as it goes on */
};

/* Reads them; false, and a message on standard error, for one that it does not know. */
bool qs_options_read(struct qs_litmus_options *options, int argc, char **argv);

#endif
