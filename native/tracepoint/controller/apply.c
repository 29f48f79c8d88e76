/* SPDX-License-Identifier: MIT */
/*
 * The order is that of spec/tracing: configurations, the inactive copy of the rules, `active`, `generation`; a full
 * fence (J); who is there; their words; a grace period; and what no rule names is free.
 *
 * A controller that is killed anywhere leaves whole rules. Whether a configuration that no rule names is free, nobody
 * could know then: so each has a mark (its member `reserved`) from before it is written until a grace period has ended
 * after which no rule named it.
 */
#define _GNU_SOURCE
#include "apply.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/letters.h"
#include "grace.h"
#include "guard.h"
#include "say.h"
#include "step.h"
#include "../switch_step.h"

enum mark { MARK_FREE = 0, MARK_USED = 1 };

struct change {
	const struct qs_directory *directory;
	struct qs_trace_control *control;
	struct qs_rules before, *after;
	uint32_t place[QS_TRACE_RULES]; /* configuration of each rule of `after`; 0: off */
	bool named[QS_TRACE_CONFIGS];
	struct qs_processes processes;
	enum qs_waiting *waiting;
	uint32_t *words; /* of each process, changed */
	struct qs_patience patience;
};

static void guarded(const struct change *change, void (*touch)(void *), void *with)
{
	if (!qs_guarded(touch, with))
		qs_fail(QS_EXIT_INPUT, change->directory->path, "End what is being traced, and remove the directory.",
			"control was cut off while it was in use");
}

static bool is_same(const struct qs_trace_config *a, const struct qs_trace_config *b)
{
	return a->channel == b->channel && a->sample == b->sample && a->filter_length == b->filter_length &&
	       memcmp(a->filter, b->filter, a->filter_length) == 0;
}

/* What the rules that hold name already, or an earlier one of ours will, needs no place of its own. */
static uint32_t known_place(const struct change *change, uint32_t index)
{
	const struct qs_trace_config *wanted = &change->after->configs[index];
	for (uint32_t i = 0; i < change->before.count; i++)
		if (change->before.rules[i].config != 0 && is_same(&change->before.configs[i], wanted))
			return change->before.rules[i].config;
	for (uint32_t i = 0; i < index; i++)
		if (change->place[i] != 0 && is_same(&change->after->configs[i], wanted))
			return change->place[i];
	return 0;
}

/* Gives each rule its configuration's number; false where there are too few free ones. */
static void find_places(void *with)
{
	struct change *change = with;
	uint32_t next = 1;
	memset(change->place, 0, sizeof change->place);
	for (uint32_t i = 0; i < change->after->count; i++) {
		if (change->after->rules[i].config == 0)
			continue;
		change->place[i] = known_place(change, i);
		if (change->place[i] != 0)
			continue;
		while (next < QS_TRACE_CONFIGS &&
		       (change->named[next] || change->control->configs[next].reserved != MARK_FREE))
			next++;
		if (next == QS_TRACE_CONFIGS)
			return;
		change->place[i] = next++;
	}
}

static bool has_places(const struct change *change)
{
	for (uint32_t i = 0; i < change->after->count; i++)
		if (change->after->rules[i].config != 0 && change->place[i] == 0)
			return false;
	return true;
}

static void name_configs(struct change *change, const struct qs_rules *rules, const uint32_t *place)
{
	memset(change->named, 0, sizeof change->named);
	for (uint32_t i = 0; i < rules->count; i++)
		change->named[place ? place[i] : rules->rules[i].config] = true;
	change->named[0] = true;
}

static void write_configs(void *with)
{
	struct change *change = with;
	for (uint32_t i = 0; i < change->after->count; i++) {
		struct qs_trace_config *config = &change->control->configs[change->place[i]];
		if (change->place[i] == 0 || change->named[change->place[i]])
			continue;
		*(volatile uint32_t *)&config->reserved = MARK_USED;
		QS_TRACE_STEP(ConfigMarked);
		QS_TRACE_SWITCH_STEP(Fill);
		change->after->configs[i].reserved = MARK_USED;
		memcpy(config, &change->after->configs[i], sizeof *config);
	}
	QS_TRACE_STEP(ConfigsWritten);
}

static void raise_generation(struct qs_trace_control *control)
{
	qs_store_release(&control->generation, qs_load_relaxed(&control->generation) + 1);
}

