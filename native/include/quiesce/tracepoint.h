/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints. A header declares the events, where each field is a pair (TYPE, NAME), without commas between them:
 *
 *   QS_TRACEPOINT(server, request, QS_TRACE_INFO, (u4, id) (s, path) (f8, seconds) (q_u2, parts)
 *                 (e4, state, "IDLE=0,BUSY=1"));
 *   QS_TRACEPOINT(server, idle, QS_TRACE_DEBUG, );
 *
 * One source file of the program or library defines them:
 *
 *   #define QS_TRACEPOINT_DEFINE
 *   #include "server_events.h"
 *
 * and a line anywhere in the same program or library hits one. A sequence takes two arguments, pointer and count:
 *
 *   qs_tracepoint(server, request, id, path, seconds, parts, part_count, state);
 *
 *   u1 u2 u4 u8   unsigned integers of so many bytes       x1 x2 x4 x8   the same, shown in hexadecimal
 *   i1 i2 i4 i8   signed integers                          f4 f8         float, double
 *   s             a string; NULL is recorded as "(null)"   q_TYPE        a sequence of one of the types above
 *   e4            an enumeration, recorded as an int32_t, with its labels
 *
 * Until qs_trace_open() has been called, or the program has been started with quiesce-trace-auto, and somebody switches
 * the event on, a hit costs one load and one branch, and its arguments aren't evaluated. There is no constructor.
 *
 * Hits are async-signal-safe and keep errno. They make no system call and take no lock, but for a thread's first one,
 * and where its ring takes more memory, which happens ten times at most.
 */
#ifndef QUIESCE_TRACEPOINT_H
#define QUIESCE_TRACEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "atomic.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Levels, as in syslog; the more important, the lower. */
#define QS_TRACE_EMERGENCY 0
#define QS_TRACE_ALERT 1
#define QS_TRACE_CRITICAL 2
#define QS_TRACE_ERROR 3
#define QS_TRACE_WARNING 4
#define QS_TRACE_NOTICE 5
#define QS_TRACE_INFO 6
#define QS_TRACE_DEBUG_SYSTEM 7
#define QS_TRACE_DEBUG_PROGRAM 8
#define QS_TRACE_DEBUG_PROCESS 9
#define QS_TRACE_DEBUG_MODULE 10
#define QS_TRACE_DEBUG_UNIT 11
#define QS_TRACE_DEBUG_FUNCTION 12
#define QS_TRACE_DEBUG_LINE 13
#define QS_TRACE_DEBUG 14

/*------------------------------- opening ------------------------------------*/

/* All zero: the usual ones. */
struct qs_trace_options {
	/* The trace directory. NULL: $QUIESCE_TRACE_DIR, or the user's own (native/tracepoint/traced/README.md). */
	const char *directory;
	/*
	 * Bytes that a thread's ring may have, a power of two of 4 KiB to 64 MiB; it begins with 4 KiB, and doubles. 0:
	 * $QUIESCE_TRACE_RING, or 256 KiB, and up to 4 MiB while its recorder falls behind.
	 */
	uint32_t ring_size;
};

/*
 * Makes this process one whose tracepoints can be switched on; those that already are, are from now on. Children by
 * fork() open themselves. Calling it again does nothing. Returns 0, or the number of an error (errno.h), which says why
 * the process isn't traced and that it never pays for it:
 *
 *   EPERM     it runs with another user's rights, or the directory is another user's, or others may write into it
 *   EINVAL    bad options: ring_size, or a directory whose name is relative or too long
 *   EPROTO    the directory's control file isn't one of this version
 *   ENOSPC    no room in the directory's file system
 *   EFBIG     the program's files may not be so large (RLIMIT_FSIZE)
 *   ENOTSUP   the machine's pages aren't 4 KiB
 *
 * and what open(), mkdir(), mmap() say. NULL stands for the usual options. Not for signal handlers.
 */
