/* SPDX-License-Identifier: MIT */
/* The readers of all flavours but QS_QSBR: they say when they are in a section. */
#include "number_world.h"

int reader_register(struct qs_domain *domain, struct qs_reader **reader)
{
	return qs_register(domain, reader);
}

int reader_unregister(struct qs_reader *reader)
{
	return qs_unregister(reader);
}

static const char *lock(struct thread *self)
{
	if (self->depth == NESTING_MAX)
		return "nests deeper than the target can";
	self->tokens[self->depth] = qs_read_lock(self->reader);
	self->depth++;
	return NULL;
}

static const char *unlock(struct thread *self)
{
	if (self->depth == 0)
		return "isn't inside a section that it could leave";
	self->depth--;
	qs_read_unlock(self->tokens[self->depth]);
	return NULL;
}

const char *reader_operate(struct thread *self, int step)
{
	switch (step) {
	case QS_STEP_LoadGp:
	case QS_STEP_LockNested:
		return lock(self);
	case QS_STEP_Unlock:
	case QS_STEP_UnlockNested:
		return unlock(self);
	default:
		return "has no operation that begins with this step";
	}
}

void reader_leave(struct thread *self)
{
	while (self->depth > 0)
		(void)unlock(self);
}
