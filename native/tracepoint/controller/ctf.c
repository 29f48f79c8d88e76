/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "ctf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BILLION = 1000000000, HOST_MAX = 256 };

/* Names of fields get a "_" in front, which readers take off: so none of them is a keyword. */
static const char HEAD[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 8; align = 8; signed = false; } := u1;\n"
	"typealias integer { size = 16; align = 8; signed = false; } := u2;\n"
	"typealias integer { size = 32; align = 8; signed = false; } := u4;\n"
	"typealias integer { size = 64; align = 8; signed = false; } := u8;\n"
	"typealias integer { size = 8; align = 8; signed = true; } := i1;\n"
	"typealias integer { size = 16; align = 8; signed = true; } := i2;\n"
	"typealias integer { size = 32; align = 8; signed = true; } := i4;\n"
	"typealias integer { size = 64; align = 8; signed = true; } := i8;\n"
	"typealias integer { size = 8; align = 8; signed = false; base = 16; } := x1;\n"
	"typealias integer { size = 16; align = 8; signed = false; base = 16; } := x2;\n"
	"typealias integer { size = 32; align = 8; signed = false; base = 16; } := x4;\n"
	"typealias integer { size = 64; align = 8; signed = false; base = 16; } := x8;\n"
	"typealias floating_point { exp_dig = 8; mant_dig = 24; align = 8; } := f4;\n"
	"typealias floating_point { exp_dig = 11; mant_dig = 53; align = 8; } := f8;\n"
	"\n";

static const char STREAM[] =
	"typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := time;\n"
	"typealias integer { size = 20; align = 1; signed = false; map = clock.monotonic.value; } := time_end;\n"
	"typealias integer { size = 12; align = 1; signed = false; } := event_number;\n"
	"\n"
	"stream {\n"
	"\tid = 0;\n"
	"\tevent.header := struct {\n"
	"\t\tenum : event_number { compact = 0 ... 4094, extended = 4095 } id;\n"
	"\t\tvariant <id> {\n"
	"\t\t\tstruct { time_end timestamp; } compact;\n"
	"\t\t\tstruct { u2 id; time timestamp; } extended;\n"
	"\t\t} v;\n"
	"\t} align(8);\n"
	"\tpacket.context := struct {\n"
	"\t\ttime timestamp_begin;\n"
	"\t\ttime timestamp_end;\n"
	"\t\tu8 content_size;\n"
	"\t\tu8 packet_size;\n"
	"\t\tu8 events_discarded;\n"
	"\t\tu8 packet_seq_num;\n"
	"\t\tu8 position_begin;\n"
	"\t\tu8 position_end;\n"
	"\t\tu8 ring_lost;\n"
	"\t\tu4 vtid;\n"
	"\t\tu4 ring;\n"
	"\t\tu4 use;\n"
	"\t\tu4 channel;\n"
	"\t\tu8 events;\n"
	"\t};\n"
	"};\n";

enum { EXTENDED = (1 << QS_CTF_EVENT_BITS) - 1 };

/* The first bits of a byte are its lowest, or with big endian its highest. */
static const bool LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

size_t qs_ctf_event_head(uint8_t *to, uint32_t event, uint64_t time, uint64_t before)
{
	if (event != EXTENDED && time - before < UINT64_C(1) << QS_CTF_TIME_BITS) {
		const uint32_t end = (uint32_t)time & ((UINT32_C(1) << QS_CTF_TIME_BITS) - 1);
		const uint32_t head = LITTLE ? event | end << QS_CTF_EVENT_BITS : event << QS_CTF_TIME_BITS | end;
		memcpy(to, &head, sizeof head);
		return sizeof head;
	}
	const uint16_t heads[] = { (uint16_t)(LITTLE ? EXTENDED : EXTENDED << (16 - QS_CTF_EVENT_BITS)),
				   (uint16_t)event };
	memcpy(to, heads, sizeof heads);
	memcpy(to + sizeof heads, &time, sizeof time);
	return sizeof heads + sizeof time;
}

static void put_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			fputc(c < 0x20 || c >= 0x7f ? '?' : c, out);
	}
	fputc('"', out);
}

static void put_trace(FILE *out, const struct qs_process *process, int64_t offset)
{
	char host[HOST_MAX] = "";
	int64_t seconds = offset / BILLION, rest = offset % BILLION;
	if (rest < 0) {
		rest += BILLION;
		seconds--;
	}
	gethostname(host, sizeof host - 1);
	fprintf(out,
		"trace {\n\tmajor = 1;\n\tminor = 8;\n\tbyte_order = %s;\n"
		"\tpacket.header := struct { u4 magic; u4 stream_id; };\n};\n\nenv {\n\thostname = ",
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "le" : "be");
	put_text(out, host);
	fputs(";\n\tprocname = ", out);
	put_text(out, process->program);
	fprintf(out, ";\n\tvpid = %" PRId32 ";\n\ttracer_name = \"quiesce\";\n\tquiesce_process = \"%s\";\n};\n\n",
		process->pid, process->name);
	fprintf(out,
		"clock {\n\tname = \"monotonic\";\n\tdescription = \"CLOCK_MONOTONIC\";\n\tfreq = %d;\n"
		"\toffset_s = %" PRId64 ";\n\toffset = %" PRId64 ";\n\tabsolute = true;\n};\n\n",
		BILLION, seconds, rest);
}

