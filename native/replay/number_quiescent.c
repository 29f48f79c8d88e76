/* SPDX-License-Identifier: MIT */
/* The readers of the flavour QS_QSBR: they say when they are in no section. */
#include "number_world.h"
#include "quiesce/qsbr.h"

int reader_register(struct qs_domain *domain, struct qs_reader **reader)
{
	return qs_qsbr_register(domain, reader);
}

int reader_unregister(struct qs_reader *reader)
{
	return qs_qsbr_unregister(reader);
}

const char *reader_operate(struct thread *self, int step)
{
	switch (step) {
	case QS_STEP_LoadGp:
		qs_qsbr_online(self->reader);
		return NULL;
	case QS_STEP_LoadGpAgain:
		qs_qsbr_quiescent_state(self->reader);
		return NULL;
	case QS_STEP_GoOffline:
		qs_qsbr_offline(self->reader);
		return NULL;
	default:
		return "has no operation that begins with this step";
	}
}

/* Unregistering takes it offline. */
void reader_leave(struct thread *self)
{
	(void)self;
}