static void write_rules(void *with)
{
	struct change *change = with;
	struct qs_trace_control *control = change->control;
	uint32_t inactive = 1 - (qs_load_relaxed(&control->active) & 1);
	struct qs_trace_rules *to = &control->rules[inactive];
	/* Somebody may be reading this copy: where a controller was killed just after it had flipped `active`. */
	QS_TRACE_SWITCH_STEP(RaiseFirst);
	raise_generation(control);
	qs_full_fence();
	QS_TRACE_STEP(RulesWrite);
	QS_TRACE_SWITCH_STEP(WriteFirst);
	qs_store_relaxed(&to->count, change->after->count);
	to->running = change->after->running;
	for (uint32_t i = 0; i < QS_TRACE_CHANNELS; i++)
		to->overwrite[i] = change->after->overwrite[i];
	QS_TRACE_SWITCH_STEP(WriteLast);
	for (uint32_t i = 0; i < change->after->count; i++) {
		to->rules[i] = change->after->rules[i];
		to->rules[i].config = change->place[i];
	}
	QS_TRACE_STEP(RulesFlip);
	QS_TRACE_SWITCH_STEP(Flip);
	fence_d(&control->active, inactive);
	QS_TRACE_STEP(RulesFlipped);
	QS_TRACE_SWITCH_STEP(RaiseLast);
	raise_generation(control);
	QS_TRACE_STEP(RulesRaised);
}

static void free_unnamed(void *with)
{
	struct change *change = with;
	for (uint32_t i = 1; i < QS_TRACE_CONFIGS; i++)
		if (!change->named[i])
			change->control->configs[i].reserved = MARK_FREE;
}

struct switching {
	struct change *change;
	struct qs_process *process;
	uint64_t gone;
	uint32_t event, value;
	bool changed;
};

static void write_word(void *with)
{
	struct switching *at = with;
	uint32_t word = at->process->events[at->event].word;
	qs_atomic(uint32_t) *address =
		&at->process->shared->words[word / QS_TRACE_WORDS_A_PAGE][word % QS_TRACE_WORDS_A_PAGE];
	at->changed = false;
	/* Its place may be another's by now. */
	if (at->process->shared->events[at->event].gone != 0)
		return;
	if (qs_load_relaxed(address) == at->value)
		return;
	qs_store_relaxed(address, at->value);
	at->changed = true;
}

/*
 * As the rules say, whose configurations are in `place`; without it, the rules that hold name them. Returns how many
 * words have changed.
 */
static uint32_t switch_process(struct change *change, struct qs_process *process, const struct qs_rules *rules,
			       const uint32_t *place)
{
	struct switching at = { .change = change, .process = process };
	uint32_t changed = 0;
	if (!qs_process_events(process))
		return 0;
	for (at.event = 0; at.event < process->count; at.event++) {
		const struct qs_event *event = &process->events[at.event];
		int rule = qs_rules_decide(rules, process, event);
		if (!event->text)
			continue;
		at.value = rule < 0 ? 0 : place ? place[rule] : rules->rules[rule].config;
		if (!qs_guarded(write_word, &at))
			break;
		changed += at.changed;
		QS_TRACE_STEP(WordWritten);
	}
	return changed;
}

static void list_all(struct change *change)
{
	qs_processes_close(&change->processes);
	qs_processes_list(change->directory, &change->processes);
	/* The rules hold for those to come; nothing is freed under those that weren't switched. */
	qs_processes_must_be_all(change->directory, &change->processes);
	free(change->waiting);
	free(change->words);
	change->waiting = calloc(change->processes.count + 1, sizeof *change->waiting);
	change->words = calloc(change->processes.count + 1, sizeof *change->words);
	if (!change->waiting || !change->words)
		qs_fail(QS_EXIT_MACHINE, NULL, NULL, "out of memory");
}

/*
 * Those that are there are switched one after the other, each when it has applied rules by itself: who opens itself has
 * read what it will write, and is waited for as sections are.
 */
static bool switch_all(struct change *change, const struct qs_rules *rules, const uint32_t *place)
{
	bool all = true;
	QS_TRACE_SWITCH_STEP(List);
	list_all(change);
	for (size_t i = 0; i < change->processes.count; i++) {
		struct qs_process *process = change->processes.list[i];
		QS_TRACE_SWITCH_STEP(Await);
		change->waiting[i] = qs_wait_opened(change->directory, process, &change->patience);
		all = all && change->waiting[i] == QS_NOT_WAITING;
		QS_TRACE_SWITCH_STEP(Switch);
		change->words[i] = switch_process(change, process, rules, place);
	}
	QS_TRACE_SWITCH_STEP(Await);
	QS_TRACE_STEP(Switched);
	return all;
}

