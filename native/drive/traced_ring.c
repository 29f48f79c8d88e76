/* SPDX-License-Identifier: MIT */
/*
 * The traced side of tracing as a driver of spec/tracing/ring/Ring.tla. The lane's thread hits, and is held before each
 * step; a signal handler hits on the same thread while it is held, on a stack of its own. The ring is the library's
 * own, in memory of this process; a position of the specification is RECORD bytes of it. What the recorder does is done
 * here, on what it would see.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "../tracepoint/traced/state.h"
#include "../tracepoint/traced/step.h"
#include "driver.h"

#define HEADER 16u
#define RECORD 32u /* a header, and two halves */
#define DEEPEST 2
#define HITS_MAX 16
#define PADDING (-1)
#define STACK 65536

/* A hit that is under way: where it stands, and how it goes on. */
struct held {
	const char *place;
	bool knows; /* it is on its way through Know */
	ucontext_t here;
	unsigned char stack[STACK];
};

static struct {
	struct qs_trace trace;
	struct qs_trace_mine mine;
	struct qs_trace_control *control;
	struct qs_trace_process *process;
	unsigned char *data;
	ucontext_t lane;
	struct held held[DEEPEST];
	bool filters;
	int deep; /* how many hits are under way */
	uint64_t hits;
} it;

/* The recorder, as the specification has it. */
static struct {
	const char *place;
	int64_t from, upto, copied, file_count;
	int64_t half[HITS_MAX][2], file[HITS_MAX];
} recorder;

static qs_atomic(uint32_t) word = 1, event = 1;

/*-------------------------------------------------- a thread's hits -------------------------------------------------*/

void qs_trace_step(const char *name)
{
	struct held *self = &it.held[it.deep - 1];
	/* The library counts what it overwrites, and the specification knows that by the tail. */
	if (self->knows && (strcmp(name, "LoadMissed") == 0 || strcmp(name, "Tell") == 0))
		return;
	self->knows = strcmp(name, "Know") == 0;
	self->place = name;
	swapcontext(&self->here, &it.lane);
}

static void put(struct qs_trace_hit *hit, uint64_t half)
{
	memcpy(hit->at, &half, sizeof half);
	hit->at += sizeof half;
}

/* What the macros of quiesce/tracepoint.h make of a tracepoint with two fields. */
static void hit_once(void)
{
	struct qs_trace_hit hit;
	const uint64_t number = ++it.hits;
	if (qs_trace_begin(&hit, &word, &event, NULL, RECORD - HEADER)) {
		QS_TRACE_STEP(WriteFirst);
		put(&hit, number);
		QS_TRACE_STEP(WriteLast);
		put(&hit, number);
		if (it.filters)
			QS_TRACE_STEP(Filter);
		qs_trace_end(&hit);
	}
	it.deep--;
}

/* To its next step, or its end. */
static void go_on(void)
{
	swapcontext(&it.lane, &it.held[it.deep - 1].here);
}

static void start(void)
{
	struct held *self = &it.held[it.deep++];
	self->place = "";
	self->knows = false;
	getcontext(&self->here);
	self->here.uc_stack = (stack_t){ .ss_sp = self->stack, .ss_size = sizeof self->stack };
	self->here.uc_link = &it.lane;
	makecontext(&self->here, hit_once, 0);
	go_on();
}

/*--------------------------------------------------- its memory -----------------------------------------------------*/

static int64_t constant(const struct qs_driver_world *world, const char *name)
{
	for (int i = 0; i < world->constants; i++)
		if (strcmp(world->constant[i].name, name) == 0 && !world->constant[i].text)
			return world->constant[i].number;
	return 0;
}

