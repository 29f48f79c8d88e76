/* SPDX-License-Identifier: MIT */
/*
 * Which programs and libraries have tracepoints. Those that are loaded when tracing is opened are found by their note;
 * one that is loaded later makes itself known by its first hit, whose word says that it is unknown. Pages of the
 * process's file are then mapped over its words, so that the controller can switch them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "letters.h"
#include "state.h"
#include "../switch_step.h"

/* An entry of qs_trace_events, as quiesce/tracepoint.h makes it. */
struct entry {
	int32_t word, id;
	uint32_t length;
	char text[];
};

bool qs_trace_try_lock(struct qs_trace *trace)
{
	uint32_t nobody = 0;
	return qs_compare_exchange(&trace->lock, &nobody, (uint32_t)syscall(SYS_gettid));
}

void qs_trace_unlock(struct qs_trace *trace)
{
	qs_store_release(&trace->lock, 0);
}

static uint32_t hash(const char *name, size_t length)
{
	uint32_t value = UINT32_C(2166136261);
	for (size_t i = 0; i < length; i++)
		value = (value ^ (uint8_t)name[i]) * UINT32_C(16777619);
	return value;
}

/* Takes apart PROVIDER:NAME;LEVEL;TYPE NAME;TYPE NAME... */
void qs_trace_describe(struct qs_trace_described *event, const char *text)
{
	event->text = text;
	event->fields = event->alike = 0;
	const char *at = strchr(text, ';');
	at = at ? strchr(at + 1, ';') : NULL;
	while (at && event->fields < QS_TRACE_FIELDS) {
		const char *field = at + 1;
		const char *end = strchr(field, *field == 'e' ? '}' : ' ');
		const char *name = end ? strchr(end, ' ') : NULL;
		if (!name)
			return;
		name++;
		at = strchr(name, ';');
		const uint32_t i = event->fields++;
		event->hash[i] = hash(name, at ? (size_t)(at - name) : strlen(name));
		for (uint32_t other = 0; other < i; other++)
			if (event->hash[other] == event->hash[i])
				event->alike |= UINT32_C(1) << other | UINT32_C(1) << i;
		event->type[i] = (uint8_t)field[0];
		const char width = field[0] == 'q' ? field[3] : field[1];
		event->width[i] = (uint8_t)(field[0] == 's' ? 0 : width - '0');
	}
}

static uint32_t count_events(const struct qs_trace_module *module)
{
	uint32_t count = 0;
	for (const char *at = qs_trace_far(&module->events); at < qs_trace_far(&module->events_end);) {
		struct entry entry;
		memcpy(&entry, at, sizeof(entry));
		at += (sizeof(entry) + entry.length + 1 + 3) & ~(size_t)3;
		count++;
	}
	return count;
}

static void add_event(struct qs_trace *trace, const struct qs_trace_known_module *known, uint32_t number,
	const char *at)
{
	const struct entry *entry = (const struct entry *)(const void *)at;
	struct qs_trace_event *event = &trace->process->events[number];
	const size_t word = (size_t)(qs_trace_far(&entry->word) - qs_trace_far(&known->module->words));
	memcpy(event->text, entry->text, entry->length);
	event->text[entry->length] = 0;
	event->word = known->page * (uint32_t)QS_TRACE_WORDS_A_PAGE + (uint32_t)(word / sizeof(uint32_t));
	trace->described[number].word = event->word;
	event->gone = 0;
	qs_store_release(&event->length, entry->length);
	qs_trace_describe(&trace->described[number], entry->text);
	qs_atomic(uint32_t) *id = (qs_atomic(uint32_t) *)(void *)qs_trace_far(&entry->id);
	qs_store_release(id, number + 1);
}

void qs_trace_silence(const struct qs_trace_module *module)
{
	qs_atomic(uint32_t) *word = (qs_atomic(uint32_t) *)(void *)qs_trace_far(&module->words);
	qs_atomic(uint32_t) *end = (qs_atomic(uint32_t) *)(void *)qs_trace_far(&module->words_end);
	for (; word < end; word++) {
		uint32_t unknown = QS_TRACE_UNKNOWN;
		/* A page that was mapped over them meanwhile keeps what it has. */
		if (qs_load_relaxed(word) == unknown)
			(void)qs_compare_exchange(word, &unknown, 0);
	}
}

/*
 * Pages over the words: a second mapping of those in the file, for which there is no descriptor any more. Under
 * valgrind there are no second mappings; there the file is opened again.
 */
