/* SPDX-License-Identifier: MIT */
/* The interpreter of filters (../../FILTER.md): what each code says, and that nothing makes it read outside. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "../filter.h"

#ifndef TEST_PROGRAMS
#define TEST_PROGRAMS 2000000
#endif

static uint8_t code[2048];
static uint32_t length;

static void start(void)
{
	length = 0;
}

static void op(uint8_t byte)
{
	code[length++] = byte;
}

static void number(int64_t value)
{
	op(0x01);
	memcpy(code + length, &value, 8);
	length += 8;
}

static void real(double value)
{
	op(0x02);
	memcpy(code + length, &value, 8);
	length += 8;
}

static void text(const char *value)
{
	op(0x03);
	op((uint8_t)strlen(value));
	memcpy(code + length, value, strlen(value));
	length += (uint32_t)strlen(value);
}

static uint32_t hash(const char *name)
{
	uint32_t value = UINT32_C(2166136261);
	while (*name)
		value = (value ^ (uint8_t)*name++) * UINT32_C(16777619);
	return value;
}

static void field(const char *name)
{
	const uint32_t value = hash(name);
	op(0x04);
	memcpy(code + length, &value, 4);
	length += 4;
}

/* u8 large = 2^64-1, i2 small = -2, f4 half = 0.5, s path = "/tmp/x", q:u2 parts = {1, 2}, e4 state = -1, x1 flags =
 * 0xf0 */
static struct qs_trace_described event;
static unsigned char record[64];
static size_t record_size;

static void add_field(const char *name, char type, uint8_t width, const void *bytes, size_t size)
{
	const uint32_t i = event.fields++;
	event.hash[i] = hash(name);
	event.type[i] = (uint8_t)type;
	event.width[i] = width;
	memcpy(record + record_size, bytes, size);
	record_size += size;
}

static void make_record(void)
{
	const uint64_t large = UINT64_MAX;
	const int16_t small = -2;
	const float half = 0.5f;
	const uint16_t parts[] = {2, 0, 1, 2}; /* the count is a u4 */
	const int32_t state = -1;
	const uint8_t flags = 0xf0;
	add_field("large", 'u', 8, &large, 8);
	add_field("small", 'i', 2, &small, 2);
	add_field("half", 'f', 4, &half, 4);
	add_field("path", 's', 0, "/tmp/x", 7);
	add_field("parts", 'q', 2, parts, 8);
	add_field("state", 'e', 4, &state, 4);
	add_field("flags", 'x', 1, &flags, 1);
}

static bool passes(void)
{
	return qs_trace_filter(code, length, &event, record, record_size);
}

static void two(int64_t a, int64_t b, uint8_t operation, int64_t result)
{
	start();
	number(a);
	number(b);
	op(operation);
	number(result);
	op(0x10);
	CHECK(passes());
}

static bool relates(double a, int64_t b, uint8_t operation)
{
	start();
	real(a);
	number(b);
	op(operation);
	return passes();
}

static void calculates(void)
{
	two(2, 3, 0x30, 5);
	two(2, 3, 0x31, -1);
	two(-4, 3, 0x32, -12);
	two(-7, 2, 0x33, -3);
	two(-7, 2, 0x34, -1);
	two(12, 10, 0x35, 8);
	two(12, 10, 0x36, 14);
	two(12, 10, 0x37, 6);
	two(INT64_MIN, -1, 0x34, 0);
	two(1, 1, 0x20, 1);
	two(1, 0, 0x20, 0);
	two(1, 0, 0x21, 1);
	two(0, 0, 0x21, 0);
	start();
	number(INT64_MIN);
	number(-1);
	op(0x33);
	number(0);
	op(0x14); /* 2^63, which only an unsigned integer holds */
	CHECK(passes());
	start();
	real(7.5);
	real(-2);
	op(0x34);
	real(1.5);
	op(0x10);
	CHECK(passes());
	start();
	number(0);
	op(0x22);
	CHECK(passes());
}

static void remainders_are_those_of_fmod(void)
{
	srand(7);
	for (int i = 0; i < 20000; i++) {
		const double a = ldexp((double)rand() - RAND_MAX / 2.0, rand() % 200 - 100);
		const double b = ldexp((double)rand() + 1, rand() % 200 - 100);
		start();
		real(a);
		real(b);
		op(0x34);
		real(fmod(a, b));
		op(0x10);
		CHECK(passes());
	}
}

static void compares_exactly(void)
{
	start();
	number(-1);
	field("large");
	op(0x12);
	CHECK(passes());
	start();
	field("small");
	field("large");
	op(0x15);
	CHECK(!passes());
	CHECK(relates(9007199254740992.0, 9007199254740993, 0x12));
	CHECK(!relates(9007199254740992.0, 9007199254740993, 0x10));
	CHECK(relates(0.5, 0, 0x14) && relates(-0.5, 0, 0x12) && relates(1e300, INT64_MAX, 0x14));
	CHECK(relates(-1e300, INT64_MIN, 0x12) && relates(-2.5, -2, 0x12) && relates(3, 3, 0x10));
	CHECK(!relates(NAN, 0, 0x12) && !relates(NAN, 0, 0x15) && !relates(NAN, 0, 0x10) && relates(NAN, 0, 0x11));
	CHECK(relates(18446744073709551616.0, INT64_MAX, 0x14));
}

