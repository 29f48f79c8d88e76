/* SPDX-License-Identifier: MIT */
/*
 * A traced process as layout.h says it, written apart from the library: a second opinion, and one that can be told to
 * do wrong. It opens itself in DIR, has one ring a thread, and writes numbered events as fast as it is asked.
 *
 *   fake DIR [threads N] [events N] [ring BYTES] [pause US] [overwrite] [everything] [hold] [stay] [names]
 *
 * Without `events` it goes on until it is ended. It says "open" when it can be seen, and at the end a line
 * "THREAD WRITTEN LOST" a thread, then "done"; with `stay` it then waits to be ended. With `hold` it says "holding" in
 * its first section, and stays there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../src/membarrier.h"
#include "../layout.h"
#include "fake.h"

enum { THREADS_MAX = 32 };

struct thread {
	uint32_t index;
	uint64_t written, lost, sections;
	pthread_t id;
};

static struct {
	const char *directory;
	uint32_t threads, ring;
	uint64_t events;
	unsigned pause_us;
	bool overwrite, everything, hold, stay, names;
} options = { .threads = 1, .ring = 1 << 16 };

static struct qs_trace_control *control;
static struct qs_trace_process *process;
static uint8_t *data;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "fake: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* Word i is event i's, all on the first page. */
static void describe(const char *text)
{
	uint32_t index = qs_load_relaxed(&process->header.events);
	struct qs_trace_event *event = &process->events[index];
	size_t length = strlen(text);
	memcpy(event->text, text, length);
	event->word = index;
	qs_store_release(&event->length, (uint32_t)length);
	qs_store_release(&process->header.events, index + 1);
}

static void map_control(int directory)
{
	int fd = openat(directory, "control", O_RDONLY | O_CLOEXEC);
	for (int i = 0; fd < 0 && i < 1000; i++) {
		usleep(1000);
		fd = openat(directory, "control", O_RDONLY | O_CLOEXEC);
	}
	control = fd >= 0 ? mmap(NULL, sizeof *control, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (control == MAP_FAILED)
		die("control");
	if (control->flags & QS_TRACE_GLOBAL)
		(void)qs_membarrier_usable(QS_GLOBAL_EXPEDITED);
}

/* As a program would that is started with tracing open: rules first, then it is ready. */
static void apply_rules(void)
{
	for (;;) {
		uint64_t generation = qs_load_acquire(&control->generation);
		const struct qs_trace_rules *rules = &control->rules[qs_load_acquire(&control->active) & 1];
		uint32_t count = qs_load_acquire(&rules->count);
		bool on = rules->running && count > 0;
		uint32_t config = on ? rules->rules[count - 1].config : 0;
		for (uint32_t i = 0; i < qs_load_relaxed(&process->header.events); i++)
			qs_store_relaxed(&process->words[0][i], config);
		qs_full_fence();
		if (qs_load_acquire(&control->generation) == generation) {
			qs_store_release(&process->header.applied, generation);
			return;
		}
	}
}

static void open_process(void)
{
	char name[48], life[64], draft[64], trace[64];
	size_t size = sizeof *process + (size_t)QS_TRACE_RINGS * options.ring;
	uint64_t random;
	int directory = open(options.directory, O_DIRECTORY | O_RDONLY | O_CLOEXEC), fd;
	if (directory < 0 || getrandom(&random, sizeof random, 0) != sizeof random)
		die(options.directory);
	map_control(directory);
	snprintf(name, sizeof name, "%d-%012llx", (int)getpid(), (unsigned long long)(random >> 16));
	snprintf(life, sizeof life, "%s.life", name);
	snprintf(draft, sizeof draft, ".%s.trace", name);
	snprintf(trace, sizeof trace, "%s.trace", name);
	fd = openat(directory, life, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, QS_TRACE_PAGE) != 0)
		die(life);
	void *page = mmap(NULL, QS_TRACE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED || madvise(page, QS_TRACE_PAGE, MADV_DONTFORK) != 0)
		die(life);
	close(fd);
	fd = openat(directory, draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)size) != 0)
		die(draft);
	process = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (process == MAP_FAILED)
		die(draft);
	data = (uint8_t *)process + sizeof *process;
	process->header.version = QS_TRACE_VERSION;
	process->header.size = size;
	process->header.ring_size = options.ring;
	process->header.uid = (uint32_t)geteuid();
	process->header.pid = (int32_t)getpid();
	process->header.started = now(CLOCK_MONOTONIC);
	process->header.realtime = (int64_t)(now(CLOCK_REALTIME) - process->header.started);
	snprintf(process->header.program, sizeof process->header.program, "%s",
		 options.names ? "../e v\"il\n" : "fake");
	fake_describe(describe);
	qs_store_release(&process->header.magic, QS_TRACE_MAGIC);
	if (renameat(directory, draft, directory, trace) != 0)
		die(trace);
	qs_full_fence();
	apply_rules();
	printf("open\n");
	fflush(stdout);
}

static void put_header(uint8_t *at, uint32_t size, uint32_t event)
{
	uint64_t time = now(CLOCK_MONOTONIC);
	memcpy(at, &size, 4);
	memcpy(at + 4, &event, 4);
	if (size > 8)
		memcpy(at + 8, &time, 8);
}

