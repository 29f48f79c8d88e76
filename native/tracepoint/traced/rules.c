/* SPDX-License-Identifier: MIT */
/*
 * A process applies the rules by itself: when it is opened, and when it gets to know another module. Whoever changes
 * them meanwhile either sees its events, and writes the words itself, or is seen here by the generation.
 */
#define _GNU_SOURCE
#include <string.h>

#include "letters.h"
#include "state.h"
#include "../switch_step.h"

bool qs_trace_fits(const char *pattern, size_t pattern_length, const char *text, size_t length)
{
	size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;
	while (t < length) {
		if (p < pattern_length && pattern[p] == '*') {
			star = p++;
			resume = t;
		} else if (p < pattern_length && (pattern[p] == '?' || pattern[p] == text[t])) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern_length && pattern[p] == '*')
		p++;
	return p == pattern_length;
}

static bool name_fits(const char *pattern, size_t limit, const char *text, size_t length)
{
	return qs_trace_fits(pattern, strnlen(pattern, limit), text, length);
}

/* PROVIDER:NAME;LEVEL, of a text of our own. */
struct head {
	const char *provider, *name;
	size_t provider_length, name_length;
	uint32_t level;
};

static bool read_head(struct head *head, const char *text)
{
	const char *colon = strchr(text, ':');
	const char *end = colon ? strchr(colon, ';') : NULL;
	if (!end)
		return false;
	*head = (struct head){text, colon + 1, (size_t)(colon - text), (size_t)(end - colon - 1), 0};
	for (const char *digit = end + 1; *digit >= '0' && *digit <= '9'; digit++)
		head->level = head->level * 10 + (uint32_t)(*digit - '0');
	return true;
}

static uint32_t decide(const struct qs_trace *trace, const struct qs_trace_rules *rules, const char *text)
{
	struct head head;
	uint32_t count = qs_load_relaxed((qs_atomic(uint32_t) *)(uintptr_t)&rules->count), config = 0;
	const volatile uint32_t *running = &rules->running;
	if (*running == 0 || !read_head(&head, text))
		return 0;
	if (count > QS_TRACE_RULES)
		count = QS_TRACE_RULES;
	for (uint32_t i = 0; i < count; i++) {
		/* A copy: what is looked at twice must be the same twice. */
		struct qs_trace_rule rule;
		memcpy(&rule, &rules->rules[i], sizeof(rule));
		if ((rule.process == 0 || rule.process == trace->pid) && head.level <= rule.level_max &&
		    name_fits(rule.program, sizeof(rule.program), trace->program, strlen(trace->program)) &&
		    name_fits(rule.provider, sizeof(rule.provider), head.provider, head.provider_length) &&
		    name_fits(rule.name, sizeof(rule.name), head.name, head.name_length))
			config = rule.config < QS_TRACE_CONFIGS ? rule.config : 0;
	}
	return config;
}

static void write_words(struct qs_trace *trace, const struct qs_trace_rules *rules)
{
	for (uint32_t m = 0; m < trace->modules; m++) {
		const struct qs_trace_known_module *known = &trace->module[m];
		if (!known->module)
			continue;
		for (uint32_t event = known->event; event < known->event + known->events; event++) {
			const struct qs_trace_described *described = &trace->described[event];
			QS_TRACE_SWITCH_STEP(ReadRules);
			const uint32_t config = decide(trace, rules, described->text);
			QS_TRACE_SWITCH_STEP(WriteWord);
			qs_store_relaxed(qs_trace_word(trace, described->word), config);
		}
	}
}

void qs_trace_apply(struct qs_trace *trace)
{
	const struct qs_trace_control *control = trace->control;
	uint64_t generation;
	/* A bound, since a control file that never rests would keep the program for ever. */
	for (int attempt = 0; attempt < 1000; attempt++) {
		QS_TRACE_SWITCH_STEP(LoadGeneration);
		generation = qs_load_acquire(&control->generation);
		QS_TRACE_SWITCH_STEP(LoadActive);
		const uint32_t active = qs_load_acquire(&control->active) & 1;
		write_words(trace, &control->rules[active]);
		/* Published, and the words written, before it is looked at again. */
		fence_k();
		QS_TRACE_SWITCH_STEP(LookAgain);
		if (qs_load_relaxed(&control->generation) == generation)
			break;
	}
	QS_TRACE_SWITCH_STEP(Apply);
	fence_ah(&trace->process->header.applied, generation ? generation : 1);
}
