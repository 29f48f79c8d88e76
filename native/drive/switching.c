/* SPDX-License-Identifier: MIT */
/*
 * Tracing's controller and traced processes as a driver of spec/tracing/switching/Switching.tla. All are the code as it
 * is, with files in a directory of their own: a process opens itself and hits its event on two stacks of its lane's
 * thread, the controller applies rules on another, and each is held before its steps. Death is what the lease says: the
 * driver gives up the process's life. A controller that is killed is not gone on with. A module that a process gets to
 * know later is the one that it has: the specification has a word a process, and two modules would be two. Compiled
 * with room for Configs configurations, beside one number that stands for half of a rule.
 */
#define _GNU_SOURCE
#include <stdarg.h>
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
#define NO_ROOM "no configuration is free" /* how apply.c says it */
#define MOST 2 /* processes */

/* Somebody who is on the way: where he is held. */
struct held {
	const char *place; /* "": he isn't */
	ucontext_t here;
	unsigned char stack[STACK];
};

struct process {
	struct qs_trace trace;
	struct qs_trace_mine mine;
	struct held opener, hitter;
	struct qs_trace_hit hit;
	bool born, dead;
};

static struct {
	char path[128];
	struct qs_directory directory;
	struct process process[MOST], *self; /* whoever is on the way */
	int processes;
	ucontext_t lane;
	struct held controller, *runs;
	struct qs_rules rules;
	struct qs_processes *list; /* the controller's */
	/* Which processes the controller has listed, and which it has still to visit: a bit for each. */
	unsigned listed, todo;
	int64_t changes;
	bool refreshes;
} it;

static qs_atomic(uint32_t) event = 1;
static const struct qs_trace_module module;

/*------------------------------------------------- who is on the way -----------------------------------------------*/

void qs_trace_switch_step(const char *name)
{
	if (!it.runs)
		return;
	it.runs->place = name;
	swapcontext(&it.runs->here, &it.lane);
}

/* The controller's steps are nobody's: `self` is NULL. */
static void go_on(struct process *self, struct held *who)
{
	it.self = self;
	it.runs = who;
	if (self)
		qs_trace_mine = &self->mine;
	swapcontext(&it.lane, &who->here);
	it.runs = NULL;
}

static void start(struct process *self, struct held *who, void (*what)(void))
{
	getcontext(&who->here);
	who->here.uc_stack = (stack_t){ .ss_sp = who->stack, .ss_size = sizeof who->stack };
	who->here.uc_link = &it.lane;
	makecontext(&who->here, what, 0);
	go_on(self, who);
}

static qs_atomic(uint32_t) *word_of(struct process *self)
{
	return qs_trace_word(&self->trace, 0);
}

static void open_process(void)
{
	struct process *self = it.self;
	const char *why = "";
	if (qs_trace_go_on(&self->trace, &why) != 0)
		fprintf(stderr, "the driver's process can't be opened: %s\n", why);
	self->opener.place = "Open";
}

/* As a thread does that has found a word of a module unknown. */
static void meet_again(void)
{
	struct process *self = it.self;
	qs_trace_meet(&module);
	self->opener.place = "Open";
}

/* What the macros of quiesce/tracepoint.h make of a tracepoint without fields. */
static void hit_once(void)
{
	struct process *self = it.self;
	if (qs_trace_begin(&self->hit, word_of(self), &event, NULL, 0))
		qs_trace_end(&self->hit);
	self->hitter.place = "";
}

static void change_rules(void)
{
	qs_apply(&it.directory, &it.rules, PATIENCE_MS);
	it.controller.place = "Change";
}

/* Nobody goes on with it. What it had open is closed; its few bytes of memory are left to the end of the driver. */
static void abandon_controller(void)
{
	it.controller.place = "Change";
	if (it.list)
		qs_processes_close(it.list);
	it.list = NULL;
}

static int number_of(const struct qs_process *process)
{
	int number = 0;
	while (number < it.processes && strcmp(it.process[number].trace.name, process->name) != 0)
		number++;
	return number;
}

