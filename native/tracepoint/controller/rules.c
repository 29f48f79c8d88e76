/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "say.h"

enum { COLUMNS_MAX = 9, TEXT_MAX = 1 << 20, ATTEMPTS = 1000 };

static const char *const COLUMNS =
	"Columns are separated by tabs: rule PROGRAM PROVIDER NAME LEVEL PID CHANNEL SAMPLE FILTER|-, or rule ... PID "
	"off; running 0|1; overwrite CHANNEL 0|1.";

static unsigned line_number;

_Noreturn static void refuse(const char *what, const char *text)
{
	char where[32], shown[96];
	snprintf(where, sizeof where, "line %u", line_number);
	snprintf(shown, sizeof shown, "%.80s%s", text, strlen(text) > 80 ? "..." : "");
	qs_fail(QS_EXIT_INPUT, where, COLUMNS, "%s: \"%s\"", what, shown);
}

static uint32_t number(const char *text, uint32_t max, const char *what)
{
	uint64_t value = 0;
	size_t length = strspn(text, "0123456789");
	if (length == 0 || length > 10 || text[length] != 0)
		refuse(what, text);
	for (const char *at = text; *at; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	if (value > max)
		refuse(what, text);
	return (uint32_t)value;
}

static void pattern(char to[64], const char *text, const char *what)
{
	if (text[0] == 0 || strlen(text) > 63)
		refuse(what, text);
	memset(to, 0, 64);
	memcpy(to, text, strlen(text));
}

static uint8_t nibble(char digit, const char *text)
{
	const char *digits = "0123456789abcdef";
	const char *found = digit ? strchr(digits, digit) : NULL;
	if (!found)
		refuse("a filter is - or bytes, each as two of 0123456789abcdef", text);
	return (uint8_t)(found - digits);
}

static void filter(struct qs_trace_config *config, const char *text)
{
	size_t length = strlen(text);
	if (strcmp(text, "-") == 0)
		return;
	if (length == 0 || length % 2 != 0 || length / 2 > QS_TRACE_FILTER_MAX)
		refuse("a filter is - or 1 to 976 bytes, each as two hexadecimal digits", text);
	config->filter_length = (uint32_t)(length / 2);
	for (size_t i = 0; i < length / 2; i++)
		config->filter[i] = (uint8_t)(nibble(text[2 * i], text) << 4 | nibble(text[2 * i + 1], text));
}

static void parse_rule(struct qs_rules *rules, char *column[], int count)
{
	struct qs_trace_rule *rule = &rules->rules[rules->count];
	struct qs_trace_config *config = &rules->configs[rules->count];
	if (rules->count == QS_RULES_MAX)
		refuse("there are more than 127 rules", column[0]);
	bool off = count == 7 && strcmp(column[6], "off") == 0;
	if (count != 9 && !off)
		refuse("a rule has 9 columns, or 7 of which the last is off", column[0]);
	pattern(rule->program, column[1], "a program's pattern has 1 to 63 characters");
	pattern(rule->provider, column[2], "a provider's pattern has 1 to 63 characters");
	pattern(rule->name, column[3], "an event's pattern has 1 to 63 characters");
	rule->level_max = number(column[4], QS_EVENT_LEVEL_MAX, "a level is a number from 0 to 14");
	rule->process = (int32_t)number(column[5], INT32_MAX, "a pid is a number, 0 for any");
	if (!off) {
		config->channel = number(column[6], QS_TRACE_CHANNELS - 1, "a channel is a number from 0 to 3");
		config->sample = number(column[7], UINT32_MAX, "one event of how many? A number from 0 on");
		filter(config, column[8]);
		rule->config = 1;
	}
	rules->count++;
}

static void parse_line(struct qs_rules *rules, char *line)
{
	char *column[COLUMNS_MAX + 1];
	int count = 0;
	for (char *at = line; at && count <= COLUMNS_MAX; count++) {
		column[count] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = 0;
	}
	if (strcmp(column[0], "rule") == 0)
		parse_rule(rules, column, count);
	else if (strcmp(column[0], "running") == 0 && count == 2)
		rules->running = number(column[1], 1, "running is 0 or 1") == 1;
	else if (strcmp(column[0], "overwrite") == 0 && count == 3)
		rules->overwrite[number(column[1], QS_TRACE_CHANNELS - 1, "a channel is a number from 0 to 3")] =
			number(column[2], 1, "overwrite is 0 or 1") == 1;
	else
		refuse("is no rule", column[0]);
}

static char *read_all(int fd)
{
	size_t length = 0;
	char *text = malloc(TEXT_MAX + 1);
	if (!text)
		qs_fail(QS_EXIT_MACHINE, NULL, NULL, "out of memory");
	for (;;) {
		ssize_t got = read(fd, text + length, TEXT_MAX + 1 - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			qs_fail(QS_EXIT_MACHINE, "standard input", NULL, "can't be read: %s", strerror(errno));
		if (got == 0)
			break;
		length += (size_t)got;
		if (length > TEXT_MAX)
			qs_fail(QS_EXIT_INPUT, "standard input", COLUMNS, "is more than a megabyte");
	}
	if (memchr(text, 0, length))
		qs_fail(QS_EXIT_INPUT, "standard input", COLUMNS, "has a byte 0");
	text[length] = 0;
	return text;
}

void qs_rules_parse(struct qs_rules *rules, int fd)
{
	char *text = read_all(fd), *line = text;
	memset(rules, 0, sizeof *rules);
	line_number = 0;
	while (line) {
		char *next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		line_number++;
		if (*line)
			parse_line(rules, line);
		line = next;
	}
	free(text);
}

static bool is_ended(const char text[64])
{
	return memchr(text, 0, 64) != NULL;
}

static void load_rule(struct qs_rules *rules, const struct qs_trace_control *control, uint32_t i, bool *right)
{
	const struct qs_trace_rule *rule = &rules->rules[i];
	struct qs_trace_config *config = &rules->configs[i];
	*right = *right && is_ended(rule->program) && is_ended(rule->provider) && is_ended(rule->name) &&
		 rule->config < QS_TRACE_CONFIGS;
	if (!*right || rule->config == 0)
		return;
	*right = qs_process_copy(&control->configs[rule->config], config, sizeof *config) &&
		 config->channel < QS_TRACE_CHANNELS && config->filter_length <= QS_TRACE_FILTER_MAX;
}

struct active {
	const struct qs_trace_control *control;
	uint64_t generation;
	uint32_t active, count;
};

static void load_active(void *with)
{
	struct active *active = with;
	active->generation = qs_load_acquire(&active->control->generation);
	active->active = qs_load_acquire(&active->control->active) & 1;
	active->count = qs_load_acquire(&active->control->rules[active->active].count);
}

/* False where they are damaged, or have changed meanwhile: then `changed` is true. */
static bool load(const struct qs_directory *directory, struct qs_rules *rules, bool *changed)
{
	static struct qs_trace_rules found;
	struct active active = { directory->control, 0, 0, 0 }, again = active;
	bool right = qs_guarded(load_active, &active) && active.count <= QS_TRACE_RULES &&
		     qs_process_copy(&directory->control->rules[active.active], &found, sizeof found);
	memset(rules, 0, sizeof *rules);
	if (right) {
		rules->count = active.count;
		rules->running = found.running != 0;
		/* With `active`: whoever was killed just after it had flipped that has not raised the other. */
		rules->generation = 2 * active.generation + active.active;
		for (uint32_t i = 0; i < QS_TRACE_CHANNELS; i++)
			rules->overwrite[i] = found.overwrite[i] != 0;
		memcpy(rules->rules, found.rules, active.count * sizeof found.rules[0]);
	}
	for (uint32_t i = 0; right && i < active.count; i++)
		load_rule(rules, directory->control, i, &right);
	qs_acquire_fence();
	*changed = qs_guarded(load_active, &again) &&
		   (again.generation != active.generation || again.active != active.active);
	return right && !*changed;
}

void qs_rules_load(const struct qs_directory *directory, struct qs_rules *rules)
{
	bool changed = true;
	for (int attempt = 0; changed && attempt < ATTEMPTS; attempt++)
		if (load(directory, rules, &changed))
			return;
	qs_fail(QS_EXIT_INPUT, directory->path, "End what is being traced, and remove the directory.",
		changed ? "the rules in control change faster than they can be read"
			: "the rules in control are damaged");
}

int qs_rules_decide(const struct qs_rules *rules, const struct qs_process *process, const struct qs_event *event)
{
	if (!rules->running || !event->text)
		return -1;
	for (int i = (int)rules->count - 1; i >= 0; i--) {
		const struct qs_trace_rule *rule = &rules->rules[i];
		if (event->level > rule->level_max || (rule->process != 0 && rule->process != process->pid) ||
		    !qs_event_matches(rule->provider, event->provider) || !qs_event_matches(rule->name, event->name) ||
		    !qs_event_matches(rule->program, process->program))
			continue;
		return rule->config == 0 ? -1 : i;
	}
	return -1;
}