static bool is_field(const char *name, int64_t value)
{
	start();
	field(name);
	number(value);
	op(0x10);
	return passes();
}

static bool matches(const char *pattern, uint8_t operation)
{
	start();
	field("path");
	text(pattern);
	op(operation);
	return passes();
}

static void reads_fields(void)
{
	CHECK(is_field("small", -2) && is_field("state", -1) && is_field("flags", 0xf0) && !is_field("large", -1));
	CHECK(!is_field("parts", 2) && !is_field("nothing", 0) && !is_field("path", 0));
	start();
	field("half");
	real(0.5);
	op(0x10);
	CHECK(passes());
	CHECK(matches("/tmp/x", 0x10) && !matches("/tmp/", 0x10) && !matches("/tmp/xy", 0x10) && matches("/tmp", 0x11));
	CHECK(matches("*", 0x16) && matches("/*x", 0x16) && matches("/t?p/*", 0x16) && matches("*/x*", 0x16));
	CHECK(!matches("/*y", 0x16) && !matches("", 0x16) && !matches("?", 0x16) && !matches("tmp", 0x16));
	CHECK(!matches("/tmp/x", 0x12)); /* strings have no order */
}

static void refuses_what_is_wrong(void)
{
	start();
	CHECK(!passes());
	number(0);
	CHECK(!passes());
	start();
	number(1);
	CHECK(passes());
	number(1);
	CHECK(!passes()); /* two values */
	start();
	op(0x30);
	CHECK(!passes());
	start();
	text("x");
	CHECK(!passes());
	start();
	number(1);
	number(0);
	op(0x33);
	CHECK(!passes());
	start();
	number(1);
	real(0);
	op(0x34);
	CHECK(!passes());
	start();
	field("large");
	field("large");
	op(0x30); /* more than 64 bits */
	CHECK(!passes());
	start();
	field("large");
	field("large");
	op(0x32);
	CHECK(!passes());
	start();
	real(NAN);
	CHECK(!passes());
	start();
	number(1);
	real(1);
	op(0x35);
	CHECK(!passes());
	start();
	number(1);
	op(0x05);
	CHECK(!passes());
	start();
	number(1);
	length--;
	CHECK(!passes());
	start();
	op(0x03);
	op(200);
	CHECK(!passes());
	start();
	for (int i = 0; i < 17; i++)
		number(1);
	for (int i = 0; i < 16; i++)
		op(0x20);
	CHECK(!passes());
	start();
	for (int i = 0; i < 16; i++)
		number(1);
	for (int i = 0; i < 15; i++)
		op(0x20);
	CHECK(passes());
	start();
	number(1);
	while (length <= QS_TRACE_FILTER_MAX)
		op(0x22);
	CHECK(!passes());
}

static uint64_t state = 88172645463325252u;

static uint32_t random_number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

/* Code and record lie at the very end of what was allocated, where ASan sees each byte too many. */
static void reads_nothing_outside(void)
{
	static const uint8_t codes[] = {1,    2,    3,    4,    4,    4,    0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
					0x20, 0x21, 0x22, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x16, 0x16};
	long passed = 0;
	for (long i = 0; i < TEST_PROGRAMS; i++) {
		const uint32_t size = random_number() % (i % 64 ? 64 : QS_TRACE_FILTER_MAX + 1);
		const uint32_t fields = random_number() % 64;
		uint8_t *program = malloc(size + !size);
		unsigned char *bytes = malloc(fields + !fields);
		if (!program || !bytes)
			abort();
		for (uint32_t j = 0; j < size; j++)
			program[j] =
				random_number() % 3 ? codes[random_number() % sizeof(codes)] : (uint8_t)random_number();
		for (uint32_t j = 0; j + 5 < size; j++) {
			const uint32_t name = event.hash[random_number() % event.fields];
			if (program[j] == 4 && random_number() % 4)
				memcpy(program + j + 1, &name, 4);
		}
		for (uint32_t j = 0; j < fields; j++)
			bytes[j] = (unsigned char)(random_number() % 3 ? random_number() : 0);
		passed += qs_trace_filter(program, size, &event, bytes, fields);
		free(program);
		free(bytes);
	}
	CHECK(passed > 0 && passed < TEST_PROGRAMS);
}

int main(void)
{
	alarm(TEST_PATIENCE * 10);
	make_record();
	check_run("integers are exact, floats as in C", calculates);
	check_run("remainders are those of fmod()", remainders_are_those_of_fmod);
	check_run("comparisons are exact between kinds", compares_exactly);
	check_run("fields have their values", reads_fields);
	check_run("what is wrong doesn't pass", refuses_what_is_wrong);
	check_run("no program and no record makes it read outside", reads_nothing_outside);
	return check_end();
}