void __real_qs_processes_list(const struct qs_directory *directory, struct qs_processes *processes);
void __wrap_qs_processes_list(const struct qs_directory *directory, struct qs_processes *processes);

/* A folder's order is any; the specification visits the first process first. */
void __wrap_qs_processes_list(const struct qs_directory *directory, struct qs_processes *processes)
{
	__real_qs_processes_list(directory, processes);
	it.list = processes;
	if (processes->count == 2 && number_of(processes->list[0]) > number_of(processes->list[1])) {
		struct qs_process *first = processes->list[0];
		processes->list[0] = processes->list[1];
		processes->list[1] = first;
	}
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

/* Where it says so, it goes on. */
void qs_say_warning(const char *where, const char *hint, const char *format, ...)
{
	(void)where, (void)hint, (void)format;
}

void qs_fail(enum qs_exit code, const char *where, const char *hint, const char *format, ...)
{
	va_list values;
	(void)hint;
	/* Refresh asks for more room than there can be: so this is how it ends, as a program does that exits. */
	if (it.refreshes && it.runs == &it.controller && strncmp(format, NO_ROOM, strlen(NO_ROOM)) == 0) {
		abandon_controller();
		swapcontext(&it.runs->here, &it.lane);
	}
	fprintf(stderr, "the controller fails: %s: ", where ? where : "");
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
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
	if (world->lanes > MOST || constant(world, "Configs") != CONFIGS)
		return NULL;
	it.processes = world->lanes;
	for (int i = 0; i < it.processes; i++) {
		struct process *self = &it.process[i];
		memset(&self->trace, 0, sizeof self->trace);
		/* Until it is born: 0 would be somebody else's file. */
		self->trace.folder = -1;
		self->born = self->dead = false;
		self->opener.place = "Name";
		self->hitter.place = "";
		self->mine.trace = NULL;
	}
	it.listed = it.todo = 0;
	it.changes = 0;
	it.refreshes = false;
	it.controller.place = "Change";
	it.list = NULL;
	if (!test_folder_make(it.path, sizeof it.path, NULL))
		return NULL;
	qs_directory_open(&it.directory, it.path, true);
	return &it;
}

/* Whoever is on the way holds nothing but what is closed here. */
static void end(void *instance)
{
	(void)instance;
	abandon_controller();
	for (int i = 0; i < it.processes; i++) {
		it.process[i].mine.trace = NULL;
		qs_trace_unmake(&it.process[i].trace);
	}
	munmap(it.directory.control, sizeof *it.directory.control);
	close(it.directory.fd);
	test_folder_remove(it.path);
}

/* A program that has one module with one event, whose tracing is opened next. */
static bool be_born(struct process *self)
{
	struct qs_trace *trace = &self->trace;
	const char *why;
	qs_trace_self = NULL;
	strcpy(trace->directory, it.path);
	strcpy(trace->program, "driver");
	trace->ring_size = QS_TRACE_RING_MIN;
	if (qs_trace_make(trace, &why) != 0)
		return false;
	struct qs_trace_event *described = &trace->process->events[0];
	strcpy(described->text, EVENT);
	qs_store_relaxed(&described->length, sizeof EVENT - 1);
	qs_store_relaxed(&trace->process->header.events, 1);
	trace->described[0].text = described->text;
	trace->events = trace->pages = trace->modules = 1;
	trace->module[0] = (struct qs_trace_known_module){ .module = &module, .pages = 1, .events = 1 };
	/* Who meets another module applies the rules while it hits; so this one may hit before it has. */
	self->mine.trace = trace;
	self->born = true;
	start(self, &self->opener, open_process);
	return true;
}

/* All that a process has of itself: nobody has its life open any more. Its files stay. */
static void die(struct process *self)
{
	munmap(self->trace.life, QS_TRACE_PAGE);
	self->trace.life = NULL;
	self->dead = true;
}

static bool is_named(const struct process *self)
{
	char file[256];
	snprintf(file, sizeof file, "%s/%s.trace", it.path, self->trace.name);
	return self->born && access(file, F_OK) == 0;
}

static unsigned all_named(void)
{
	unsigned named = 0;
	for (int i = 0; i < it.processes; i++)
		named |= (unsigned)is_named(&it.process[i]) << i;
	return named;
}

/*------------------------------------------------------ steps ------------------------------------------------------*/

/* A rule for all events, with a configuration that is another's: its filter holds a number. */
static void add_rule(bool on, uint8_t number)
{
	struct qs_trace_rule *rule = &it.rules.rules[it.rules.count];
	struct qs_trace_config *config = &it.rules.configs[it.rules.count];
	rule->config = on;
	rule->level_max = 14;
	strcpy(rule->program, "*");
	strcpy(rule->provider, "*");
	strcpy(rule->name, "*");
	config->filter_length = 9;
	config->filter[0] = 1; /* INT */
	config->filter[1] = number;
	it.rules.count++;
}

static void apply(bool refreshes)
{
	it.rules.running = true;
	it.refreshes = refreshes;
	/* The number of half of a rule is no place. */
	it.directory.control->configs[TORN].reserved = 1;
	start(NULL, &it.controller, change_rules);
}

/* The next change: its configuration is for its number. */
static void begin_change(bool on)
{
	memset(&it.rules, 0, sizeof it.rules);
	it.changes++;
	add_rule(on, (uint8_t)it.changes);
	apply(false);
}

/* More new rules than there ever is room for: so the controller first carries out what holds, and then gives up. */
static void refresh(void)
{
	memset(&it.rules, 0, sizeof it.rules);
	for (uint8_t i = 0; i < QS_TRACE_CONFIGS; i++)
		add_rule(true, 100 + i);
	apply(true);
}

/* What lies in the copy that is being written: a number that no rule has. */
static void tear(void)
{
	struct qs_trace_control *control = it.directory.control;
	struct qs_trace_rule *rule = &control->rules[1 - (qs_load_relaxed(&control->active) & 1)].rules[0];
	*rule = it.rules.rules[0];
	rule->config = TORN;
}

/* The next process that the controller visits, or NULL. */
static struct process *visited(void)
{
	return it.todo == 0 ? NULL : &it.process[__builtin_ctz(it.todo)];
}

static void strike_out(void)
{
	it.todo &= it.todo - 1;
}

static enum qs_taken controls(const char *name)
{
	struct held *who = &it.controller;
	const struct process *next = visited();
	if (strcmp(who->place, strcmp(name, "FreeOld") == 0 ? "Free" : name) != 0)
		return QS_TAKEN_REFUSED;
	if (strcmp(name, "Scan") == 0 && next) {
		const bool known = (it.listed & it.todo & -it.todo) != 0;
		strike_out();
		/* The specification scans who is there when the number is raised; the code, whom it has listed: who
		 * came since has read the new rules. */
		if (!known)
			return QS_TAKEN_DONE;
	}
	if (strcmp(name, "List") == 0)
		it.listed = it.todo = all_named();
	if (strcmp(name, "RaiseGp") == 0)
		it.todo = all_named();
	go_on(NULL, who);
	if (strcmp(name, "WriteFirst") == 0)
		tear();
	if (strcmp(name, "Switch") == 0)
		strike_out();
	/* The words of the dead are written, too: nobody reads them. */
	if (strcmp(name, "Await") == 0 && strcmp(who->place, "Switch") == 0 && next && next->dead) {
		strike_out();
		go_on(NULL, who);
	}
	return QS_TAKEN_DONE;
}

static bool is_opening(const char *name)
{
	static const char *const names[] = { "Name",	  "LoadGeneration", "LoadActive", "ReadRules",
					     "WriteWord", "LookAgain",	    "Apply",	  "Meet" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum qs_taken opens_or_hits(struct process *self, const char *name)
{
	if (!self->born || self->dead)
		return QS_TAKEN_REFUSED;
	if (strcmp(name, "Die") == 0) {
		die(self);
		return QS_TAKEN_DONE;
	}
	const bool announces = strcmp(name, "Announce") == 0;
	struct held *who = is_opening(name) ? &self->opener : &self->hitter;
	if (announces) {
		if (who->place[0] != 0 || !is_named(self) || qs_load_relaxed(word_of(self)) == 0)
			return QS_TAKEN_REFUSED;
		start(self, who, hit_once);
	}
	if (strcmp(name, "Meet") == 0 && strcmp(who->place, "Open") == 0)
		start(self, who, meet_again);
	if (strcmp(who->place, name) != 0)
		return QS_TAKEN_REFUSED;
	go_on(self, who);
	return QS_TAKEN_DONE;
}

/* What stands between two changes: one begins, or an earlier one is carried out. */
static enum qs_taken begins(const char *name, const struct qs_ask *ask)
{
	if (strcmp(it.controller.place, "Change") != 0)
		return QS_TAKEN_REFUSED;
	if (strcmp(name, "Refresh") == 0)
		refresh();
	else
		begin_change(ask->parameters == 1 && ask->parameter[0].number != 0);
	return QS_TAKEN_DONE;
}

static enum qs_taken step(void *instance, const struct qs_ask *ask, const char **problem)
{
	(void)instance;
	(void)problem;
	const char *name = ask->step;
	if (ask->lane >= 0 && ask->lane < it.processes) {
		struct process *self = &it.process[ask->lane];
		if (strcmp(name, "Start") != 0)
			return opens_or_hits(self, name);
		return self->born || !be_born(self) ? QS_TAKEN_REFUSED : QS_TAKEN_DONE;
	}
	if (strcmp(name, "Change") == 0 || strcmp(name, "Refresh") == 0)
		return begins(name, ask);
	if (strcmp(name, "Killed") != 0)
		return controls(name);
	if (strcmp(it.controller.place, "Change") == 0)
		return QS_TAKEN_REFUSED;
	abandon_controller();
	return QS_TAKEN_DONE;
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

static int64_t used(const struct process *self)
{
	const bool uses = !self->dead && strcmp(self->hitter.place, "Leave") == 0;
	return uses && self->hit.config <= CONFIGS ? self->hit.config : 0;
}

/* A word of a process: life1. */
static const char *of(const char *name, int number)
{
	static char word[32];
	snprintf(word, sizeof word, "%s%d", name, number + 1);
	return word;
}

static void look_at(struct qs_look *look, int number)
{
	struct process *self = &it.process[number];
	const struct qs_trace_process *shared = self->born ? self->trace.process : NULL;
	const uint32_t at = shared && !self->dead ? qs_load_relaxed(word_of(self)) : 0;
	look->text(look, of("life", number), self->dead ? "dead" : self->born ? "lives" : "unborn");
	look->boolean(look, of("named", number), is_named(self));
	look->number(look, of("applied", number), shared ? (int64_t)qs_load_relaxed(&shared->header.applied) : 0);
	look->number(look, of("word", number), shown(at));
	look->number(look, of("announced", number),
		     shared ? (int64_t)qs_load_relaxed(&shared->rings[0].announced) : 0);
	look->text(look, of("at", number), self->opener.place);
	look->text(look, of("inside", number), self->hitter.place);
	look->number(look, of("uses", number), used(self));
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
	look->list(look, "rules", rules, 2);
	look->number(look, "active", qs_load_relaxed(&control->active));
	look->number(look, "generation", (int64_t)qs_load_relaxed(&control->generation));
	look->number(look, "gp", (int64_t)qs_load_relaxed(&control->gp));
	look->list(look, "made", made, CONFIGS);
	look->list(look, "busy", busy, CONFIGS);
	look->text(look, "step", it.controller.place);
	look->number(look, "change", it.changes);
	for (int i = 0; i < it.processes; i++)
		look_at(look, i);
}

static const struct qs_driver driver = {
	.abi = QS_DRIVER_ABI,
	.name = "tracing's controller, and processes",
	.begin = begin,
	.step = step,
	.look = look,
	.end = end,
};

const struct qs_driver *qs_driver_get(void)
{
	return &driver;
}
