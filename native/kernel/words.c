/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "words.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "generated/membarrier_commands.h"

#define NAME(name, number) #name,
static const char *const COMMAND_NAMES[] = { QS_MEMBARRIER_COMMANDS(NAME) };
#undef NAME
enum { COMMAND_COUNT = sizeof(COMMAND_NAMES) / sizeof(COMMAND_NAMES[0]) };

static const char *const ACTIONS[] = {
	[QS_CALL] = "call",   [QS_THREAD] = "starts a thread, 2", [QS_CLONE] = "clone(CLONE_VM) starts 2",
	[QS_VFORK] = "vfork starts 2", [QS_FORK] = "fork starts 2", [QS_EXEC] = "exec", [QS_EXIT] = "exits",
};

static const char *const PROCESSORS[] = {
	[QS_CPU_OWN] = "its own CPU",
	[QS_CPU_OTHER] = "another CPU",
	[QS_CPU_OFFLINE] = "a CPU that is not online",
	[QS_CPU_BEYOND] = "CPU 2147483647",
	[QS_CPU_NEGATIVE] = "CPU -1",
};

static const struct {
	int number;
	const char *name;
} ERRORS[] = {
	{ EPERM, "EPERM" },   { EINTR, "EINTR" },   { EAGAIN, "EAGAIN" }, { ENOMEM, "ENOMEM" },
	{ EACCES, "EACCES" }, { EFAULT, "EFAULT" }, { EBUSY, "EBUSY" },	  { EINVAL, "EINVAL" },
	{ ENOSYS, "ENOSYS" }, { ENOEXEC, "ENOEXEC" }, { ENOENT, "ENOENT" },
};

static const char *name_of(int command)
{
	if (command == QS_CMD_QUERY)
		return "QUERY";
	for (int bit = 0; bit < COMMAND_COUNT; bit++)
		if (command == 1 << bit)
			return COMMAND_NAMES[bit];
	return NULL;
}

void qs_words_step(char text[QS_TEXT], const struct qs_step *step)
{
	const char *name = name_of(step->command);
	char number[32], processor[64] = "";
	if (step->action != QS_CALL) {
		snprintf(text, QS_TEXT, "%d: %s", step->by, ACTIONS[step->action]);
		return;
	}
	snprintf(number, sizeof(number), "command %d", step->command);
	if (step->cpu != QS_CPU_OWN || (step->flags & 1))
		snprintf(processor, sizeof(processor), ", %s", PROCESSORS[step->cpu]);
	snprintf(text, QS_TEXT, "%d: %s flags %u%s", step->by, name ? name : number, step->flags, processor);
}

void qs_words_answer(char text[QS_TEXT], const struct qs_step *step, int answer)
{
	bool is_mask = step->action == QS_CALL && step->flags == 0 &&
		       (step->command == QS_CMD_QUERY || step->command == QS_CMD_GET_REGISTRATIONS);
	if (is_mask && answer > 0)
		snprintf(text, QS_TEXT, "0x%x", (unsigned int)answer);
	else
		snprintf(text, QS_TEXT, "%d", answer);
	for (size_t i = 0; answer < 0 && i < sizeof(ERRORS) / sizeof(ERRORS[0]); i++)
		if (ERRORS[i].number == -answer)
			snprintf(text, QS_TEXT, "%s", ERRORS[i].name);
}
