/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "second.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../test/folder.h"

static char directory[256];
static pid_t maker;

static void fatal(const char *what)
{
	perror(what);
	_exit(99);
}

const char *second_begin(void)
{
	if (!test_folder_make(directory, sizeof(directory), getenv("TRACE_TEST_ROOT")) ||
	    setenv("QUIESCE_TRACE_DIR", directory, 1) != 0)
		fatal(directory);
	maker = getpid();
	return directory;
}

void second_end(void)
{
	if (getpid() != maker)
		return;
	test_folder_remove(directory);
}

static void *map(const char *name, int flags, size_t *size)
{
	char path[600];
	struct stat status;
	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	const int file = open(path, O_RDWR | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) != 0)
		return NULL;
	void *memory = mmap(NULL, (size_t)status.st_size, flags, MAP_SHARED, file, 0);
	(void)close(file);
	*size = (size_t)status.st_size;
	return memory == MAP_FAILED ? NULL : memory;
}

struct qs_trace_control *second_control(void)
{
	static struct qs_trace_control *control;
	size_t size;
	if (!control)
		control = map("control", PROT_READ | PROT_WRITE, &size);
	return control;
}

bool second_name(pid_t pid, const char *ending, char *name, size_t size)
{
	char start[32];
	bool found = false;
	(void)snprintf(start, sizeof(start), "%d-", (int)pid);
	DIR *folder = opendir(directory);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		const char *dot = strrchr(entry->d_name, '.');
		if (dot && strcmp(dot, ending) == 0 && strncmp(entry->d_name, start, strlen(start)) == 0) {
			(void)snprintf(name, size, "%s", entry->d_name);
			found = true;
		}
	}
	if (folder)
		(void)closedir(folder);
	return found;
}

struct qs_trace_process *second_process(pid_t pid)
{
	char name[300];
	size_t size;
	return second_name(pid, ".trace", name, sizeof(name)) ? map(name, PROT_READ | PROT_WRITE, &size) : NULL;
}

void second_forget(struct qs_trace_process *process)
{
	(void)munmap(process, process->header.size);
}

int second_count(const char *ending)
{
	int count = 0;
	DIR *folder = opendir(directory);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		const size_t length = strlen(entry->d_name), end = strlen(ending);
		count += length >= end && strcmp(entry->d_name + length - end, ending) == 0;
	}
	if (folder)
		(void)closedir(folder);
	return count;
}

bool second_is_alive(pid_t pid)
{
	char name[300], path[600];
	if (!second_name(pid, ".life", name, sizeof(name)))
		return false;
	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	const int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (file < 0)
		fatal("life");
	const bool alive = fcntl(file, F_SETLEASE, F_RDLCK) != 0;
	if (alive && errno != EAGAIN)
		fatal("lease");
	if (!alive)
		(void)fcntl(file, F_SETLEASE, F_UNLCK);
	(void)close(file);
	return alive;
}

void second_config(uint32_t index, uint32_t channel, uint32_t sample, const uint8_t *filter, uint32_t length)
{
	struct qs_trace_config *config = &second_control()->configs[index];
	config->channel = channel;
	config->sample = sample;
	config->filter_length = length;
	if (length)
		memcpy(config->filter, filter, length);
}

static void each_word(const char *provider, const char *name, uint32_t config, struct qs_trace_process *process,
	bool rest)
{
	const uint32_t events = qs_load_acquire(&process->header.events);
	for (uint32_t i = 0; i < events && i < QS_TRACE_EVENTS; i++) {
		char text[QS_TRACE_TEXT_MAX], *semicolon, *colon;
		const struct qs_trace_event *event = &process->events[i];
		memcpy(text, event->text, sizeof(text));
		text[sizeof(text) - 1] = 0;
		if (!(colon = strchr(text, ':')) || !(semicolon = strchr(colon, ';')))
			continue;
		*colon = *semicolon = 0;
		const bool fits = fnmatch(provider, text, 0) == 0 && fnmatch(name, colon + 1, 0) == 0;
		if ((fits || rest) && event->word < QS_TRACE_WORD_PAGES * QS_TRACE_WORDS_A_PAGE)
			qs_store_relaxed(&process->words[event->word / QS_TRACE_WORDS_A_PAGE]
							[event->word % QS_TRACE_WORDS_A_PAGE],
					 fits ? config : 0);
	}
}

void second_word(struct qs_trace_process *process, const char *name, uint32_t config)
{
	each_word("*", name, config, process, false);
}

static void flip(struct qs_trace_control *control, uint32_t active)
{
	qs_store_release(&control->active, active);
	(void)qs_fetch_add_seq_cst(&control->generation, 1);
	qs_full_fence();
}

