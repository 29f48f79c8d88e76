/* SPDX-License-Identifier: MIT */
/*
 * A traced thread that runs freely, with signal handlers, and the recorder that drains its ring meanwhile: each records
 * its steps, in boxes, as spec/tracing/ring/Ring.tla has them. Both are the code as it is, compiled with their steps,
 * with files in folders of their own; one recording after another, each from a fresh ring on. A position of the
 * specification is RECORD bytes. Usage: ring OPTION=VALUE..., see main(). Prints one line of JSON.
 *
 * The steps of a copy have one box, which pread() has: all of it is one system call, or two where the ring goes round.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../test/folder.h"
#include "../tracepoint/controller/drain.h"
#include "../tracepoint/controller/folder.h"
#include "../tracepoint/traced/state.h"
#include "../tracepoint/traced/step.h"
#include "options.h"
#include "write.h"

enum {
	HEADER = 16,
	RECORD = 1024, /* so that the smallest ring has room for four */
	FILLER = RECORD - HEADER - 2 * 8,
	DEEPEST = 2,
	PADDING = -1,
	THREAD = 0, RECORDER = 1, LANES = 2,
};

/* What is observed in a step; the names are those of the contract, spec/tracing/ring/Ring-recorded.contract.json. */
enum { COMMITTED = 1, RESERVED, LOST, FIRST, LAST, JOURNAL, KEPT, VALUES = KEPT };
static const char *const value_name[VALUES] = { "committed", "reserved", "lost", "first", "last", "journal", "kept" };

enum {
	HIT, WRITE_FIRST, WRITE_LAST, PASS, TURN_AWAY, TELL, KNOW, RESERVE, COMMIT, COPY_FIRST, COPY_LAST, KEEP, CONSUME
};
static const char *const step_name[] = {
	"Hit", "WriteFirst", "WriteLast", "Pass", "TurnAway", "Tell", "Know", "Reserve", "Commit",
	"CopyFirst", "CopyLast", "Keep", "Consume", "Look", "Raise", "LoadMissed", "Return", "LoadReserved",
	"Leave", "LookAgain", "LookCommitted", "LookUse", "LookBegin",
};
enum { STEPS = sizeof step_name / sizeof *step_name };

static const char *const lane_name[LANES] = { "thread 1", "recorder 0" };

static struct world {
	char path[64], out[64];
	struct qs_directory directory;
	struct qs_trace trace;
	struct qs_trace_mine mine;
	struct qs_processes processes;
	struct qs_tapped tapped;
	struct qs_drain drain;
	struct qs_lane lane[LANES];
	uint64_t events, hits;
	uint32_t dice;
	int deep;
	bool overwrite, filters, handlers, knows;
	qs_atomic(uint32_t) ready, gone;
} it;

static qs_atomic(uint32_t) word = 1, event = 1;

static void fail(const char *what)
{
	(void)fprintf(stderr, "%s\n", what);
	exit(3);
}

static int64_t places(uint64_t bytes)
{
	return (int64_t)(bytes / RECORD);
}

static uint32_t roll(uint32_t *dice)
{
	*dice = *dice * 1664525u + 1013904223u;
	return *dice >> 8;
}

static void dawdle(uint32_t *dice)
{
	const struct timespec moment = { .tv_nsec = 1000 };
	const uint32_t rolled = roll(dice);
	if (rolled % 8 == 0)
		(void)nanosleep(&moment, NULL);
	for (uint32_t i = rolled >> 12; i > 0; i--)
		qs_pause();
}

/*---------------------------------------------------- the thread ----------------------------------------------------*/

static struct qs_trace_ring *ring(void)
{
	return &it.trace.process->rings[0];
}

static void observe(unsigned int step, unsigned int what, int64_t value)
{
	qs_lane_observe(qs_own_lane, step, what, value);
}

/* What the thread's last step has changed, before anybody of it does anything else. */
static void observe_own(void)
{
	const struct qs_lane_event *last = qs_lane_last(qs_own_lane);
	if (!last)
		return;
	if (last->step == COMMIT)
		observe(COMMIT, COMMITTED, places(qs_load_relaxed(&ring()->committed)));
	else if (last->step == RESERVE || last->step == TURN_AWAY)
		observe(last->step, RESERVED, places(qs_load_relaxed(&it.trace.own[0].reserved)));
	else if (last->step == TELL)
		observe(TELL, LOST, (int64_t)qs_load_relaxed(&ring()->lost));
}