int qs_trace_open(const struct qs_trace_options *options);

/*
 * Why qs_trace_open() has failed, in words, what to do included; "" if it has not. Valid until it is called again.
 */
const char *qs_trace_problem(void);

/*------------------------------- inside -------------------------------------*/

/* Where a program's or a library's tracepoints lie: distances from the member itself. */
struct qs_trace_module {
	int32_t words, words_end, events, events_end, ids, ids_end;
};

/* A hit on its way. `at` is where the next field goes; the rest is the library's. */
struct qs_trace_hit {
	unsigned char *at;
	unsigned char *record;
	struct qs_trace *trace;
	struct qs_trace_thread *thread;
	struct qs_trace_own *own;
	uint64_t position, end;
	uint32_t config;
	bool outermost;
};

/* Begins a record with so many bytes of fields. False: nothing is to be recorded. */
bool qs_trace_begin(struct qs_trace_hit *hit, qs_atomic(uint32_t) *word, const qs_atomic(uint32_t) *id,
		    const struct qs_trace_module *module, size_t size);

/* Ends the record that has been begun: it is complete, unless its filter says no. */
void qs_trace_end(struct qs_trace_hit *hit);

/* A module is about to be unloaded. */
void qs_trace_gone(const struct qs_trace_module *module);

#define QS_TP_HIDDEN __attribute__((visibility("hidden")))
#define QS_TP_COLD __attribute__((visibility("hidden"), cold, noinline))

extern QS_TP_HIDDEN const struct qs_trace_module qs_tp_module;

/* Writes a field of so many bytes. */
static inline void qs_tp_put(struct qs_trace_hit *hit, const void *from, size_t size)
{
	if (size != 0)
		memcpy(hit->at, from, size);
	hit->at += size;
}

/* Whoever changes the string meanwhile must not leave a NUL in its middle. */
static inline void qs_tp_put_string(struct qs_trace_hit *hit, const char *from, size_t length)
{
	unsigned char *at = hit->at;
	memcpy(at, from, length);
	at[length] = 0;
	while (qs_unlikely((from = (const char *)memchr(at, 0, length)) != NULL))
		at[from - (const char *)at] = '?';
	hit->at += length + 1;
}

#define QS_TP_CAT(a, b) QS_TP_CAT_(a, b)
#define QS_TP_CAT_(a, b) a##b
#define QS_TP_STR(a) QS_TP_STR_(a)
#define QS_TP_STR_(a) #a

/*
 * For each field (TYPE, NAME...) of a list X_TYPE(NAME...) is expanded. The two macros of a pair expand to each other,
 * so the list may have any length.
 */
#define QS_TP_EACH(pair, fields) QS_TP_ENDED(pair##_A fields)
#define QS_TP_ENDED(...) QS_TP_ENDED_(__VA_ARGS__)
#define QS_TP_ENDED_(...) __VA_ARGS__##_END

#define QS_TP_COUNT_A(...) +1 QS_TP_COUNT_B
#define QS_TP_COUNT_B(...) +1 QS_TP_COUNT_A
#define QS_TP_COUNT_A_END
#define QS_TP_COUNT_B_END

#define QS_TP_PARAM_A(type, ...) QS_TP_PARAM_##type(__VA_ARGS__) QS_TP_PARAM_B
#define QS_TP_PARAM_B(type, ...) QS_TP_PARAM_##type(__VA_ARGS__) QS_TP_PARAM_A
#define QS_TP_PARAM_A_END
#define QS_TP_PARAM_B_END

#define QS_TP_TEXT_A(type, ...) QS_TP_TEXT_##type(__VA_ARGS__) QS_TP_TEXT_B
#define QS_TP_TEXT_B(type, ...) QS_TP_TEXT_##type(__VA_ARGS__) QS_TP_TEXT_A
#define QS_TP_TEXT_A_END
#define QS_TP_TEXT_B_END