static void *memory(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

static void *begin(const struct qs_driver_world *world)
{
	const int64_t size = constant(world, "Size");
	const bool power = size > 0 && (size & (size - 1)) == 0;
	if (!power || size > HITS_MAX || constant(world, "Hits") > HITS_MAX || constant(world, "Depth") > DEEPEST)
		return NULL;
	memset(&it.trace, 0, sizeof it.trace);
	it.deep = 0;
	it.hits = 0;
	memset(&recorder, 0, sizeof recorder);
	recorder.place = "LookCommitted";
	it.control = memory(sizeof *it.control);
	it.process = memory(sizeof *it.process);
	it.data = memory(QS_TRACE_PAGE);
	if (!it.control || !it.process || !it.data)
		return NULL;
	it.filters = constant(world, "Filters") != 0;
	qs_store_relaxed(&it.control->gp, 1);
	it.control->rules[0].overwrite[0] = constant(world, "Overwrite") != 0;
	it.trace.process = it.process;
	it.trace.control = it.control;
	it.trace.ring_size = (uint32_t)size * RECORD;
	it.trace.pid = getpid();
	it.trace.fences = true;
	for (uint32_t i = 0; i < QS_TRACE_RINGS; i++) {
		it.trace.own[i].shared = &it.process->rings[i];
		it.trace.own[i].data = it.data;
		it.trace.own[i].populated = true;
		qs_store_relaxed(&it.trace.own[i].ready, UINT64_MAX);
	}
	it.mine.trace = &it.trace;
	qs_trace_mine = &it.mine;
	return &it;
}

static void end(void *instance)
{
	(void)instance;
	munmap(it.control, sizeof *it.control);
	munmap(it.process, sizeof *it.process);
	munmap(it.data, QS_TRACE_PAGE);
}

/*---------------------------------------------------- the recorder --------------------------------------------------*/

static struct qs_trace_ring *ring(void)
{
	return &it.process->rings[0];
}

static int64_t places(uint64_t bytes)
{
	return (int64_t)(bytes / RECORD);
}

static int64_t half_at(int64_t position, int half)
{
	const unsigned char *record = it.data + (uint64_t)position * RECORD % it.trace.ring_size;
	uint32_t kind;
	uint64_t value;
	memcpy(&kind, record + sizeof kind, sizeof kind);
	memcpy(&value, record + HEADER + (size_t)half * sizeof value, sizeof value);
	return kind == QS_TRACE_PADDING ? PADDING : (int64_t)value;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void keep(bool overwrite)
{
	const int64_t lost = overwrite ? larger(places(qs_load_relaxed(&ring()->tail)) - recorder.from, 0) : 0;
	if (overwrite)
		recorder.file_count = 0;
	for (int64_t i = lost; i < recorder.copied; i++)
		if (recorder.half[i][0] != PADDING && recorder.file_count < HITS_MAX)
			recorder.file[recorder.file_count++] = recorder.half[i][0];
}

static void records(const char *step)
{
	const bool overwrite = qs_load_relaxed(&ring()->overwrite) != 0;
	if (strcmp(step, "LookCommitted") == 0) {
		recorder.upto = places(qs_load_acquire(&ring()->committed));
		recorder.place = "LookUse";
	} else if (strcmp(step, "LookUse") == 0) {
		recorder.place = "LookBegin";
	} else if (strcmp(step, "LookBegin") == 0) {
		const int64_t begin_at = places(qs_load_acquire(&ring()->begin));
		const int64_t tail = places(qs_load_acquire(&ring()->tail));
		const int64_t low = larger(larger(recorder.from, begin_at), tail);
		recorder.from = low > recorder.upto ? recorder.upto : low;
		recorder.place = low >= recorder.upto ? "Keep" : "CopyFirst";
	} else if (strcmp(step, "CopyFirst") == 0) {
		recorder.half[recorder.copied][0] = half_at(recorder.from + recorder.copied, 0);
		recorder.place = "CopyLast";
	} else if (strcmp(step, "CopyLast") == 0) {
		recorder.half[recorder.copied][1] = half_at(recorder.from + recorder.copied, 1);
		recorder.copied++;
		recorder.place = recorder.from + recorder.copied < recorder.upto ? "CopyFirst" : "Keep";
	} else if (strcmp(step, "Keep") == 0) {
		keep(overwrite);
		recorder.place = "Consume";
	} else {
		qs_store_release(&ring()->consumed, (uint64_t)recorder.upto * RECORD);
		recorder.from = recorder.upto;
		recorder.copied = 0;
		recorder.place = "LookCommitted";
	}
}

/*------------------------------------------------------ steps -------------------------------------------------------*/

/* The filter that the next event meets: a constant. */
static void filter(bool passes)
{
	struct qs_trace_config *config = &it.control->configs[1];
	memset(config->filter, 0, sizeof config->filter);
	config->filter[0] = 1; /* INT */
	config->filter[1] = passes;
	config->filter_length = 9;
}

static bool is_recorders(const char *step)
{
	static const char *const names[] = { "LookCommitted", "LookUse", "LookBegin", "CopyFirst",
					     "CopyLast",      "Keep",    "Consume" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], step) == 0)
			return true;
	return false;
}

static enum qs_taken step(void *instance, const struct qs_ask *ask, const char **problem)
{
	(void)instance;
	(void)problem;
	const char *name = ask->step;
	if (is_recorders(name)) {
		if (strcmp(recorder.place, name) != 0)
			return QS_TAKEN_REFUSED;
		records(name);
		return QS_TAKEN_DONE;
	}
	if (strcmp(name, "Hit") == 0) {
		/* It takes its ring before anybody is told of it. */
		if (it.deep == DEEPEST || !(qs_trace_self || qs_trace_join(&it.trace)))
			return QS_TAKEN_REFUSED;
		start();
		return QS_TAKEN_DONE;
	}
	const bool passes = strcmp(name, "Pass") == 0, turns = strcmp(name, "TurnAway") == 0;
	if (it.deep == 0 || strcmp(it.held[it.deep - 1].place, passes || turns ? "Filter" : name) != 0)
		return QS_TAKEN_REFUSED;
	if (passes || turns)
		filter(passes);
	go_on();
	return QS_TAKEN_DONE;
}

static void look(void *instance, struct qs_look *look)
{
	(void)instance;
	const struct qs_trace_own *own = &it.trace.own[0];
	const int64_t committed = places(qs_load_relaxed(&ring()->committed));
	const int64_t tail = places(qs_load_relaxed(&ring()->tail));
	const int64_t consumed = places(qs_load_relaxed(&ring()->consumed));
	int64_t half[2][HITS_MAX];
	size_t count = 0;
	for (int64_t p = larger(tail, consumed); p < committed && count < HITS_MAX; p++, count++) {
		half[0][count] = half_at(p, 0);
		half[1][count] = half_at(p, 1);
	}
	look->number(look, "committed", committed);
	look->number(look, "tail", tail);
	look->number(look, "consumed", consumed);
	look->number(look, "lost", (int64_t)qs_load_relaxed(&ring()->lost));
	look->number(look, "reserved", places(qs_load_relaxed(&own->reserved)));
	look->boolean(look, "inside", qs_load_relaxed(&own->depth) != 0);
	look->number(look, "deep", it.deep);
	look->text(look, "at", it.deep == 0 ? "Idle" : it.held[it.deep - 1].place);
	look->list(look, "first", half[0], count);
	look->list(look, "last", half[1], count);
	look->text(look, "recorder", recorder.place);
	look->list(look, "file", recorder.file, (size_t)recorder.file_count);
}

static const struct qs_driver driver = {
	.abi = QS_DRIVER_ABI,
	.name = "the ring of a traced thread",
	.begin = begin,
	.step = step,
	.look = look,
	.end = end,
};

const struct qs_driver *qs_driver_get(void)
{
	return &driver;
}
