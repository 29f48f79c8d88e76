/* SPDX-License-Identifier: MIT */
/* What the debug build writes down (quiesce/check.h): the sections that the calling thread is in, innermost last. */
#define QS_DEBUG
#include "message.h"
#include "thread.h"

#define DEEPEST 256

struct section {
	struct qs_reader *reader;
	bool outermost;
};

static _Thread_local struct section section[DEEPEST];
static _Thread_local uint32_t depth;

void qs_checked_reader(struct qs_reader *reader, bool outermost)
{
	if (!qs_is_mine(reader))
		qs_fatal("a reader was used by a thread that has not registered it, or has given it back.");
	if (reader->offline & QS_OFFLINE)
		qs_fatal("a section was entered while its reader is offline, where no updater thinks of it. Call "
			 "qs_online() first.");
	if (outermost && qs_load_relaxed(&reader->announced) != 0)
		qs_fatal("qs_membarrier_enter() was called inside a section of the same reader: such sections don't "
			 "nest.");
}

void qs_checked_lock(struct qs_reader *reader, bool outermost)
{
	uint32_t at = depth;
	if (at == DEEPEST)
		qs_fatal("sections nest 256 deep: is an unlock missing somewhere?");
	depth = at + 1;
	qs_compiler_barrier(); /* a signal handler writes above it */
	section[at] = (struct section){ .reader = reader, .outermost = outermost };
}

/* The innermost section that the token may stand for; DEEPEST: there is none. */
static uint32_t find(const struct qs_reader *reader)
{
	for (uint32_t at = depth; at-- > 0;) {
		if (reader ? section[at].reader == reader : !section[at].outermost)
			return at;
	}
	return DEEPEST;
}

void qs_checked_unlock(struct qs_reader *reader)
{
	uint32_t at = find(reader);
	if (at == DEEPEST)
		qs_fatal("an unlock has no lock: the token was used twice, or comes from another thread.");
	if (reader && !section[at].outermost)
		qs_fatal("a token was used out of order: an inner section of the same reader is still open.");
	for (uint32_t next = at + 1; next < depth; next++)
		section[next - 1] = section[next];
	depth--;
}
