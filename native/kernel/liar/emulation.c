/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "emulation.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "generated/membarrier_commands.h"

enum { SPACES = 1 << 16 };

/* By number. Numbers are not used again: a walk starts some thousand processes. */
static struct qs_registered spaces[SPACES];
static int used = 1;

static const int USES = QS_CMD_GLOBAL_EXPEDITED | QS_CMD_PRIVATE_EXPEDITED | QS_CMD_PRIVATE_EXPEDITED_SYNC_CORE |
			QS_CMD_PRIVATE_EXPEDITED_RSEQ;

static int new_space(struct qs_registered registered)
{
	if (used == SPACES) {
		fprintf(stderr, "liar: too many processes\n");
		exit(3);
	}
	spaces[used] = registered;
	return used++;
}

static const struct qs_registered NOTHING = { 0, 0 };

int qs_emulate_start(const struct qs_emulation *kernel, enum qs_start how, int parent)
{
	switch (how) {
	case QS_START_THREAD:
		return kernel->mistake == QS_MISTAKE_THREAD_ALONE ? new_space(NOTHING) : parent;
	case QS_START_CLONE:
		return kernel->mistake == QS_MISTAKE_CLONE_ALONE ? new_space(NOTHING) : parent;
	case QS_START_VFORK:
		return kernel->mistake == QS_MISTAKE_VFORK_ALONE ? new_space(spaces[parent]) : parent;
	case QS_START_FORK:
	default:
		if (kernel->mistake == QS_MISTAKE_FORK_SHARES)
			return parent;
		return new_space(kernel->mistake == QS_MISTAKE_FORK_LOSES ? NOTHING : spaces[parent]);
	}
}

int qs_emulate_exec(const struct qs_emulation *kernel, int space)
{
	if (kernel->mistake == QS_MISTAKE_EXEC_CLEARS_SHARED)
		spaces[space] = NOTHING;
	return new_space(kernel->mistake == QS_MISTAKE_EXEC_KEEPS ? spaces[space] : NOTHING);
}

static bool flags_are_good(const struct qs_emulation *kernel, int command, unsigned int flags)
{
	bool rseq = command == QS_CMD_PRIVATE_EXPEDITED_RSEQ && (kernel->mask & command);
	if (flags == 0 || (rseq && flags == 1))
		return true;
	return kernel->mistake == QS_MISTAKE_FLAGS_ACCEPTED ||
	       (rseq && kernel->mistake == QS_MISTAKE_RSEQ_FLAGS_ACCEPTED);
}

static bool cpu_is_good(const struct qs_emulation *kernel, unsigned int flags, int cpu)
{
	/* Where no processor is offline, the program has the first number that is none stand for one. */
	if (flags != 0 && cpu == sysconf(_SC_NPROCESSORS_CONF) && kernel->mistake == QS_MISTAKE_OFFLINE_REFUSED)
		return false;
	if (cpu < sysconf(_SC_NPROCESSORS_CONF))
		return true;
	return flags == 0 ? kernel->mistake != QS_MISTAKE_CPU_WITHOUT_FLAG
			  : kernel->mistake != QS_MISTAKE_CPU_LOOKED_AT;
}

static int query(const struct qs_emulation *kernel)
{
	switch (kernel->mistake) {
	case QS_MISTAKE_QUERY_HIDES:
		return kernel->mask & ~QS_CMD_GET_REGISTRATIONS;
	case QS_MISTAKE_QUERY_NO_REGISTRATION:
		return kernel->mask & ~QS_CMD_REGISTER_PRIVATE_EXPEDITED;
	default:
		return kernel->mask;
	}
}

static int registrations(const struct qs_emulation *kernel, const struct qs_registered *registered)
{
	switch (kernel->mistake) {
	case QS_MISTAKE_GET_READY_ONLY:
		return registered->ready;
	case QS_MISTAKE_GET_NOTHING:
		return 0;
	case QS_MISTAKE_GET_USES:
		return (registered->intent | registered->ready) >> 1;
	default:
		return registered->intent | registered->ready;
	}
}

/* A registration's bit is twice that of its use. */
static int use(const struct qs_emulation *kernel, const struct qs_registered *registered, int command)
{
	int needed = 2 * command, has = registered->ready;
	if (command == QS_CMD_GLOBAL_EXPEDITED && kernel->mistake != QS_MISTAKE_GLOBAL_DENIED)
		return 0;
	if (kernel->mistake == QS_MISTAKE_INTENT_PERMITS)
		has |= registered->intent;
	if (kernel->mistake == QS_MISTAKE_BORN_REGISTERED)
		has |= QS_CMD_REGISTER_PRIVATE_EXPEDITED;
	if (has & needed)
		return 0;
	return kernel->mistake == QS_MISTAKE_DENIED_INVALID ? -EINVAL : -EPERM;
}

static int enrol(const struct qs_emulation *kernel, struct qs_registered *registered, int command)
{
	bool sync_core = command == QS_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE;
	bool along = sync_core || command == QS_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ;
	if (kernel->mistake == QS_MISTAKE_AGAIN_BUSY && (registered->ready & command))
		return -EBUSY;
	/* Until 2019, if its mask had had two bits: see the claim Api-ready-mask. */
	if (kernel->mistake == QS_MISTAKE_READY_MASK && sync_core &&
	    (registered->ready & QS_CMD_REGISTER_PRIVATE_EXPEDITED))
		return 0;
	if (kernel->mistake == QS_MISTAKE_ONE_AT_A_TIME)
		*registered = NOTHING;
	registered->intent |= command | (along ? QS_CMD_REGISTER_PRIVATE_EXPEDITED : 0);
	registered->ready |= command;
	return 0;
}

int qs_emulate_call(const struct qs_emulation *kernel, int space, int command, unsigned int flags, int cpu)
{
	struct qs_registered *registered = &spaces[space];
	bool one_bit = command > 0 && (command & (command - 1)) == 0;
	if (kernel->mask < 0)
		return -ENOSYS;
	if (!flags_are_good(kernel, command, flags))
		return -EINVAL;
	if (command == QS_CMD_QUERY)
		return query(kernel);
	if (!one_bit || !(kernel->mask & command)) {
		if (kernel->mistake == QS_MISTAKE_NUMBERS_ACCEPTED)
			return 0;
		return kernel->mistake == QS_MISTAKE_NUMBERS_ABSENT ? -ENOSYS : -EINVAL;
	}
	if (!cpu_is_good(kernel, flags, cpu))
		return -EINVAL;
	if (command == QS_CMD_GLOBAL)
		return kernel->mistake == QS_MISTAKE_QUERY_SHOWS_REFUSED ? -EINVAL : 0;
	if (command == QS_CMD_GET_REGISTRATIONS)
		return registrations(kernel, registered);
	return command & USES ? use(kernel, registered, command) : enrol(kernel, registered, command);
}
