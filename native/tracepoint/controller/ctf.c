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
	"\n"
	"stream {\n"
	"\tid = 0;\n"
	"\tevent.header := struct { u8 id; time timestamp; } align(64);\n"
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

static bool is_taken(const struct qs_event *event, const char *name)
{
	for (uint8_t i = 0; i < event->count; i++)
		if (strcmp(event->fields[i].name, name) == 0)
			return true;
	return false;
}

/* What a sequence's length is called: no other field may be called so. */
static void put_length_name(FILE *out, const struct qs_event *event, const char *name)
{
	char length[QS_EVENT_NAME + QS_EVENT_FIELDS + 16];
	snprintf(length, sizeof length, "_%s_length", name);
	while (is_taken(event, length))
		strcat(length, "_");
	fprintf(out, "_%s", length);
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

static void put_field(FILE *out, const struct qs_event *event, const struct qs_event_field *field)
{
	fputs("\t\t", out);
	if (field->kind == 's') {
		fprintf(out, "string _%s;\n", field->name);
	} else if (field->kind == 'e') {
		put_enumeration(out, event, field);
		fprintf(out, " _%s;\n", field->name);
	} else if (field->sequence) {
		fputs("u4 ", out);
		put_length_name(out, event, field->name);
		fprintf(out, ";\n\t\t%c%u _%s[", field->kind, field->width, field->name);
		put_length_name(out, event, field->name);
		fputs("];\n", out);
	} else {
		fprintf(out, "%c%u _%s;\n", field->kind, field->width, field->name);
	}
}

static void put_event(FILE *out, const struct qs_event *event, uint32_t id)
{
	fprintf(out, "\nevent {\n\tname = \"%s:%s\";\n\tid = %" PRIu32 ";\n\tstream_id = 0;\n\tloglevel = %u;\n"
		     "\tfields := struct {\n",
		event->provider, event->name, id, event->level);
	for (uint8_t i = 0; i < event->count; i++)
		put_field(out, event, &event->fields[i]);
	fputs("\t};\n};\n", out);
}

char *qs_ctf_metadata(const struct qs_process *process, int64_t offset, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	if (!out)
		return NULL;
	fputs(HEAD, out);
	put_trace(out, process, offset);
	fputs(STREAM, out);
	for (uint32_t i = 0; i < process->count; i++)
		if (process->events[i].text)
			put_event(out, &process->events[i], i);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
