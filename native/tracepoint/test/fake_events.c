/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "fake.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[] = {
	"fake:number;6;u4 thread;u8 n;s text",
	"fake:integers;6;u1 a;u2 b;u4 c;u8 d;i1 e;i2 f;i4 g;i8 h;x1 i;x2 j;x4 k;x8 l",
	"fake:floats;6;f4 single;f8 twice",
	"fake:strings;6;s one;s two",
	"fake:sequences;6;q:u1 bytes;q:i8 longs;q:f8 doubles;q:x4 hex;u1 after",
	"fake:states;6;e4{IDLE=0,BUSY=1,LAST=2147483647,FIRST=-2147483648,struct=5} state",
	("dotted.provider.of.events:event;14;u4 struct;u4 event;s string;q:u2 integer;u4 _integer_length;"
	 "i4 float;u4 env;u4 integer_length;u4 _x;u4 x"),
	"fake:nothing;0",
};

void fake_describe(void (*describe)(const char *text))
{
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		describe(texts[i]);
}

size_t fake_number(uint8_t *payload, uint32_t thread, uint64_t number)
{
	size_t length = number % 41;
	memcpy(payload, &thread, 4);
	memcpy(payload + 4, &number, 8);
	memset(payload + 12, 'a' + (int)(number % 26), length);
	length += 12;
	return length + (size_t)snprintf((char *)payload + length, 24, "%llu", (unsigned long long)number) + 1;
}

struct writer {
	uint8_t *at;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
	memcpy(writer->at, bytes, size);
	writer->at += size;
}

#define PUT(type, ...)                                                                                                 \
	do {                                                                                                           \
		const type values[] = { __VA_ARGS__ };                                                                 \
		put(writer, values, sizeof values);                                                                    \
	} while (0)

static void integers(struct writer *writer, int which)
{
	const uint64_t all = which == 0 ? 0 : UINT64_MAX;
	const int64_t edge = which == 2 ? INT64_MIN : (int64_t)all;
	PUT(uint8_t, (uint8_t)all);
	PUT(uint16_t, (uint16_t)all);
	PUT(uint32_t, (uint32_t)all);
	PUT(uint64_t, all);
	PUT(int8_t, which == 2 ? INT8_MIN : (int8_t)edge);
	PUT(int16_t, which == 2 ? INT16_MIN : (int16_t)edge);
	PUT(int32_t, which == 2 ? INT32_MIN : (int32_t)edge);
	PUT(int64_t, edge);
	PUT(uint8_t, (uint8_t)all);
	PUT(uint16_t, (uint16_t)all);
	PUT(uint32_t, (uint32_t)all);
	PUT(uint64_t, all);
}

static void sequences(struct writer *writer)
{
	PUT(uint32_t, 3);
	PUT(uint8_t, 1, 2, 255);
	PUT(uint32_t, 2);
	PUT(int64_t, INT64_MIN, INT64_MAX);
	PUT(uint32_t, 1);
	PUT(double, 0.5);
	PUT(uint32_t, 2);
	PUT(uint32_t, 0xdeadbeef, 0);
	PUT(uint8_t, 7);
}

static void hard_names(struct writer *writer)
{
	PUT(uint32_t, 1, 2);
	put(writer, "three", 6);
	PUT(uint32_t, 1);
	PUT(uint16_t, 4);
	PUT(uint32_t, 5);
	PUT(int32_t, -6);
	PUT(uint32_t, 7, 8, 9, 10);
}

enum { PAYLOADS = 15 };

uint32_t fake_payloads(void)
{
	return PAYLOADS;
}

static uint32_t write_payload(uint32_t index, struct writer *writer)
{
	static const char long_text[] = "a text of more than a few characters, with \"quotes\", \\ and \xc3\xa4";
	switch (index) {
	case 0:
	case 1:
	case 2:
		integers(writer, (int)index);
		return 1;
	case 3:
		PUT(float, 0.0F);
		PUT(double, -1.5);
		return 2;
	case 4:
		PUT(float, FLT_MAX);
		PUT(double, DBL_MIN);
		return 2;
	case 5:
		put(writer, "\0", 2);
		return 3;
	case 6:
		put(writer, long_text, sizeof long_text);
		put(writer, "", 1);
		return 3;
	case 7:
		sequences(writer);
		return 4;
	case 8:
		PUT(uint32_t, 0, 0, 0, 0);
		PUT(uint8_t, 8);
		return 4;
	case 9:
	case 10:
	case 11:
	case 12:
		PUT(int32_t, index == 9 ? 0 : index == 10 ? INT32_MAX : index == 11 ? INT32_MIN : 77);
		return 5;
	case 13:
		hard_names(writer);
		return 6;
	default:
		return 7;
	}
}

size_t fake_payload(uint32_t index, uint32_t *event, uint8_t *payload)
{
	struct writer writer = { payload };
	*event = write_payload(index, &writer);
	return (size_t)(writer.at - payload);
}
