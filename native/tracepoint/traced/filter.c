/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "filter.h"

#include <string.h>

#define STACK 16u

/* Wide enough for every sum of two numbers of 64 bits, of whichever sign. */
__extension__ typedef __int128 wide;

enum { INT = 0x01, FLOAT, STRING, FIELD };
enum { EQ = 0x10, NE, LT, LE, GT, GE, MATCH };
enum { AND = 0x20, OR, NOT };
enum { ADD = 0x30, SUB, MUL, DIV, MOD, BIT_AND, BIT_OR, BIT_XOR };

enum tag { SIGNED, UNSIGNED, DOUBLE, TEXT };

struct value {
	enum tag tag;
	uint64_t bits; /* of an integer */
	double number; /* of a float */
	const char *text;
	size_t length;
};

struct machine {
	struct value stack[STACK];
	unsigned height;
	const struct qs_trace_described *event;
	const unsigned char *fields;
	size_t size;
};

static wide wide_of(const struct value *value)
{
	return value->tag == SIGNED ? (wide)(int64_t)value->bits : (wide)value->bits;
}

static bool integer(struct value *to, wide from)
{
	if (from < INT64_MIN || from > (wide)UINT64_MAX)
		return false;
	*to = (struct value){.tag = from > INT64_MAX ? UNSIGNED : SIGNED, .bits = (uint64_t)from};
	return true;
}

static double double_of(const struct value *value)
{
	return value->tag == DOUBLE ? value->number : (double)wide_of(value);
}

static bool truth(const struct value *value)
{
	return value->tag == DOUBLE ? value->number != 0 : value->bits != 0;
}

/* -1, 0, 1; 2: one of them isn't a number. An integer isn't rounded to a float for it. */
static int compare_wide(wide a, double b)
{
	if (b != b)
		return 2;
	if (b >= 18446744073709551616.0)
		return -1;
	if (b <= -18446744073709551616.0)
		return 1;
	const wide whole = (wide)b;
	if (a != whole)
		return a < whole ? -1 : 1;
	const double rest = b - (double)whole;
	return rest > 0 ? -1 : rest < 0;
}

static int compare(const struct value *a, const struct value *b)
{
	if (a->tag == DOUBLE && b->tag == DOUBLE) {
		if (a->number != a->number || b->number != b->number)
			return 2;
		return a->number < b->number ? -1 : a->number > b->number;
	}
	if (b->tag == DOUBLE)
		return compare_wide(wide_of(a), b->number);
	if (a->tag == DOUBLE) {
		const int order = compare_wide(wide_of(b), a->number);
		return order == 2 ? 2 : -order;
	}
	const wide x = wide_of(a), y = wide_of(b);
	return x < y ? -1 : x > y;
}

static bool relate(struct value *a, const struct value *b, uint8_t code)
{
	bool holds;
	if ((a->tag == TEXT) != (b->tag == TEXT))
		return false;
	if (a->tag == TEXT) {
		const bool same = a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
		if (code != EQ && code != NE)
			return false;
		holds = same == (code == EQ);
	} else {
		const int order = compare(a, b);
		switch (code) {
		case EQ: holds = order == 0; break;
		case NE: holds = order != 0; break;
		case LT: holds = order == -1; break;
		case LE: holds = order == -1 || order == 0; break;
		case GT: holds = order == 1; break;
		default: holds = order == 1 || order == 0; break;
		}
	}
	return integer(a, holds);
}

/* What is left of a when b was taken away as often as possible; exact, as fmod() of the C library, which isn't
 * linked. */
static double remainder_of(double a, double b)
{
	const double sign = a < 0 ? -1 : 1;
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	if (a != a || b != b || a > 1.7976931348623157e308)
		return a - a == 0 ? b : a - a;
	if (b > 1.7976931348623157e308)
		return sign * a;
	double step = b;
	while (step <= a / 2)
		step *= 2;
	for (; step >= b; step /= 2)
		if (a >= step)
			a -= step;
	return sign * a;
}

static bool calculate_double(struct value *a, double y, uint8_t code)
{
	const double x = double_of(a);
	if (y == 0 && (code == DIV || code == MOD))
		return false;
	double result;
	switch (code) {
	case ADD: result = x + y; break;
	case SUB: result = x - y; break;
	case MUL: result = x * y; break;
	case DIV: result = x / y; break;
	default: result = remainder_of(x, y); break;
	}
	*a = (struct value){.tag = DOUBLE, .number = result};
	return true;
}

static bool calculate(struct value *a, const struct value *b, uint8_t code)
{
	if (a->tag == TEXT || b->tag == TEXT)
		return false;
	const bool floats = a->tag == DOUBLE || b->tag == DOUBLE;
	if (code >= BIT_AND) {
		const enum tag tag = a->tag == UNSIGNED || b->tag == UNSIGNED ? UNSIGNED : SIGNED;
		if (floats)
			return false;
		a->bits = code == BIT_AND ? a->bits & b->bits : code == BIT_OR ? a->bits | b->bits : a->bits ^ b->bits;
		a->tag = tag;
		return true;
	}
	if (floats)
		return calculate_double(a, double_of(b), code);
	const wide x = wide_of(a), y = wide_of(b);
	wide result;
	switch (code) {
	case ADD: return integer(a, x + y);
	case SUB: return integer(a, x - y);
	case MUL: return !__builtin_mul_overflow(x, y, &result) && integer(a, result);
	case DIV: return y != 0 && integer(a, x / y);
	default: return y != 0 && integer(a, x % y);
	}
}

