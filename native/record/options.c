/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int option_count;
static char **options;

static bool is(const char *word, const char *name)
{
	size_t length = strlen(name);
	return strncmp(word, name, length) == 0 && word[length] == '=' && word[length + 1] != '\0';
}

void qs_options_read(int count, char **words, const char *const *names)
{
	option_count = count;
	options = words;
	for (int i = 1; i < count; i++) {
		const char *const *name = names;
		while (*name && !is(words[i], *name))
			name++;
		if (*name)
			continue;
		(void)fprintf(stderr, "%s: \"%s\" is not an option; they are:", words[0], words[i]);
		for (name = names; *name; name++)
			(void)fprintf(stderr, " %s=", *name);
		(void)fputs("\n", stderr);
		exit(2);
	}
}

const char *qs_option_text(const char *name, const char *otherwise)
{
	for (int i = 1; i < option_count; i++) {
		if (is(options[i], name))
			return options[i] + strlen(name) + 1;
	}
	return otherwise;
}

uint64_t qs_option(const char *name, uint64_t otherwise)
{
	const char *text = qs_option_text(name, NULL);
	char *end;
	unsigned long long value;
	if (!text)
		return otherwise;
	value = strtoull(text, &end, 10);
	if (*end == '\0' && *text != '-')
		return value;
	(void)fprintf(stderr, "%s=%s: a whole number is expected\n", name, text);
	exit(2);
}
