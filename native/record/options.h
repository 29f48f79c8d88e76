/* SPDX-License-Identifier: MIT */
/* The recording programs' options: words of the form name=value. */
#ifndef QUIESCE_RECORD_OPTIONS_H
#define QUIESCE_RECORD_OPTIONS_H

#include <stdint.h>

/* Ends the program with 2 and a message when a word is not one of these names, or has no value. */
void qs_options_read(int count, char **words, const char *const *names);

uint64_t qs_option(const char *name, uint64_t otherwise);
const char *qs_option_text(const char *name, const char *otherwise);

#endif