/*
 * What killed controllers have left in use, and what could not be freed before, is free after a grace period: of
 * somebody who has written all words as the rules say that hold, since whoever flipped them may not have come to that.
 */
static void make_room(struct change *change)
{
	bool all = switch_all(change, &change->before, NULL);
	all = qs_grace_period(change->directory, &change->processes, change->waiting, &change->patience) && all;
	QS_TRACE_SWITCH_STEP(Free);
	if (all)
		guarded(change, free_unnamed, change);
	guarded(change, find_places, change);
	if (!has_places(change))
		qs_fail(QS_EXIT_MACHINE, change->directory->path,
			"quiesce-trace list says which process is inside of a section: let it go on, or end it.",
			"no configuration is free: a process may still be using those of earlier rules");
}

struct silent {
	const struct qs_trace_process *shared;
	uint32_t events;
};

static void load_silent(void *with)
{
	struct silent *silent = with;
	silent->events = qs_load_relaxed(&silent->shared->header.silent);
}

/* Events that had no place aren't there for anybody: whoever misses them should hear why. */
static void warn_of_silent(const struct qs_process *process)
{
	struct silent silent = { .shared = process->shared };
	if (!qs_guarded(load_silent, &silent) || silent.events == 0)
		return;
	qs_say_warning(process->name, "Put fewer tracepoints into one program and its libraries.",
		       "%u tracepoints of %s can't be switched on: a process may have %u, on %u pages", silent.events,
		       process->program, QS_TRACE_EVENTS, QS_TRACE_WORD_PAGES);
}

/* What was switched in the dead is of no use to anybody. */
static void say_applied(const struct change *change, uint64_t began, uint64_t switched, uint64_t ended)
{
	uint64_t words = 0, processes = 0;
	for (size_t i = 0; i < change->processes.count; i++) {
		if (qs_process_life(change->directory, change->processes.list[i]) == QS_DEAD)
			continue;
		warn_of_silent(change->processes.list[i]);
		processes++;
		words += change->words[i];
	}
	qs_say_open(NULL, '{');
	qs_say_open("applied", '{');
	qs_say_number("processes", processes);
	qs_say_number("words", words);
	qs_say_number("microseconds", (ended - began) / 1000);
	qs_say_number("grace_microseconds", (ended - switched) / 1000);
	qs_say_open("waiting", '[');
	for (size_t i = 0; i < change->processes.count; i++) {
		const struct qs_process *process = change->processes.list[i];
		if (change->waiting[i] == QS_NOT_WAITING)
			continue;
		qs_say_open(NULL, '{');
		qs_say_text("name", process->name);
		qs_say_signed("pid", process->pid);
		qs_say_text("program", process->program);
		qs_say_text("why", change->waiting[i] == QS_WAITING_SECTION ? "section" : "opening");
		qs_say_close('}');
	}
	qs_say_close(']');
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
}

void qs_apply(const struct qs_directory *directory, struct qs_rules *rules, unsigned patience_ms)
{
	static struct change change;
	uint64_t began = qs_now(), switched;
	bool all;
	memset(&change, 0, sizeof change);
	change.directory = directory;
	change.control = directory->control;
	change.after = rules;
	change.patience = qs_patience_of(patience_ms);
	qs_rules_load(directory, &change.before);
	name_configs(&change, &change.before, NULL);
	guarded(&change, find_places, &change);
	if (!has_places(&change)) {
		make_room(&change);
		change.patience = qs_patience_of(patience_ms);
	}
	guarded(&change, write_configs, &change);
	guarded(&change, write_rules, &change);
	fence_j();
	all = switch_all(&change, rules, change.place);
	switched = qs_now();
	all = qs_grace_period(directory, &change.processes, change.waiting, &change.patience) && all;
	name_configs(&change, rules, change.place);
	QS_TRACE_SWITCH_STEP(Free);
	if (all)
		guarded(&change, free_unnamed, &change);
	say_applied(&change, began, switched, qs_now());
	qs_processes_close(&change.processes);
	free(change.waiting);
	free(change.words);
}