void second_rule(const char *provider, const char *name, uint32_t config)
{
	struct qs_trace_control *control = second_control();
	const uint32_t active = qs_load_relaxed(&control->active) ^ 1;
	struct qs_trace_rules *rules = &control->rules[active];
	memcpy(rules->overwrite, control->rules[active ^ 1].overwrite, sizeof(rules->overwrite));
	memset(&rules->rules[0], 0, sizeof(rules->rules[0]));
	rules->running = 1;
	rules->rules[0].config = config;
	rules->rules[0].level_max = 14;
	strcpy(rules->rules[0].program, "*");
	(void)snprintf(rules->rules[0].provider, 64, "%s", provider);
	(void)snprintf(rules->rules[0].name, 64, "%s", name);
	qs_store_relaxed(&rules->count, 1);
	flip(control, active);
	DIR *folder = opendir(directory);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		const char *dot = strrchr(entry->d_name, '.');
		size_t size;
		struct qs_trace_process *process;
		if (*entry->d_name == '.' || !dot || strcmp(dot, ".trace") != 0 ||
		    !(process = map(entry->d_name, PROT_READ | PROT_WRITE, &size)))
			continue;
		each_word(provider, name, config, process, true);
		(void)munmap(process, size);
	}
	if (folder)
		(void)closedir(folder);
}

void second_overwrite(uint32_t channel, bool overwrite)
{
	struct qs_trace_control *control = second_control();
	control->rules[0].overwrite[channel] = control->rules[1].overwrite[channel] = overwrite;
}

struct walk {
	struct qs_trace_process *process;
	const unsigned char *data;
	uint32_t size;
	uint64_t last;
	void (*see)(const struct second_record *record, void *user);
	void *user;
};

/* One record; its size, or 0 when it is damaged. */
static uint32_t step(struct walk *walk, uint64_t position, uint64_t end, long *count)
{
	const uint64_t offset = position % walk->size;
	struct second_record record = {.position = position};
	memcpy(&record.size, walk->data + offset, 4);
	memcpy(&record.event, walk->data + offset + 4, 4);
	if (record.size < 8 || record.size % 8 || record.size > end - position || record.size > walk->size - offset)
		return 0;
	if (record.event == QS_TRACE_PADDING)
		return record.size;
	if (record.size < 16 || record.event >= qs_load_relaxed(&walk->process->header.events))
		return 0;
	memcpy(&record.time, walk->data + offset + 8, 8);
	record.fields = walk->data + offset + 16;
	record.text = walk->process->events[record.event].text;
	if (record.time < walk->last)
		return 0;
	walk->last = record.time;
	++*count;
	if (walk->see)
		walk->see(&record, walk->user);
	return record.size;
}

static long read_from(struct qs_trace_process *process, uint32_t index, uint64_t position, uint64_t end,
		      void (*see)(const struct second_record *, void *), void *user)
{
	const uint32_t size = process->header.ring_size;
	const unsigned char *data = (const unsigned char *)process + sizeof(*process) + (size_t)index * size;
	struct walk walk = {process, data, size, 0, see, user};
	long count = 0;
	if (end - position > size)
		return -1;
	while (position < end) {
		const uint32_t width = step(&walk, position, end, &count);
		if (width == 0)
			return -1;
		position += width;
	}
	return count;
}

long second_read(struct qs_trace_process *process, uint32_t index, void (*see)(const struct second_record *, void *),
		 void *user)
{
	struct qs_trace_ring *ring = &process->rings[index];
	const uint64_t end = qs_load_acquire(&ring->committed);
	if (qs_load_relaxed(&ring->overwrite))
		return 0;
	const long count = read_from(process, index, qs_load_relaxed(&ring->consumed), end, see, user);
	if (count >= 0)
		qs_store_release(&ring->consumed, end);
	return count;
}

long second_read_all(struct qs_trace_process *process, void (*see)(const struct second_record *, void *), void *user)
{
	long sum = 0;
	const uint32_t rings = qs_load_acquire(&process->header.rings);
	for (uint32_t i = 0; i < rings && i < QS_TRACE_RINGS; i++) {
		const long count = second_read(process, i, see, user);
		if (count < 0)
			return -1;
		sum += count;
	}
	return sum;
}

long second_look(struct qs_trace_process *process, uint32_t index, void (*see)(const struct second_record *, void *),
		 void *user)
{
	struct qs_trace_ring *ring = &process->rings[index];
	const uint64_t end = qs_load_acquire(&ring->committed);
	return read_from(process, index, qs_load_relaxed(&ring->tail), end, see, user);
}

void second_grace(struct qs_trace_process *process)
{
	struct qs_trace_control *control = second_control();
	qs_full_fence();
	const uint64_t number = qs_fetch_add_seq_cst(&control->gp, 1) + 1;
	const uint32_t rings = qs_load_acquire(&process->header.rings);
	for (uint32_t i = 0; i < rings && i < QS_TRACE_RINGS; i++) {
		for (;;) {
			const uint64_t announced = qs_load_acquire(&process->rings[i].announced);
			if (announced == 0 || announced >= number)
				break;
			(void)sched_yield();
		}
	}
	qs_acquire_fence();
}
