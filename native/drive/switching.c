/* SPDX-License-Identifier: MIT */
/*
 * Tracing's controller and a traced process as a driver of spec/tracing/Switching.tla. Both are the code as it is, with
 * files in a directory of their own: the process opens itself and hits its event on two stacks, the controller applies
 * rules on a third, and each is held before its steps. Death is what the kernel's lease says: the driver gives up the
 * process's life. Compiled with room for Configs configurations, beside one number that stands for half of a rule.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "../src/letters.h"
#include "../test/folder.h"
#include "../tracepoint/controller/apply.h"
#include "../tracepoint/controller/say.h"
#include "../tracepoint/switch_step.h"
#include "../tracepoint/traced/state.h"
#include "driver.h"

#define TORN (QS_TRACE_CONFIGS - 1)
#define CONFIGS (TORN - 1)
#define STACK (256 * 1024)
#define PATIENCE_MS 1000
#define EVENT "drive:hit;6"

/* Somebody who is on the way: where he is held. */
struct held {
	const char *place; /* "": he isn't */
	ucontext_t here;
	unsigned char stack[STACK];
};

static struct {
	char path[128];
	struct qs_directory directory;
	struct qs_trace trace;
	struct qs_trace_mine mine;
	ucontext_t lane;
	struct held opener, hitter, controller, *runs;
	struct qs_trace_hit hit;
	struct qs_rules rules;
	bool born, dead;
	/* The number of changes begun, and what the last is: 0, or 1 for on. */
	int64_t changes, unlisted;
	bool on, listed;
} it;

static qs_atomic(uint32_t) event = 1;

/*------------------------------------------------- who is on the way -----------------------------------------------*/

void qs_trace_switch_step(const char *name)
{
	if (!it.runs)
		return;
	it.runs->place = name;
	swapcontext(&it.runs->here, &it.lane);
}

static void go_on(struct held *who)
{
	it.runs = who;
	swapcontext(&it.lane, &who->here);
	it.runs = NULL;
}

static void start(struct held *who, void (*what)(void))
{
	getcontext(&who->here);
	who->here.uc_stack = (stack_t){ .ss_sp = who->stack, .ss_size = sizeof who->stack };
	who->here.uc_link = &it.lane;
	makecontext(&who->here, what, 0);
	go_on(who);
}

static qs_atomic(uint32_t) *word(void)
{
	return qs_trace_word(&it.trace, 0);
}

static void open_process(void)
{
	const char *why = "";
	if (qs_trace_go_on(&it.trace, &why) != 0)
		fprintf(stderr, "the driver's process can't be opened: %s\n", why);
	it.opener.place = "Open";
}

/* What the macros of quiesce/tracepoint.h make of a tracepoint without fields. */
static void hit_once(void)
{
	if (qs_trace_begin(&it.hit, word(), &event, NULL, 0))
		qs_trace_end(&it.hit);
	it.hitter.place = "";
}

static void change_rules(void)
{
	qs_apply(&it.directory, &it.rules, PATIENCE_MS);
	it.controller.place = "Change";
}

/*------------------------------------------------- what the controller says ----------------------------------------*/

void qs_say_open(const char *key, char bracket)
{
	(void)key, (void)bracket;
}

void qs_say_close(char bracket)
{
	(void)bracket;
}

void qs_say_text(const char *key, const char *text)
{
	(void)key, (void)text;
}

void qs_say_number(const char *key, uint64_t value)
{
	(void)key, (void)value;
}

void qs_say_signed(const char *key, int64_t value)
{
	(void)key, (void)value;
}

bool qs_say_line(void)
{
	return true;
}

void qs_fail(enum qs_exit code, const char *where, const char *hint, const char *format, ...)
{
	(void)hint;
	fprintf(stderr, "the controller fails: %s: %s\n", where ? where : "", format);
	_exit((int)code);
}

/*------------------------------------------------------ its memory -------------------------------------------------*/

static int64_t constant(const struct qs_driver_world *world, const char *name)
{
	for (int i = 0; i < world->constants; i++)
		if (strcmp(world->constant[i].name, name) == 0 && !world->constant[i].text)
			return world->constant[i].number;
	return 0;
}

static void *begin(const struct qs_driver_world *world)
{
	if (world->lanes != 1 || constant(world, "Configs") != CONFIGS || constant(world, "Modules") != 0)
		return NULL;
	memset(&it.trace, 0, sizeof it.trace);
	it.born = it.dead = it.on = it.listed = false;
	it.changes = it.unlisted = 0;
	it.opener.place = "Name";
	it.hitter.place = "";
	it.controller.place = "Change";
	it.mine.trace = NULL;
	qs_trace_mine = &it.mine;
	qs_trace_self = NULL;
	if (!test_folder_make(it.path, sizeof it.path, NULL))
		return NULL;
	qs_directory_open(&it.directory, it.path, true);
	return &it;
}