#define QS_TP_SIZE_A(type, ...) QS_TP_SIZE_##type(__VA_ARGS__) QS_TP_SIZE_B
#define QS_TP_SIZE_B(type, ...) QS_TP_SIZE_##type(__VA_ARGS__) QS_TP_SIZE_A
#define QS_TP_SIZE_A_END
#define QS_TP_SIZE_B_END

#define QS_TP_PUT_A(type, ...) QS_TP_PUT_##type(__VA_ARGS__) QS_TP_PUT_B
#define QS_TP_PUT_B(type, ...) QS_TP_PUT_##type(__VA_ARGS__) QS_TP_PUT_A
#define QS_TP_PUT_A_END
#define QS_TP_PUT_B_END

#define QS_TP_NAME_A(type, ...) QS_TP_NAME_(__VA_ARGS__, ) QS_TP_NAME_B
#define QS_TP_NAME_B(type, ...) QS_TP_NAME_(__VA_ARGS__, ) QS_TP_NAME_A
#define QS_TP_NAME_A_END
#define QS_TP_NAME_B_END
#define QS_TP_NAME_(name, ...) QS_TP_SHORT(name)

#define QS_TP_SHORT(name) QS_STATIC_ASSERT(sizeof(#name) <= 64, "the name " #name " is longer than 63 characters");

/* Plain values. */
#define QS_TP_TYPE_u1 uint8_t
#define QS_TP_TYPE_u2 uint16_t
#define QS_TP_TYPE_u4 uint32_t
#define QS_TP_TYPE_u8 uint64_t
#define QS_TP_TYPE_x1 uint8_t
#define QS_TP_TYPE_x2 uint16_t
#define QS_TP_TYPE_x4 uint32_t
#define QS_TP_TYPE_x8 uint64_t
#define QS_TP_TYPE_i1 int8_t
#define QS_TP_TYPE_i2 int16_t
#define QS_TP_TYPE_i4 int32_t
#define QS_TP_TYPE_i8 int64_t
#define QS_TP_TYPE_f4 float
#define QS_TP_TYPE_f8 double

#define QS_TP_TEXT_PLAIN(type, name) ";" #type " " #name
#define QS_TP_SIZE_PLAIN(type, name) qs_size += sizeof(QS_TP_TYPE_##type);
#define QS_TP_PUT_PLAIN(type, name) qs_tp_put(&qs_hit, &name, sizeof(QS_TP_TYPE_##type));

/* Sequences; the count goes before the elements. */
#define QS_TP_TEXT_MANY(type, name) ";q:" #type " " #name
#define QS_TP_SIZE_MANY(type, name)                                                                                    \
	qs_size += sizeof(uint32_t);                                                                                   \
	qs_size = name##_count > UINT32_MAX / sizeof(QS_TP_TYPE_##type) || qs_size > UINT32_MAX                        \
			  ? SIZE_MAX / 2                                                                               \
			  : qs_size + name##_count * sizeof(QS_TP_TYPE_##type);
