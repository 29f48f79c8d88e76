/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of NAME=NUMBER if that is the name; false if it is not, or the number is none. */
static bool number(const char *word, const char *name, uint64_t *value)
{
	size_t length = strlen(name);
	if (strncmp(word, name, length) != 0 || word[length] != '=' || strchr("0123456789", word[length + 1]) == NULL)
		return false;
	char *end;
	errno = 0;
	*value = strtoull(word + length + 1, &end, 10);
	return errno == 0 && *end == 0 && word[length + 1] != 0;
}

bool qs_options_read(struct qs_litmus_options *options, int argc, char **argv)
{
	*options = (struct qs_litmus_options){ .milliseconds = 1000, .rounds = 0, .seed = 1, .tell = false };
	bool timed = false;
	for (int n = 1; n < argc; n++) {
		uint64_t seconds;
		if (number(argv[n], "seconds", &seconds) && seconds <= 1000000) {
			options->milliseconds = seconds * 1000;
			timed = true;
		} else if (number(argv[n], "milliseconds", &options->milliseconds)) {
			timed = true;
		} else if (number(argv[n], "rounds", &options->rounds)) {
			if (!timed)
				options->milliseconds = 0;
		} else if (strcmp(argv[n], "tell=1") == 0) {
			options->tell = true;
		} else if (!number(argv[n], "seed", &options->seed)) {
			fprintf(stderr, "%s: \"%s\" is not understood\n", argv[0], argv[n]);
			fprintf(stderr, "usage: %s [seconds=N] [rounds=N] [seed=N]\n", argv[0]);
			fprintf(stderr, "0 is no limit; Ctrl-C ends it, too, and prints what there was so far.\n");
			return false;
		}
	}
	return true;
}