/* Moves `tail` over what the next `size` bytes overwrite. */
static void make_room(struct qs_trace_ring *ring, uint8_t *bytes, uint64_t end)
{
	uint64_t tail = qs_load_relaxed(&ring->tail);
	while (end - tail > options.ring) {
		uint32_t size, event;
		memcpy(&size, bytes + tail % options.ring, 4);
		memcpy(&event, bytes + tail % options.ring + 4, 4);
		if (event != QS_TRACE_PADDING)
			qs_store_relaxed(&ring->lost, qs_load_relaxed(&ring->lost) + 1);
		tail += size;
	}
	qs_store_relaxed(&ring->tail, tail);
	qs_full_fence();
}

/* Writes one event; false where there is no room. */
static bool record(struct thread *thread, uint32_t event, const uint8_t *payload, size_t length)
{
	struct qs_trace_ring *ring = &process->rings[thread->index];
	uint8_t *bytes = data + (size_t)thread->index * options.ring;
	uint64_t at = qs_load_relaxed(&ring->committed), left = options.ring - at % options.ring;
	uint32_t size = (uint32_t)(16 + length + 7) & ~7u;
	uint64_t end = at + size + (left < size ? left : 0);
	if (options.overwrite)
		make_room(ring, bytes, end);
	else if (end - qs_load_acquire(&ring->consumed) > options.ring) {
		qs_store_relaxed(&ring->lost, qs_load_relaxed(&ring->lost) + 1);
		thread->lost++;
		return false;
	}
	if (left < size) {
		put_header(bytes + at % options.ring, (uint32_t)left, QS_TRACE_PADDING);
		at += left;
	}
	memset(bytes + at % options.ring, 0, size);
	memcpy(bytes + at % options.ring + 16, payload, length);
	put_header(bytes + at % options.ring, size, event);
	qs_store_release(&ring->committed, end);
	thread->written++;
	return true;
}

/* One event in a section, if its word says so. */
static void hit(struct thread *thread, uint32_t event, const uint8_t *payload, size_t length)
{
	struct qs_trace_ring *ring = &process->rings[thread->index];
	qs_store_relaxed(&ring->announced, qs_load_relaxed(&control->gp));
	qs_compiler_barrier();
	if ((control->flags & QS_TRACE_GLOBAL) == 0)
		qs_full_fence();
	if (qs_load_relaxed(&process->words[0][event]) != 0)
		record(thread, event, payload, length);
	if (options.hold) {
		printf("holding\n");
		fflush(stdout);
	}
	while (options.hold && qs_load_relaxed(&process->words[0][event]) != 0)
		usleep(1000);
	while (options.hold && thread->sections++ == 0)
		pause();
	qs_store_release(&ring->announced, 0);
}

static void *run(void *with)
{
	struct thread *thread = with;
	struct qs_trace_ring *ring = &process->rings[thread->index];
	qs_store_relaxed(&ring->overwrite, options.overwrite);
	qs_store_relaxed(&ring->begin, 0);
	qs_store_relaxed(&ring->use, 1);
	qs_store_release(&ring->owner, (uint32_t)gettid());
	if (options.everything)
		for (uint32_t i = 0; i < fake_payloads(); i++) {
			uint8_t payload[1024];
			uint32_t event;
			size_t length = fake_payload(i, &event, payload);
			hit(thread, event, payload, length);
		}
	for (uint64_t n = 0; options.events == 0 || thread->written + thread->lost < options.events; n++) {
		uint8_t payload[FAKE_NUMBER_MAX];
		hit(thread, 0, payload, fake_number(payload, thread->index, thread->written + thread->lost));
		if (options.pause_us)
			usleep(options.pause_us);
	}
	/* The ring is not taken again, and says whose it was. */
	return NULL;
}

static void parse(int argc, char **argv)
{
	options.directory = argc > 1 ? argv[1] : "";
	for (int i = 2; i < argc; i++) {
		uint64_t value = i + 1 < argc ? strtoull(argv[i + 1], NULL, 10) : 0;
		if (strcmp(argv[i], "threads") == 0)
			options.threads = (uint32_t)value;
		else if (strcmp(argv[i], "events") == 0)
			options.events = value;
		else if (strcmp(argv[i], "ring") == 0)
			options.ring = (uint32_t)value;
		else if (strcmp(argv[i], "pause") == 0)
			options.pause_us = (unsigned)value;
		options.overwrite = options.overwrite || strcmp(argv[i], "overwrite") == 0;
		options.everything = options.everything || strcmp(argv[i], "everything") == 0;
		options.hold = options.hold || strcmp(argv[i], "hold") == 0;
		options.stay = options.stay || strcmp(argv[i], "stay") == 0;
		options.names = options.names || strcmp(argv[i], "names") == 0;
	}
	if (options.threads == 0 || options.threads > THREADS_MAX)
		options.threads = 1;
}

int main(int argc, char **argv)
{
	static struct thread threads[THREADS_MAX];
	parse(argc, argv);
	/* Not longer than the test. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		die("parent");
	open_process();
	qs_store_release(&process->header.rings, options.threads);
	qs_full_fence();
	for (uint32_t i = 0; i < options.threads; i++) {
		threads[i].index = i;
		if (pthread_create(&threads[i].id, NULL, run, &threads[i]) != 0)
			die("thread");
	}
	for (uint32_t i = 0; i < options.threads; i++) {
		pthread_join(threads[i].id, NULL);
		printf("%u %llu %llu\n", i, (unsigned long long)threads[i].written,
			(unsigned long long)threads[i].lost);
	}
	printf("done\n");
	fflush(stdout);
	while (options.stay)
		pause();
	return 0;
}