/* All come to an end, on their own thread, and give back what they have opened. */
static void drain(void *instance, int lane)
{
	(void)instance;
	if (lane != 0)
		return;
	while (it.born && !it.dead && strcmp(it.opener.place, "Open") != 0)
		go_on(&it.opener);
	while (!it.dead && it.hitter.place[0] != 0)
		go_on(&it.hitter);
	while (strcmp(it.controller.place, "Change") != 0)
		go_on(&it.controller);
}

static void end(void *instance)
{
	(void)instance;
	it.mine.trace = NULL;
	qs_trace_unmake(&it.trace);
	munmap(it.directory.control, sizeof *it.directory.control);
	close(it.directory.fd);
	test_folder_remove(it.path);
}

/* A program that has one module with one event, whose tracing is opened next. */
static bool be_born(void)
{
	static const struct qs_trace_module module;
	const char *why;
	strcpy(it.trace.directory, it.path);
	strcpy(it.trace.program, "driver");
	it.trace.ring_size = QS_TRACE_RING_MIN;
	if (qs_trace_make(&it.trace, &why) != 0)
		return false;
	struct qs_trace_event *described = &it.trace.process->events[0];
	strcpy(described->text, EVENT);
	qs_store_relaxed(&described->length, sizeof EVENT - 1);
	qs_store_relaxed(&it.trace.process->header.events, 1);
	it.trace.described[0].text = described->text;
	it.trace.events = it.trace.pages = it.trace.modules = 1;
	it.trace.module[0] = (struct qs_trace_known_module){ .module = &module, .pages = 1, .events = 1 };
	/* Who meets another module applies the rules while it hits; so this one may hit before it has. */
	it.mine.trace = &it.trace;
	start(&it.opener, open_process);
	return true;
}

/* All that a process has of itself: nobody has its life open any more. Its files stay. */
static void die(void)
{
	munmap(it.trace.life, QS_TRACE_PAGE);
	it.trace.life = NULL;
	it.dead = true;
}

static bool is_named(void)
{
	char file[256];
	snprintf(file, sizeof file, "%s/%s.trace", it.path, it.trace.name);
	return it.born && access(file, F_OK) == 0;
}

/*------------------------------------------------------ steps ------------------------------------------------------*/

/* The next change: its configuration is for its number, which a filter holds. */
static void begin_change(bool on)
{
	struct qs_trace_rule *rule = &it.rules.rules[0];
	struct qs_trace_config *config = &it.rules.configs[0];
	memset(&it.rules, 0, sizeof it.rules);
	it.changes++;
	it.on = on;
	it.rules.count = 1;
	it.rules.running = true;
	rule->config = on;
	rule->level_max = 14;
	strcpy(rule->program, "*");
	strcpy(rule->provider, "*");
	strcpy(rule->name, "*");
	config->filter_length = 9;
	config->filter[0] = 1; /* INT */
	config->filter[1] = (uint8_t)it.changes;
	/* The number of half of a rule is no place. */
	it.directory.control->configs[TORN].reserved = 1;
	start(&it.controller, change_rules);
}

/* What lies in the copy that is being written: a number that no rule has. */
static void tear(void)
{
	struct qs_trace_control *control = it.directory.control;
	struct qs_trace_rule *rule = &control->rules[1 - (qs_load_relaxed(&control->active) & 1)].rules[0];
	*rule = it.rules.rules[0];
	rule->config = TORN;
}

static enum qs_taken controls(const char *name)
{
	struct held *who = &it.controller;
	if (strcmp(who->place, strcmp(name, "FreeOld") == 0 ? "Free" : name) != 0)
		return QS_TAKEN_REFUSED;
	/* The specification scans who is there when the number is raised; the code, whom it has listed: who came since
	 * has read the new rules. */
	if (strcmp(name, "Scan") == 0 && it.unlisted > 0) {
		it.unlisted--;
		return QS_TAKEN_DONE;
	}
	if (strcmp(name, "List") == 0)
		it.listed = is_named();
	if (strcmp(name, "RaiseGp") == 0)
		it.unlisted = is_named() && !it.listed;
	go_on(who);
	if (strcmp(name, "WriteFirst") == 0)
		tear();
	/* The words of the dead are written, too: nobody reads them. */
	if (strcmp(name, "Await") == 0 && strcmp(who->place, "Switch") == 0 && it.dead)
		go_on(who);
	return QS_TAKEN_DONE;
}