static void thread_step(unsigned int step)
{
	observe_own();
	if (it.handlers && it.deep > 0 && it.deep < DEEPEST && roll(&it.dice) % 8 == 0)
		(void)raise(SIGUSR1);
	qs_lane_step(qs_own_lane, step);
}

static unsigned int number_of(const char *name)
{
	unsigned int step = 0;
	while (step < STEPS && strcmp(step_name[step], name) != 0)
		step++;
	return step;
}

static void recorder_step(const char *name);

/* Of the thread and of the recorder; those of the latter at which tests kill it are none of the specification's. */
void qs_trace_step(const char *name)
{
	if (!qs_own_lane)
		return;
	if (qs_own_lane == &it.lane[RECORDER]) {
		recorder_step(name);
		return;
	}
	const unsigned int step = number_of(name);
	/* The library counts what it overwrites, and the specification knows that by the tail. */
	if (step == STEPS || (it.knows && (step == TELL || strcmp(name, "LoadMissed") == 0)))
		return;
	it.knows = step == KNOW;
	thread_step(step);
}

static char filler[FILLER];

static void put(struct qs_trace_hit *hit, const void *bytes, size_t size)
{
	memcpy(hit->at, bytes, size);
	hit->at += size;
}

/* What the macros of quiesce/tracepoint.h make of a tracepoint with these fields. */
static void hit_once(void)
{
	struct qs_trace_hit hit;
	const bool passes = !it.filters || roll(&it.dice) % 4 != 0;
	thread_step(HIT);
	it.deep++;
	const uint64_t number = ++it.hits;
	qs_store_relaxed(&word, passes ? 1 : 2);
	if (qs_trace_begin(&hit, &word, &event, NULL, RECORD - HEADER)) {
		thread_step(WRITE_FIRST);
		put(&hit, &number, sizeof number);
		put(&hit, filler, sizeof filler);
		thread_step(WRITE_LAST);
		put(&hit, &number, sizeof number);
		if (it.filters)
			thread_step(hit.config == 1 ? PASS : TURN_AWAY);
		qs_trace_end(&hit);
	}
	qs_lane_end(qs_own_lane);
	observe_own();
	it.deep--;
}

static void on_handler(int number)
{
	(void)number;
	hit_once();
}

static void *be_traced(void *argument)
{
	(void)argument;
	/* It takes its ring before anybody is told of it. */
	if (!qs_trace_join(&it.trace))
		fail("the thread has no ring");
	qs_own_lane = &it.lane[THREAD];
	qs_store_release(&it.ready, 1);
	while (qs_load_relaxed(&qs_own_lane->count) < it.events) {
		hit_once();
		dawdle(&it.dice);
	}
	qs_own_lane = NULL;
	qs_store_release(&it.gone, 1);
	return NULL;
}

/*--------------------------------------------------- the recorder ---------------------------------------------------*/

static struct qs_tap *tap(void)
{
	return &it.tapped.taps[0];
}

static void recorder_step(const char *name)
{
	/* It is killed there, in other tests; here it stands for the step that comes next. */
	if (strcmp(name, "BeforeConsumed") == 0) {
		observe(KEEP, JOURNAL, places(tap()->position));
		if (!it.overwrite && tap()->position != qs_load_relaxed(&ring()->consumed))
			qs_lane_step(qs_own_lane, CONSUME);
		return;
	}
	if (number_of(name) < STEPS)
		qs_lane_step(qs_own_lane, number_of(name));
}

static int64_t half_of(const unsigned char *record, size_t at)
{
	uint32_t kind;
	uint64_t half;
	memcpy(&kind, record + sizeof kind, sizeof kind);
	memcpy(&half, record + at, sizeof half);
	return kind == QS_TRACE_PADDING ? PADDING : (int64_t)half;
}

static void copied(unsigned int step, unsigned int what, int64_t half, uint64_t from, uint64_t to)
{
	qs_lane_open(qs_own_lane, step, from);
	qs_lane_close(qs_own_lane, to);
	observe(step, what, half);
}

