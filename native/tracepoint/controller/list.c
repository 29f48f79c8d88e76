/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "list.h"

#include <string.h>

#include "guard.h"
#include "process.h"
#include "rules.h"
#include "say.h"

struct header {
	const struct qs_process *process;
	uint64_t applied, lost;
	uint32_t rings, inside, silent;
	int32_t owners;
};

static void load_header(void *with)
{
	struct header *header = with;
	const struct qs_trace_process *shared = header->process->shared;
	header->applied = qs_load_relaxed(&shared->header.applied);
	header->lost = qs_load_relaxed(&shared->header.lost);
	header->silent = qs_load_relaxed(&shared->header.silent);
	for (uint32_t i = 0; i < header->rings; i++) {
		header->inside += qs_load_relaxed(&shared->rings[i].announced) != 0;
		header->owners += qs_load_relaxed(&shared->rings[i].owner) != 0;
		header->lost += qs_load_relaxed(&shared->rings[i].lost);
	}
}

struct word {
	const struct qs_trace_process *shared;
	uint64_t gone;
	uint32_t event, word, value;
};

static void load_word(void *with)
{
	struct word *at = with;
	const qs_atomic(uint32_t) *page = at->shared->words[at->word / QS_TRACE_WORDS_A_PAGE];
	at->value = qs_load_relaxed(&page[at->word % QS_TRACE_WORDS_A_PAGE]);
	at->gone = at->shared->events[at->event].gone;
}

static void say_fields(const struct qs_event *event)
{
	qs_say_open("fields", '[');
	for (uint8_t i = 0; i < event->count; i++) {
		const struct qs_event_field *field = &event->fields[i];
		char type[] = { field->kind, (char)('0' + field->width), 0 };
		qs_say_open(NULL, '{');
		qs_say_text("name", field->name);
		qs_say_text("type", field->kind == 's' ? "s" : type);
		qs_say_bool("sequence", field->sequence);
		qs_say_close('}');
	}
	qs_say_close(']');
}

static bool say_event(const struct qs_process *process, uint32_t index)
{
	const struct qs_event *event = &process->events[index];
	struct word at = { .shared = process->shared, .event = index, .word = event->word };
	if (!event->text || !qs_guarded(load_word, &at))
		return false;
	qs_say_open(NULL, '{');
	qs_say_number("event", index);
	qs_say_text("text", event->text);
	qs_say_number("config", at.value < QS_TRACE_CONFIGS ? at.value : 0);
	qs_say_bool("gone", at.gone != 0);
	qs_say_text("provider", event->provider);
	qs_say_text("name", event->name);
	qs_say_number("level", event->level);
	say_fields(event);
	qs_say_close('}');
	return true;
}

static uint32_t say_process(const struct qs_directory *directory, struct qs_process *process)
{
	struct header header = { .process = process, .rings = qs_process_rings(process) };
	bool alive = qs_process_life(directory, process) == QS_ALIVE;
	uint32_t said = 0;
	qs_process_events(process);
	/* What is gone meanwhile is shown as nothing. */
	qs_guarded(load_header, &header);
	qs_say_open(NULL, '{');
	qs_say_open("process", '{');
	qs_say_text("name", process->name);
	qs_say_signed("pid", process->pid);
	qs_say_number("uid", process->uid);
	qs_say_text("program", process->program);
	qs_say_bool("alive", alive);
	qs_say_bool("certain", !process->by_pid);
	qs_say_number("started", process->started);
	qs_say_signed("realtime", process->realtime);
	qs_say_number("ring_size", process->ring_size);
	qs_say_number("rings", header.rings);
	qs_say_signed("owned", header.owners);
	qs_say_number("inside", header.inside);
	qs_say_number("lost", header.lost);
	qs_say_bool("applied", header.applied != 0);
	qs_say_number("bad_events", process->bad_events);
	qs_say_number("silent_events", header.silent);
	qs_say_open("events", '[');
	for (uint32_t i = 0; i < process->count; i++)
		said += say_event(process, i);
	qs_say_close(']');
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
	return said;
}