static bool is_opening(const char *name)
{
	static const char *const names[] = { "Name",	  "LoadGeneration", "LoadActive", "ReadRules",
					     "WriteWord", "LookAgain",	    "Apply" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum qs_taken opens_or_hits(const char *name)
{
	if (!it.born || it.dead)
		return QS_TAKEN_REFUSED;
	if (strcmp(name, "Die") == 0) {
		die();
		return QS_TAKEN_DONE;
	}
	const bool announces = strcmp(name, "Announce") == 0;
	struct held *who = is_opening(name) ? &it.opener : &it.hitter;
	if (announces) {
		if (who->place[0] != 0 || !is_named() || qs_load_relaxed(word()) == 0)
			return QS_TAKEN_REFUSED;
		start(who, hit_once);
	}
	if (strcmp(who->place, name) != 0)
		return QS_TAKEN_REFUSED;
	go_on(who);
	return QS_TAKEN_DONE;
}

static enum qs_taken step(void *instance, const struct qs_ask *ask, const char **problem)
{
	(void)instance;
	(void)problem;
	const char *name = ask->step;
	if (strcmp(name, "Start") == 0) {
		if (it.born || !be_born())
			return QS_TAKEN_REFUSED;
		it.born = true;
		return QS_TAKEN_DONE;
	}
	if (strcmp(name, "Change") == 0) {
		if (strcmp(it.controller.place, "Change") != 0)
			return QS_TAKEN_REFUSED;
		begin_change(ask->parameters == 1 && ask->parameter[0].number != 0);
		return QS_TAKEN_DONE;
	}
	if (strcmp(name, "Die") == 0 || strcmp(name, "Announce") == 0 || strcmp(name, "LoadWord") == 0 ||
	    strcmp(name, "Leave") == 0 || is_opening(name))
		return opens_or_hits(name);
	return controls(name);
}

/*--------------------------------------------------- what is seen --------------------------------------------------*/

static int64_t shown(uint32_t config)
{
	return config == TORN ? -1 : (int64_t)config;
}

static int64_t rule_of(uint32_t copy)
{
	const struct qs_trace_rules *rules = &it.directory.control->rules[copy];
	const uint32_t config = qs_load_relaxed(&rules->count) == 0 ? 0 : rules->rules[0].config;
	return shown(config);
}

static int64_t used(void)
{
	const bool uses = !it.dead && strcmp(it.hitter.place, "Leave") == 0;
	return uses && it.hit.config <= CONFIGS ? it.hit.config : 0;
}

static void look(void *instance, struct qs_look *look)
{
	(void)instance;
	struct qs_trace_control *control = it.directory.control;
	int64_t made[CONFIGS], busy[CONFIGS];
	const int64_t rules[2] = { rule_of(0), rule_of(1) };
	for (uint32_t i = 0; i < CONFIGS; i++) {
		made[i] = control->configs[i + 1].filter[1];
		busy[i] = control->configs[i + 1].reserved;
	}
	const struct qs_trace_process *process = it.born ? it.trace.process : NULL;
	const uint32_t at = it.born && !it.dead ? qs_load_relaxed(word()) : 0;
	look->list(look, "rules", rules, 2);
	look->number(look, "active", qs_load_relaxed(&control->active));
	look->number(look, "generation", (int64_t)qs_load_relaxed(&control->generation));
	look->number(look, "gp", (int64_t)qs_load_relaxed(&control->gp));
	look->list(look, "made", made, CONFIGS);
	look->list(look, "busy", busy, CONFIGS);
	look->text(look, "step", it.controller.place);
	look->number(look, "change", it.changes);
	look->text(look, "life", it.dead ? "dead" : it.born ? "lives" : "unborn");
	look->boolean(look, "named", is_named());
	look->number(look, "applied", process ? (int64_t)qs_load_relaxed(&process->header.applied) : 0);
	look->number(look, "word", shown(at));
	look->number(look, "announced", process ? (int64_t)qs_load_relaxed(&process->rings[0].announced) : 0);
	look->text(look, "at", it.opener.place);
	look->text(look, "inside", it.hitter.place);
	look->number(look, "uses", used());
}

static const struct qs_driver driver = {
	.abi = QS_DRIVER_ABI,
	.name = "tracing's controller, and a process",
	.begin = begin,
	.step = step,
	.look = look,
	.drain = drain,
	.end = end,
};

const struct qs_driver *qs_driver_get(void)
{
	return &driver;
}