/* The field at this place; how many bytes it has, or 0 when they don't lie in the record. */
static size_t width_of(const struct qs_trace_described *event, uint32_t i, const unsigned char *at, size_t left)
{
	uint32_t count;
	switch (event->type[i]) {
	case 's': {
		const unsigned char *end = memchr(at, 0, left);
		return end ? (size_t)(end - at) + 1 : 0;
	}
	case 'q':
		if (left < sizeof(count))
			return 0;
		memcpy(&count, at, sizeof(count));
		if (count > (left - sizeof(count)) / event->width[i])
			return 0;
		return sizeof(count) + (size_t)count * event->width[i];
	default: return event->width[i] <= left ? event->width[i] : 0;
	}
}

static bool load_number(struct value *to, uint8_t type, uint8_t width, const unsigned char *at)
{
	uint64_t bits = 0;
	float small;
	memcpy(&bits, at, width);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	bits >>= 64 - 8 * width;
#endif
	switch (type) {
	case 'f':
		*to = (struct value){.tag = DOUBLE};
		if (width == sizeof(small)) {
			memcpy(&small, at, sizeof(small));
			to->number = (double)small;
		} else {
			memcpy(&to->number, at, sizeof(to->number));
		}
		return true;
	case 'u':
	case 'x': *to = (struct value){.tag = UNSIGNED, .bits = bits}; return true;
	case 'i':
	case 'e':
		if (width < 8 && (bits >> (8 * width - 1)) != 0)
			bits |= ~UINT64_C(0) << (8 * width);
		*to = (struct value){.tag = SIGNED, .bits = bits};
		return true;
	default: return false;
	}
}

static bool load_field(const struct machine *machine, struct value *to, uint32_t hash)
{
	const struct qs_trace_described *event = machine->event;
	const unsigned char *at = machine->fields;
	size_t left = machine->size;
	const uint32_t fields = event->fields < QS_TRACE_FIELDS ? event->fields : QS_TRACE_FIELDS;
	for (uint32_t i = 0; i < fields; i++) {
		const size_t width = width_of(event, i, at, left);
		if (width == 0)
			return false;
		if (event->hash[i] == hash) {
			if ((event->alike >> i & 1) != 0)
				return false;
			if (event->type[i] != 's')
				return load_number(to, event->type[i], event->width[i], at);
			*to = (struct value){.tag = TEXT, .text = (const char *)at, .length = width - 1};
			return true;
		}
		at += width;
		left -= width;
	}
	return false;
}

/* Code that pushes a value. Returns how many bytes it has, or 0 when it can't. */
static size_t push(struct machine *machine, const uint8_t *code, size_t left)
{
	struct value *to = &machine->stack[machine->height];
	uint64_t bits = 0;
	const size_t size = code[0] == FIELD ? 5 : code[0] == STRING ? 2 : 9;
	if (machine->height == STACK || left < size)
		return 0;
	if (code[0] != STRING)
		for (size_t i = size - 1; i > 0; i--)
			bits = bits << 8 | code[i];
	machine->height++;
	switch (code[0]) {
	case INT: *to = (struct value){.tag = SIGNED, .bits = bits}; return size;
	case FLOAT:
		*to = (struct value){.tag = DOUBLE};
		memcpy(&to->number, &bits, sizeof(bits));
		return size;
	case STRING:
		if (code[1] > left - size)
			return 0;
		*to = (struct value){.tag = TEXT, .text = (const char *)code + size, .length = code[1]};
		return size + code[1];
	default: return load_field(machine, to, (uint32_t)bits) ? size : 0;
	}
}

static bool operate(struct machine *machine, uint8_t code)
{
	const unsigned operands = code == NOT ? 1 : 2;
	if (machine->height < operands)
		return false;
	machine->height -= operands - 1;
	struct value *a = &machine->stack[machine->height - 1], *b = a + (operands - 1);
	switch (code) {
	case AND:
	case OR:
		if (a->tag == TEXT || b->tag == TEXT)
			return false;
		return integer(a, code == AND ? truth(a) && truth(b) : truth(a) || truth(b));
	case NOT: return a->tag != TEXT && integer(a, !truth(a));
	case MATCH:
		return a->tag == TEXT && b->tag == TEXT &&
		       integer(a, qs_trace_fits(b->text, b->length, a->text, a->length));
	default:
		if (code >= EQ && code <= GE)
			return relate(a, b, code);
		return code >= ADD && code <= BIT_XOR && calculate(a, b, code);
	}
}

bool qs_trace_filter(const uint8_t *code, uint32_t length, const struct qs_trace_described *event,
		     const unsigned char *fields, size_t size)
{
	uint8_t copy[QS_TRACE_FILTER_MAX];
	struct machine machine;
	if (length > sizeof(copy))
		return false;
	memcpy(copy, code, length);
	machine.height = 0;
	machine.event = event;
	machine.fields = fields;
	machine.size = size;
	for (size_t at = 0; at < length;) {
		if (copy[at] >= INT && copy[at] <= FIELD) {
			const size_t width = push(&machine, copy + at, length - at);
			if (width == 0)
				return false;
			at += width;
		} else if (operate(&machine, copy[at])) {
			at++;
		} else {
			return false;
		}
	}
	const struct value *last = &machine.stack[0];
	return machine.height == 1 && last->tag != TEXT && truth(last) && last->number == last->number;
}