void qs_say_list(const struct qs_directory *directory)
{
	struct qs_processes processes = { 0 };
	uint64_t events = 0;
	qs_processes_list(directory, &processes);
	qs_processes_must_be_all(directory, &processes);
	for (size_t i = 0; i < processes.count; i++)
		events += say_process(directory, processes.list[i]);
	qs_say_open(NULL, '{');
	qs_say_open("listed", '{');
	qs_say_number("processes", processes.count);
	qs_say_number("events", events);
	qs_say_number("damaged", processes.damaged);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
	qs_processes_close(&processes);
}

struct marks {
	const struct qs_trace_control *control;
	bool named[QS_TRACE_CONFIGS];
	uint64_t gp;
	unsigned waiting;
};

static void load_marks(void *with)
{
	struct marks *marks = with;
	marks->waiting = 0;
	marks->gp = qs_load_relaxed(&marks->control->gp);
	for (uint32_t i = 1; i < QS_TRACE_CONFIGS; i++)
		marks->waiting += !marks->named[i] && marks->control->configs[i].reserved != 0;
}

static void say_marks(const struct qs_directory *directory, const struct qs_rules *rules)
{
	struct marks marks = { .control = directory->control };
	unsigned named = 0;
	for (uint32_t i = 0; i < rules->count; i++)
		marks.named[rules->rules[i].config] = true;
	for (uint32_t i = 1; i < QS_TRACE_CONFIGS; i++)
		named += marks.named[i];
	qs_guarded(load_marks, &marks);
	qs_say_number("grace_period", marks.gp);
	qs_say_number("configs", named);
	qs_say_number("configs_waiting", marks.waiting);
}

void qs_say_status(const struct qs_directory *directory)
{
	static struct qs_rules rules;
	struct qs_processes processes = { 0 };
	unsigned dead = 0;
	bool leases = true;
	qs_rules_load(directory, &rules);
	qs_processes_list(directory, &processes);
	qs_processes_must_be_all(directory, &processes);
	for (size_t i = 0; i < processes.count; i++) {
		dead += qs_process_life(directory, processes.list[i]) == QS_DEAD;
		leases = leases && !processes.list[i]->by_pid;
	}
	qs_say_open(NULL, '{');
	qs_say_open("status", '{');
	qs_say_text("directory", directory->path);
	qs_say_number("generation", rules.generation);
	qs_say_bool("running", rules.running);
	qs_say_number("rules", rules.count);
	qs_say_bool("global", (directory->flags & QS_TRACE_GLOBAL) != 0);
	qs_say_signed("recorder", qs_directory_holder(directory, "recorder"));
	say_marks(directory, &rules);
	qs_say_number("processes", processes.count - dead);
	qs_say_number("dead", dead);
	qs_say_number("damaged", processes.damaged);
	qs_say_bool("leases", leases);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
	qs_processes_close(&processes);
}

static void say_rule(const struct qs_trace_rule *rule, const struct qs_trace_config *config)
{
	qs_say_open(NULL, '{');
	qs_say_open("rule", '{');
	qs_say_text("program", rule->program);
	qs_say_text("provider", rule->provider);
	qs_say_text("name", rule->name);
	qs_say_number("level", rule->level_max);
	qs_say_signed("pid", rule->process);
	qs_say_bool("off", rule->config == 0);
	qs_say_number("channel", config->channel);
	qs_say_number("sample", config->sample);
	if (config->filter_length == 0)
		qs_say_text("filter", "-");
	else
		qs_say_hex("filter", config->filter, config->filter_length);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
}

void qs_say_rules(const struct qs_directory *directory)
{
	static struct qs_rules rules;
	qs_rules_load(directory, &rules);
	qs_say_open(NULL, '{');
	qs_say_open("rules", '{');
	qs_say_number("generation", rules.generation);
	qs_say_bool("running", rules.running);
	qs_say_open("overwrite", '[');
	for (uint32_t i = 0; i < QS_TRACE_CHANNELS; i++)
		qs_say_number(NULL, rules.overwrite[i]);
	qs_say_close(']');
	qs_say_number("count", rules.count);
	qs_say_close('}');
	qs_say_close('}');
	qs_say_line();
	for (uint32_t i = 0; i < rules.count; i++)
		say_rule(&rules.rules[i], &rules.configs[i]);
}