static bool map_words(struct qs_trace *trace, const struct qs_trace_known_module *known)
{
	void *from = trace->process->words[known->page], *to = qs_trace_far(&known->module->words);
	const size_t size = (size_t)known->pages * QS_TRACE_PAGE;
	errno = qs_trace_populate(from, size);
	if (errno != 0)
		return false;
	return mremap(from, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to ||
	       qs_trace_map_again(trace, to, size, (size_t)((char *)from - (char *)trace->process));
}

/* Two modules with the same events, in the same order, are the same one, loaded again. */
static uint64_t identify(const struct qs_trace_module *module)
{
	uint64_t value = UINT64_C(14695981039346656037);
	for (const char *at = qs_trace_far(&module->events); at < qs_trace_far(&module->events_end);) {
		const struct entry *entry = (const struct entry *)(const void *)at;
		for (uint32_t i = 0; i <= entry->length; i++)
			value = (value ^ (uint8_t)entry->text[i]) * UINT64_C(1099511628211);
		at += (sizeof(*entry) + entry->length + 1 + 3) & ~(size_t)3;
	}
	return value;
}

/* A library that comes and goes gets the place that it had, and so doesn't use up the file. */
static uint32_t slot_for(const struct qs_trace *trace, struct qs_trace_known_module *known)
{
	for (uint32_t i = 0; i < trace->modules; i++) {
		const struct qs_trace_known_module *gone = &trace->module[i];
		if (!gone->module && gone->identity == known->identity && gone->events == known->events &&
		    gone->pages == known->pages) {
			known->page = gone->page;
			known->event = gone->event;
			return i;
		}
	}
	return trace->modules;
}

void qs_trace_add_module(struct qs_trace *trace, const struct qs_trace_module *module)
{
	for (uint32_t i = 0; i < trace->modules; i++)
		if (trace->module[i].module &&
		    qs_trace_far(&trace->module[i].module->words) == qs_trace_far(&module->words))
			return;
	const size_t bytes = (size_t)(qs_trace_far(&module->words_end) - qs_trace_far(&module->words));
	const uint32_t events = count_events(module);
	struct qs_trace_known_module known = {
		.module = module,
		.page = trace->pages,
		.pages = (uint32_t)(bytes / QS_TRACE_PAGE),
		.event = trace->events,
		.events = events,
		.identity = identify(module),
	};
	const uint32_t slot = slot_for(trace, &known);
	const bool fits = slot < QS_TRACE_MODULES && known.pages <= QS_TRACE_WORD_PAGES - known.page &&
			  events <= QS_TRACE_EVENTS - known.event;
	int error = 0;
	if (fits)
		error = qs_trace_populate(&trace->process->events[known.event],
					  events * sizeof(struct qs_trace_event));
	if (fits && error == 0 && !map_words(trace, &known))
		error = errno;
	if (!fits || error != 0) {
		if (error != 0)
			trace->refused = error;
		(void)qs_fetch_add(&trace->process->header.silent, events);
		qs_trace_silence(module);
		return;
	}
	uint32_t number = known.event;
	for (const char *at = qs_trace_far(&module->events); at < qs_trace_far(&module->events_end);) {
		const struct entry *entry = (const struct entry *)(const void *)at;
		add_event(trace, &known, number++, at);
		at += (sizeof(*entry) + entry->length + 1 + 3) & ~(size_t)3;
	}
	trace->module[slot] = known;
	if (slot < trace->modules)
		return;
	trace->modules++;
	trace->pages += known.pages;
	trace->events = number;
	qs_store_release(&trace->process->header.events, number);
}

/* A note by which a module says where its tracepoints are. */
static const struct qs_trace_module *module_in(const char *at, size_t size)
{
	static const char name[8] = "quiesce";
	while (size >= 12) {
		uint32_t head[3];
		memcpy(head, at, sizeof(head));
		const size_t name_size = ((size_t)head[0] + 3) & ~(size_t)3,
			text_size = ((size_t)head[1] + 3) & ~(size_t)3;
		if (name_size > size - 12 || text_size > size - 12 - name_size)
			return NULL;
		if (head[0] == sizeof(name) && head[1] == sizeof(struct qs_trace_module) && head[2] == 0x71730001 &&
		    memcmp(at + 12, name, sizeof(name)) == 0)
			return (const struct qs_trace_module *)(const void *)(at + 12 + name_size);
		at += 12 + name_size + text_size;
		size -= 12 + name_size + text_size;
	}
	return NULL;
}

static int look(struct dl_phdr_info *info, size_t size, void *trace)
{
	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		if (header->p_type != PT_NOTE || header->p_align > 4)
			continue;
		const char *at = (const char *)(uintptr_t)(info->dlpi_addr + header->p_vaddr);
		const struct qs_trace_module *module = module_in(at, header->p_memsz);
		if (module)
			qs_trace_add_module(trace, module);
	}
	return 0;
}

void qs_trace_add_loaded(struct qs_trace *trace)
{
	(void)dl_iterate_phdr(look, trace);
}

void qs_trace_meet(const struct qs_trace_module *module)
{
	struct qs_trace *trace = qs_trace_here();
	if (!trace) {
		/* Never opened, or a child that has not opened itself. */
		qs_trace_silence(module);
		return;
	}
	const int error = errno;
	if (qs_trace_try_lock(trace)) {
		QS_TRACE_SWITCH_STEP(Meet);
		/* Controllers wait while nothing is applied: until then a word might name what they would free. */
		qs_store_relaxed(&trace->process->header.applied, 0);
		fence_k();
		qs_trace_add_module(trace, module);
		qs_trace_apply(trace);
		qs_trace_unlock(trace);
	}
	errno = error;
}

void qs_trace_gone(const struct qs_trace_module *module)
{
	struct qs_trace *trace = qs_trace_here();
	if (!trace)
		return;
	while (!qs_trace_try_lock(trace)) {
		if (qs_load_relaxed(&trace->lock) == (uint32_t)syscall(SYS_gettid))
			return;
		qs_pause();
	}
	for (uint32_t i = 0; i < trace->modules; i++) {
		struct qs_trace_known_module *known = &trace->module[i];
		if (!known->module || qs_trace_far(&known->module->words) != qs_trace_far(&module->words))
			continue;
		for (uint32_t event = known->event; event < known->event + known->events; event++) {
			trace->process->events[event].gone = 1;
			qs_store_relaxed(qs_trace_word(trace, trace->described[event].word), 0);
			trace->described[event].text = "";
			trace->described[event].fields = 0;
		}
		known->module = NULL;
	}
	qs_trace_unlock(trace);
}