ssize_t __real_pread(int fd, void *bytes, size_t size, off_t at);
ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t at);

ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t at)
{
	if (qs_own_lane != &it.lane[RECORDER] || at < (off_t)sizeof(struct qs_trace_process))
		return __real_pread(fd, bytes, size, at);
	const uint64_t from = qs_lane_stamp(qs_own_lane);
	qs_lane_close(qs_own_lane, from);
	const ssize_t got = __real_pread(fd, bytes, size, at);
	const uint64_t to = qs_lane_stamp(qs_own_lane);
	for (size_t done = 0; got > 0 && done + RECORD <= (size_t)got; done += RECORD) {
		const unsigned char *record = (const unsigned char *)bytes + done;
		copied(COPY_FIRST, FIRST, half_of(record, HEADER), from, to);
		copied(COPY_LAST, LAST, half_of(record, RECORD - 8), from, to);
	}
	return got;
}

/* A look that finds nothing new is no step. */
static void drain_once(void)
{
	const uint64_t events = qs_load_relaxed(&qs_own_lane->count), position = tap()->position;
	if (!qs_drain_process(&it.drain, it.processes.list[0], it.overwrite))
		fail("the recorder can't write");
	qs_lane_end(qs_own_lane);
	if (!it.overwrite && tap()->position == position)
		qs_store_relaxed(&qs_own_lane->count, events);
	else
		observe(it.overwrite ? KEEP : CONSUME, KEPT, (int64_t)it.drain.totals.events);
}

static void be_recorder(uint64_t patience_ms)
{
	const uint64_t until = qs_monotonic_ns() + patience_ms * 1000000u;
	uint32_t dice = it.dice;
	while (qs_load_acquire(&it.ready) == 0)
		sched_yield();
	qs_own_lane = &it.lane[RECORDER];
	/* In overwrite mode it makes one snapshot, at any time. */
	for (uint32_t i = roll(&dice) % 16; it.overwrite && i > 0; i--)
		dawdle(&dice);
	if (it.overwrite)
		drain_once();
	while (qs_load_acquire(&it.gone) == 0 && qs_monotonic_ns() < until) {
		if (!it.overwrite)
			drain_once();
		dawdle(&dice);
	}
	if (!it.overwrite)
		drain_once();
	qs_own_lane = NULL;
}

/*---------------------------------------------------- a recording ---------------------------------------------------*/

static void configure(void)
{
	struct qs_trace_control *control = it.directory.control;
	control->rules[0].overwrite[0] = it.overwrite;
	for (uint32_t i = 1; i <= 2; i++) {
		struct qs_trace_config *config = &control->configs[i];
		config->filter[0] = 1; /* INT: a constant, which the second one turns all away with */
		config->filter[1] = i == 1;
		config->filter_length = it.filters ? 9 : 0;
	}
}

static void describe(void)
{
	static const char text[] = "ring:hit;6;u8 first;s filler;u8 last";
	struct qs_trace_event *described = &it.trace.process->events[0];
	strcpy(described->text, text);
	qs_store_relaxed(&described->length, sizeof text - 1);
	qs_store_relaxed(&it.trace.process->header.events, 1);
	it.trace.described[0].text = described->text;
	it.trace.events = 1;
}

static void begin(void)
{
	const char *why;
	memset(&it.trace, 0, sizeof it.trace);
	memset(&it.tapped, 0, sizeof it.tapped);
	memset(&it.processes, 0, sizeof it.processes);
	it.mine.trace = &it.trace;
	qs_trace_mine = &it.mine;
	it.hits = 0;
	it.deep = 0;
	it.knows = false;
	qs_store_relaxed(&it.ready, 0);
	qs_store_relaxed(&it.gone, 0);
	for (int i = 0; i < LANES; i++) {
		qs_store_relaxed(&it.lane[i].count, 0);
		qs_store_relaxed(&it.lane[i].full, 0);
	}
	if (!test_folder_make(it.path, sizeof it.path, NULL) || !test_folder_make(it.out, sizeof it.out, NULL))
		fail("no folder can be made");
	qs_directory_open(&it.directory, it.path, true);
	configure();
	strcpy(it.trace.directory, it.path);
	strcpy(it.trace.program, "ring");
	it.trace.ring_size = QS_TRACE_RING_MIN;
	if (qs_trace_make(&it.trace, &why) != 0 || (describe(), qs_trace_publish(&it.trace, &why)) != 0)
		fail(why);
	qs_processes_list(&it.directory, &it.processes);
	it.drain = (struct qs_drain){ .directory = &it.directory, .out = open(it.out, O_RDONLY | O_DIRECTORY) };
	if (it.processes.count != 1 || it.drain.out < 0)
		fail("the traced process can't be opened");
	it.processes.list[0]->own = &it.tapped;
	if (qs_folder_find(&it.drain, it.processes.list[0]) != 0)
		fail("the recording's folder can't be looked up");
}