/* What an event's fields are called in the metadata, in their order there: a sequence's length stands before it. */
struct names {
	char text[2 * QS_EVENT_FIELDS][QS_EVENT_NAME + 2 * QS_EVENT_FIELDS + 16];
};

/*
 * No two fields have one name, nor one that an earlier field has without its "_": babeltrace2, which has taken that off
 * by then, takes `_x` behind `__x` for a second `_x`, and does not read the recording.
 */
static bool clashes(const struct names *names, size_t which)
{
	const char *name = names->text[which];
	for (size_t i = 0; i < 2 * QS_EVENT_FIELDS; i++) {
		const char *other = names->text[i];
		if (i == which || other[0] == 0)
			continue;
		if (strcmp(other, name) == 0 || strcmp(i < which ? other + 1 : other, i < which ? name : name + 1) == 0)
			return true;
	}
	return false;
}

static void name_fields(struct names *names, const struct qs_event *event)
{
	memset(names, 0, sizeof *names);
	for (size_t i = 0; i < event->count; i++)
		snprintf(names->text[2 * i + 1], sizeof names->text[0], "_%s", event->fields[i].name);
	for (size_t i = 0; i < event->count; i++)
		while (clashes(names, 2 * i + 1))
			strcat(names->text[2 * i + 1], "_");
	for (size_t i = 0; i < event->count; i++) {
		if (!event->fields[i].sequence)
			continue;
		snprintf(names->text[2 * i], sizeof names->text[0], "__%s_length", event->fields[i].name);
		while (clashes(names, 2 * i))
			strcat(names->text[2 * i], "_");
	}
}

static void put_enumeration(FILE *out, const struct qs_event *event, const struct qs_event_field *field)
{
	fputs("enum : i4 { ", out);
	for (uint16_t i = 0; i < field->labels; i++) {
		const struct qs_event_label *label = &event->label[field->first_label + i];
		fprintf(out, "%s\"%s\" = %" PRId32, i ? ", " : "", label->name, label->value);
	}
	fputs(" }", out);
}

static void put_field(FILE *out, const struct qs_event *event, size_t index, const struct names *names)
{
	const struct qs_event_field *field = &event->fields[index];
	const char *length = names->text[2 * index], *name = names->text[2 * index + 1];
	fputs("\t\t", out);
	if (field->kind == 's') {
		fprintf(out, "string %s;\n", name);
	} else if (field->kind == 'e') {
		put_enumeration(out, event, field);
		fprintf(out, " %s;\n", name);
	} else if (field->sequence) {
		fprintf(out, "u4 %s;\n\t\t%c%u %s[%s];\n", length, field->kind, field->width, name, length);
	} else {
		fprintf(out, "%c%u %s;\n", field->kind, field->width, name);
	}
}

static void put_event(FILE *out, const struct qs_event *event, uint32_t id)
{
	struct names names;
	name_fields(&names, event);
	fprintf(out, "\nevent {\n\tname = \"%s:%s\";\n\tid = %" PRIu32 ";\n\tstream_id = 0;\n\tloglevel = %u;\n"
		     "\tfields := struct {\n",
		event->provider, event->name, id, event->level);
	for (uint8_t i = 0; i < event->count; i++)
		put_field(out, event, i, &names);
	fputs("\t};\n};\n", out);
}

/* No name has a quote or a line's end in it, so what stands here stands nowhere else. */
static bool has_event(const char *metadata, uint32_t id)
{
	char line[48];
	snprintf(line, sizeof line, "\n\tid = %" PRIu32 ";\n\tstream_id = 0;\n", id);
	return strstr(metadata, line) != NULL;
}

bool qs_ctf_agrees(const char *metadata, const struct qs_event *event, uint32_t id)
{
	char *text = NULL;
	size_t length;
	FILE *out;
	bool same;
	if (!has_event(metadata, id))
		return true;
	out = open_memstream(&text, &length);
	if (!out)
		return false;
	put_event(out, event, id);
	same = fclose(out) == 0 && strstr(metadata, text) != NULL;
	free(text);
	return same;
}

char *qs_ctf_metadata(const struct qs_process *process, int64_t offset, const char *before, uint32_t described)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return NULL;
	if (before) {
		fputs(before, out);
	} else {
		fputs(HEAD, out);
		put_trace(out, process, offset);
		fputs(STREAM, out);
	}
	for (uint32_t i = described; i < process->count; i++)
		if (process->events[i].text && !(before && has_event(before, i)))
			put_event(out, &process->events[i], i);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