#define QS_TP_PUT_MANY(type, name)                                                                                     \
	{                                                                                                              \
		const uint32_t qs_count = (uint32_t)(name##_count & UINT32_MAX);                                       \
		qs_tp_put(&qs_hit, &qs_count, sizeof(qs_count));                                                       \
		qs_tp_put(&qs_hit, name, qs_count * sizeof(QS_TP_TYPE_##type));                                        \
	}

/* Strings. */
#define QS_TP_PARAM_s(name) , const char *name
#define QS_TP_TEXT_s(name) ";s " #name
#define QS_TP_SIZE_s(name)                                                                                             \
	name = name ? name : "(null)";                                                                                 \
	const size_t name##_length = strlen(name);                                                                     \
	qs_size += name##_length + 1;
#define QS_TP_PUT_s(name) qs_tp_put_string(&qs_hit, name, name##_length);

/* Enumerations. */
#define QS_TP_PARAM_e4(name, labels) , int32_t name
#define QS_TP_TEXT_e4(name, labels) ";e4{" labels "} " #name
#define QS_TP_SIZE_e4(name, labels) qs_size += sizeof(int32_t);
#define QS_TP_PUT_e4(name, labels) qs_tp_put(&qs_hit, &name, sizeof(int32_t));

#define QS_TP_PARAM_u1(name) , QS_TP_TYPE_u1 name
#define QS_TP_TEXT_u1(name) QS_TP_TEXT_PLAIN(u1, name)
#define QS_TP_SIZE_u1(name) QS_TP_SIZE_PLAIN(u1, name)
#define QS_TP_PUT_u1(name) QS_TP_PUT_PLAIN(u1, name)
#define QS_TP_PARAM_q_u1(name) , const QS_TP_TYPE_u1 *name, size_t name##_count
#define QS_TP_TEXT_q_u1(name) QS_TP_TEXT_MANY(u1, name)
#define QS_TP_SIZE_q_u1(name) QS_TP_SIZE_MANY(u1, name)
#define QS_TP_PUT_q_u1(name) QS_TP_PUT_MANY(u1, name)
#define QS_TP_PARAM_u2(name) , QS_TP_TYPE_u2 name
#define QS_TP_TEXT_u2(name) QS_TP_TEXT_PLAIN(u2, name)
#define QS_TP_SIZE_u2(name) QS_TP_SIZE_PLAIN(u2, name)
#define QS_TP_PUT_u2(name) QS_TP_PUT_PLAIN(u2, name)
#define QS_TP_PARAM_q_u2(name) , const QS_TP_TYPE_u2 *name, size_t name##_count
#define QS_TP_TEXT_q_u2(name) QS_TP_TEXT_MANY(u2, name)
#define QS_TP_SIZE_q_u2(name) QS_TP_SIZE_MANY(u2, name)
#define QS_TP_PUT_q_u2(name) QS_TP_PUT_MANY(u2, name)
#define QS_TP_PARAM_u4(name) , QS_TP_TYPE_u4 name
#define QS_TP_TEXT_u4(name) QS_TP_TEXT_PLAIN(u4, name)
#define QS_TP_SIZE_u4(name) QS_TP_SIZE_PLAIN(u4, name)
#define QS_TP_PUT_u4(name) QS_TP_PUT_PLAIN(u4, name)
#define QS_TP_PARAM_q_u4(name) , const QS_TP_TYPE_u4 *name, size_t name##_count
#define QS_TP_TEXT_q_u4(name) QS_TP_TEXT_MANY(u4, name)
#define QS_TP_SIZE_q_u4(name) QS_TP_SIZE_MANY(u4, name)
#define QS_TP_PUT_q_u4(name) QS_TP_PUT_MANY(u4, name)
#define QS_TP_PARAM_u8(name) , QS_TP_TYPE_u8 name
#define QS_TP_TEXT_u8(name) QS_TP_TEXT_PLAIN(u8, name)
#define QS_TP_SIZE_u8(name) QS_TP_SIZE_PLAIN(u8, name)
#define QS_TP_PUT_u8(name) QS_TP_PUT_PLAIN(u8, name)
#define QS_TP_PARAM_q_u8(name) , const QS_TP_TYPE_u8 *name, size_t name##_count
#define QS_TP_TEXT_q_u8(name) QS_TP_TEXT_MANY(u8, name)
#define QS_TP_SIZE_q_u8(name) QS_TP_SIZE_MANY(u8, name)
#define QS_TP_PUT_q_u8(name) QS_TP_PUT_MANY(u8, name)
#define QS_TP_PARAM_x1(name) , QS_TP_TYPE_x1 name
#define QS_TP_TEXT_x1(name) QS_TP_TEXT_PLAIN(x1, name)
#define QS_TP_SIZE_x1(name) QS_TP_SIZE_PLAIN(x1, name)
#define QS_TP_PUT_x1(name) QS_TP_PUT_PLAIN(x1, name)
#define QS_TP_PARAM_q_x1(name) , const QS_TP_TYPE_x1 *name, size_t name##_count
#define QS_TP_TEXT_q_x1(name) QS_TP_TEXT_MANY(x1, name)
#define QS_TP_SIZE_q_x1(name) QS_TP_SIZE_MANY(x1, name)
#define QS_TP_PUT_q_x1(name) QS_TP_PUT_MANY(x1, name)
#define QS_TP_PARAM_x2(name) , QS_TP_TYPE_x2 name
#define QS_TP_TEXT_x2(name) QS_TP_TEXT_PLAIN(x2, name)
#define QS_TP_SIZE_x2(name) QS_TP_SIZE_PLAIN(x2, name)
#define QS_TP_PUT_x2(name) QS_TP_PUT_PLAIN(x2, name)
#define QS_TP_PARAM_q_x2(name) , const QS_TP_TYPE_x2 *name, size_t name##_count
#define QS_TP_TEXT_q_x2(name) QS_TP_TEXT_MANY(x2, name)
#define QS_TP_SIZE_q_x2(name) QS_TP_SIZE_MANY(x2, name)
#define QS_TP_PUT_q_x2(name) QS_TP_PUT_MANY(x2, name)
#define QS_TP_PARAM_x4(name) , QS_TP_TYPE_x4 name
#define QS_TP_TEXT_x4(name) QS_TP_TEXT_PLAIN(x4, name)
#define QS_TP_SIZE_x4(name) QS_TP_SIZE_PLAIN(x4, name)
#define QS_TP_PUT_x4(name) QS_TP_PUT_PLAIN(x4, name)
#define QS_TP_PARAM_q_x4(name) , const QS_TP_TYPE_x4 *name, size_t name##_count
#define QS_TP_TEXT_q_x4(name) QS_TP_TEXT_MANY(x4, name)
#define QS_TP_SIZE_q_x4(name) QS_TP_SIZE_MANY(x4, name)
#define QS_TP_PUT_q_x4(name) QS_TP_PUT_MANY(x4, name)
#define QS_TP_PARAM_x8(name) , QS_TP_TYPE_x8 name
#define QS_TP_TEXT_x8(name) QS_TP_TEXT_PLAIN(x8, name)
#define QS_TP_SIZE_x8(name) QS_TP_SIZE_PLAIN(x8, name)
#define QS_TP_PUT_x8(name) QS_TP_PUT_PLAIN(x8, name)
#define QS_TP_PARAM_q_x8(name) , const QS_TP_TYPE_x8 *name, size_t name##_count
#define QS_TP_TEXT_q_x8(name) QS_TP_TEXT_MANY(x8, name)
#define QS_TP_SIZE_q_x8(name) QS_TP_SIZE_MANY(x8, name)
#define QS_TP_PUT_q_x8(name) QS_TP_PUT_MANY(x8, name)
#define QS_TP_PARAM_i1(name) , QS_TP_TYPE_i1 name
#define QS_TP_TEXT_i1(name) QS_TP_TEXT_PLAIN(i1, name)
#define QS_TP_SIZE_i1(name) QS_TP_SIZE_PLAIN(i1, name)
#define QS_TP_PUT_i1(name) QS_TP_PUT_PLAIN(i1, name)
#define QS_TP_PARAM_q_i1(name) , const QS_TP_TYPE_i1 *name, size_t name##_count
#define QS_TP_TEXT_q_i1(name) QS_TP_TEXT_MANY(i1, name)
#define QS_TP_SIZE_q_i1(name) QS_TP_SIZE_MANY(i1, name)
#define QS_TP_PUT_q_i1(name) QS_TP_PUT_MANY(i1, name)
#define QS_TP_PARAM_i2(name) , QS_TP_TYPE_i2 name
#define QS_TP_TEXT_i2(name) QS_TP_TEXT_PLAIN(i2, name)
#define QS_TP_SIZE_i2(name) QS_TP_SIZE_PLAIN(i2, name)
#define QS_TP_PUT_i2(name) QS_TP_PUT_PLAIN(i2, name)
#define QS_TP_PARAM_q_i2(name) , const QS_TP_TYPE_i2 *name, size_t name##_count
#define QS_TP_TEXT_q_i2(name) QS_TP_TEXT_MANY(i2, name)
#define QS_TP_SIZE_q_i2(name) QS_TP_SIZE_MANY(i2, name)
#define QS_TP_PUT_q_i2(name) QS_TP_PUT_MANY(i2, name)
#define QS_TP_PARAM_i4(name) , QS_TP_TYPE_i4 name
#define QS_TP_TEXT_i4(name) QS_TP_TEXT_PLAIN(i4, name)
#define QS_TP_SIZE_i4(name) QS_TP_SIZE_PLAIN(i4, name)
#define QS_TP_PUT_i4(name) QS_TP_PUT_PLAIN(i4, name)
#define QS_TP_PARAM_q_i4(name) , const QS_TP_TYPE_i4 *name, size_t name##_count
#define QS_TP_TEXT_q_i4(name) QS_TP_TEXT_MANY(i4, name)
#define QS_TP_SIZE_q_i4(name) QS_TP_SIZE_MANY(i4, name)
#define QS_TP_PUT_q_i4(name) QS_TP_PUT_MANY(i4, name)
#define QS_TP_PARAM_i8(name) , QS_TP_TYPE_i8 name
#define QS_TP_TEXT_i8(name) QS_TP_TEXT_PLAIN(i8, name)
#define QS_TP_SIZE_i8(name) QS_TP_SIZE_PLAIN(i8, name)
#define QS_TP_PUT_i8(name) QS_TP_PUT_PLAIN(i8, name)
#define QS_TP_PARAM_q_i8(name) , const QS_TP_TYPE_i8 *name, size_t name##_count
#define QS_TP_TEXT_q_i8(name) QS_TP_TEXT_MANY(i8, name)
#define QS_TP_SIZE_q_i8(name) QS_TP_SIZE_MANY(i8, name)
#define QS_TP_PUT_q_i8(name) QS_TP_PUT_MANY(i8, name)
#define QS_TP_PARAM_f4(name) , QS_TP_TYPE_f4 name
#define QS_TP_TEXT_f4(name) QS_TP_TEXT_PLAIN(f4, name)
#define QS_TP_SIZE_f4(name) QS_TP_SIZE_PLAIN(f4, name)
#define QS_TP_PUT_f4(name) QS_TP_PUT_PLAIN(f4, name)
#define QS_TP_PARAM_q_f4(name) , const QS_TP_TYPE_f4 *name, size_t name##_count
#define QS_TP_TEXT_q_f4(name) QS_TP_TEXT_MANY(f4, name)
#define QS_TP_SIZE_q_f4(name) QS_TP_SIZE_MANY(f4, name)
#define QS_TP_PUT_q_f4(name) QS_TP_PUT_MANY(f4, name)
#define QS_TP_PARAM_f8(name) , QS_TP_TYPE_f8 name
#define QS_TP_TEXT_f8(name) QS_TP_TEXT_PLAIN(f8, name)
#define QS_TP_SIZE_f8(name) QS_TP_SIZE_PLAIN(f8, name)
#define QS_TP_PUT_f8(name) QS_TP_PUT_PLAIN(f8, name)
#define QS_TP_PARAM_q_f8(name) , const QS_TP_TYPE_f8 *name, size_t name##_count
#define QS_TP_TEXT_q_f8(name) QS_TP_TEXT_MANY(f8, name)
#define QS_TP_SIZE_q_f8(name) QS_TP_SIZE_MANY(f8, name)
#define QS_TP_PUT_q_f8(name) QS_TP_PUT_MANY(f8, name)

/* A hit without arguments, or with some: in C11 no macro takes none. */
#define QS_TP_PICK(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,		\
		   a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, pick, ...)	\
	pick
#define QS_TP_MANY(...)												\
	QS_TP_PICK(__VA_ARGS__, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY,	\
		   MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY,	\
		   MANY, MANY, MANY, MANY, MANY, ONE, ~)
#define QS_TP_CALL_ONE(provider, name) QS_TP_CALL(provider, name, (&qs_tp_word_##provider##_##name))
#define QS_TP_CALL_MANY(provider, name, ...)                                                                           \
	QS_TP_CALL(provider, name, (&qs_tp_word_##provider##_##name, __VA_ARGS__))
#define QS_TP_CALL(provider, name, arguments)                                                                          \
	do {                                                                                                           \
		if (qs_unlikely(qs_load_relaxed(&qs_tp_word_##provider##_##name) != 0))                                \
			qs_tp_hit_##provider##_##name arguments;                                                       \
	} while (0)

/*------------------------------- for users ----------------------------------*/

/* qs_tracepoint(PROVIDER, NAME, ARGUMENTS...) hits the event. A statement. */
#define qs_tracepoint(provider, ...) QS_TP_CAT(QS_TP_CALL_, QS_TP_MANY(__VA_ARGS__))(provider, __VA_ARGS__)

/* Is it switched on? For what is costly to find out only for the sake of an event. */
#define qs_tracepoint_enabled(provider, name) (qs_load_relaxed(&qs_tp_word_##provider##_##name) != 0)

/* QS_TRACEPOINT(PROVIDER, NAME, LEVEL, FIELDS); declares an event, and defines it where that is asked for. */
#define QS_TRACEPOINT(provider, name, level, fields)                                                                   \
	extern QS_TP_HIDDEN qs_atomic(uint32_t) qs_tp_word_##provider##_##name;                                        \
	QS_TP_COLD void qs_tp_hit_##provider##_##name(                                                                 \
		qs_atomic(uint32_t) *qs_word QS_TP_EACH(QS_TP_PARAM, fields));                                         \
	QS_TP_DEFINE(provider, name, level, fields)                                                                    \
	QS_STATIC_ASSERT((0 QS_TP_EACH(QS_TP_COUNT, fields)) <= 16, #provider ":" #name " has more than 16 fields")

#ifdef QS_TRACEPOINT_DEFINE
#define QS_TRACEPOINT_DEFINES

/*
 * The words lie in pages of their own: those of the file are mapped over them. What each source file adds begins and
 * ends at a page, because the assembler puts the three subsections one behind the other, whatever it sees first.
 */
#define QS_TP_WORDS ".pushsection qs_trace_words,\"aw\",%progbits\n"
#define QS_TP_EVENTS ".pushsection qs_trace_events,\"a\",%progbits\n"
#define QS_TP_IDS ".pushsection qs_trace_ids,\"aw\",%nobits\n"

__asm__(QS_TP_WORDS ".subsection 0\n.balign 4096\n.subsection 2\n.balign 4096\n.popsection\n" /* */
	QS_TP_EVENTS ".balign 8\n.popsection\n"						     /* */
	QS_TP_IDS ".balign 4\n.popsection\n");

/* A note by which the module is found: each source file has one, and all say the same. */
__asm__(".pushsection .note.quiesce,\"a\",%note\n.balign 4\n"
	".long 8, 24, 0x71730001\n.ascii \"quiesce\\0\"\n"
	".weak qs_tp_module\n.hidden qs_tp_module\n.type qs_tp_module, %object\n.size qs_tp_module, 24\n"
	"qs_tp_module:\n"
	".hidden __start_qs_trace_words\n.hidden __stop_qs_trace_words\n"
	".hidden __start_qs_trace_events\n.hidden __stop_qs_trace_events\n"
	".hidden __start_qs_trace_ids\n.hidden __stop_qs_trace_ids\n"
	".long __start_qs_trace_words - ., __stop_qs_trace_words - .\n"
	".long __start_qs_trace_events - ., __stop_qs_trace_events - .\n"
	".long __start_qs_trace_ids - ., __stop_qs_trace_ids - .\n"
	".popsection\n");

/* Says that this module is being unloaded. */
__attribute__((destructor)) static void qs_tp_gone(void)
{
	qs_trace_gone(&qs_tp_module);
}

#define QS_TP_EVENT_TEXT(provider, name, level, fields)                                                                \
	#provider ":" #name ";" QS_TP_STR(level) QS_TP_EACH(QS_TP_TEXT, fields)

/* An entry of the events is the distance to the word and to the number, and the text with its length. */
#define QS_TP_DEFINE(provider, name, level, fields)                                                                    \
	QS_STATIC_ASSERT(sizeof(QS_TP_EVENT_TEXT(provider, name, level, fields)) <= 1008,                              \
			 #provider ":" #name " has a description of more than 1007 characters");                       \
	QS_STATIC_ASSERT((level) >= 0 && (level) <= 14, #provider ":" #name " has a level that isn't 0 to 14");        \
	QS_TP_SHORT(provider) QS_TP_SHORT(name) QS_TP_EACH(QS_TP_NAME, fields)                                         \
	__asm__(QS_TP_WORDS ".subsection 1\n.balign 4\n"                                                               \
			    ".globl qs_tp_word_" #provider "_" #name "\n.hidden qs_tp_word_" #provider "_" #name "\n"  \
			    ".type qs_tp_word_" #provider "_" #name ", %object\n"                                      \
			    ".size qs_tp_word_" #provider "_" #name ", 4\n"                                            \
			    "qs_tp_word_" #provider "_" #name ": .long 0xffffffff\n.popsection\n");                    \
	__asm__(QS_TP_IDS ".globl qs_tp_id_" #provider "_" #name "\n.hidden qs_tp_id_" #provider "_" #name "\n"        \
			  "qs_tp_id_" #provider "_" #name ": .zero 4\n.popsection\n");                                 \
	__asm__(QS_TP_EVENTS ".balign 4\n.long qs_tp_word_" #provider "_" #name " - .\n"                               \
			     ".long qs_tp_id_" #provider "_" #name " - .\n.long 7719f - 7718f - 1\n7718: .asciz \""    \
			     QS_TP_EVENT_TEXT(provider, name, level, fields) "\"\n7719:\n.balign 4\n.popsection\n");   \
	extern QS_TP_HIDDEN const qs_atomic(uint32_t) qs_tp_id_##provider##_##name;                                    \
	void qs_tp_hit_##provider##_##name(qs_atomic(uint32_t) *qs_word QS_TP_EACH(QS_TP_PARAM, fields))               \
	{                                                                                                              \
		struct qs_trace_hit qs_hit;                                                                            \
		size_t qs_size = 0;                                                                                    \
		QS_TP_EACH(QS_TP_SIZE, fields)                                                                         \
		if (!qs_trace_begin(&qs_hit, qs_word, &qs_tp_id_##provider##_##name, &qs_tp_module, qs_size))          \
			return;                                                                                        \
		QS_TP_EACH(QS_TP_PUT, fields)                                                                          \
		qs_trace_end(&qs_hit);                                                                                 \
	}
#else
#define QS_TP_DEFINE(provider, name, level, fields)
#endif

#ifdef __cplusplus
}
#endif

#endif

#if defined(QS_TRACEPOINT_DEFINE) && !defined(QS_TRACEPOINT_DEFINES)
#error "define QS_TRACEPOINT_DEFINE before anything includes quiesce/tracepoint.h"
#endif