static void end(void)
{
	qs_drain_close(it.processes.list[0]);
	qs_folder_close(&it.tapped);
	close(it.drain.out);
	it.processes.list[0]->own = NULL;
	qs_processes_close(&it.processes);
	it.mine.trace = NULL;
	qs_trace_unmake(&it.trace);
	munmap(it.directory.control, sizeof *it.directory.control);
	close(it.directory.fd);
	test_folder_remove(it.path);
	test_folder_remove(it.out);
}

/* False: the thread has not ended in time. Then it ends with the program. */
static bool record(uint64_t patience_ms)
{
	pthread_t thread;
	begin();
	if (pthread_create(&thread, NULL, be_traced, NULL) != 0)
		fail("a thread can't be started");
	be_recorder(patience_ms);
	const bool ended = qs_load_acquire(&it.gone) != 0;
	if (ended)
		pthread_join(thread, NULL);
	return ended;
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

int main(int count, char **words)
{
	static const char *const names[] = { "overwrite", "filters", "handlers", "events", "recordings", "ms", "fences",
					     "drain",	  "patience", "made",	 "out",	   NULL };
	const struct sigaction action = { .sa_handler = on_signal }, handler = { .sa_handler = on_handler };
	struct qs_ticks_facts facts;
	struct qs_recording recording = { .clock = &facts };
	char name[24];
	uint64_t most, until, made = 0, events = 0;
	qs_options_read(count, words, names);
	it.overwrite = qs_option("overwrite", 0) != 0;
	it.filters = !it.overwrite && qs_option("filters", 1) != 0;
	it.handlers = qs_option("handlers", 1) != 0;
	it.events = qs_option("events", 200);
	memset(filler, 'x', sizeof filler - 1);
	FILE *file = fopen(qs_option_text("out", "/dev/stdout"), "wbe");
	if (!file)
		fail("the output can't be opened");
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGUSR1, &handler, NULL);
	if (qs_ticks_begin(&facts) != 0)
		fail("the clock can't be measured");
	for (int i = 0; i < LANES; i++) {
		/* The recorder's steps are as many as it finds records; an event under way has to fit in, too. */
		if (qs_lane_make(&it.lane[i], it.events * 2 + 256) != 0)
			fail("there is not enough memory for the lanes");
		it.lane[i].fences = qs_option("fences", 0) != 0;
	}
	recording.made = qs_option_text("made", "{}");
	recording.drain = qs_option("fences", 0) ? 0 : qs_option("drain", 1000) * facts.per_second / 1000000000u;
	recording.name = name;
	recording.lanes = LANES;
	recording.lane = it.lane;
	recording.lane_name = lane_name;
	recording.steps = STEPS;
	recording.step_name = step_name;
	recording.names = VALUES;
	recording.name_of_value = value_name;
	most = qs_option("recordings", UINT64_MAX);
	until = qs_monotonic_ns() + qs_option("ms", 1000) * 1000000u;
	while (!interrupted && !recording.hung && made < most && (made == 0 || qs_monotonic_ns() < until)) {
		recording.hung = !record(qs_option("patience", 2000));
		facts.per_second = qs_ticks_per_second();
		(void)snprintf(name, sizeof name, "%llu", (unsigned long long)++made);
		qs_recording_write(file, &recording);
		for (int i = 0; i < LANES; i++)
			events += qs_load_acquire(&it.lane[i].count);
		if (!recording.hung)
			end();
	}
	test_folder_remove(it.path);
	test_folder_remove(it.out);
	if (fflush(file) != 0 || ferror(file) != 0)
		fail("the output can't be written");
	qs_recording_tell(&recording, made, events);
	/* A thread that hangs ends with the process. */
	_exit(0);
}
