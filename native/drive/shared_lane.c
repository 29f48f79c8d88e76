/* SPDX-License-Identifier: MIT */
/*
 * A process that takes part in a domain in shared memory, one step at a time, so that it can be killed between any two.
 * The library is compiled into it with step points (-DQS_SHARED_STEPS) and with its futex calls looked at
 * (-Wl,--wrap=syscall): a time limit passes when SIGUSR1 says so, and never by itself.
 *
 *   shared_lane FILE CAPACITY            makes the domain in FILE, and ends
 *   shared_lane FILE CAPACITY lane       a line in is an operation ("Claim"), or "go on" at a step point; a line out is
 *                                        the step point that it stands at, or "Idle" when the operation is over
 *   shared_lane FILE CAPACITY look       a line in asks for a line out: what stands in the memory, as JSON
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "quiesce/shared.h"

#define CELLS_AT 0
#define DOMAIN_AT 65536

/* What is published and freed: a cell is a number. */
struct cells {
	qs_atomic(int32_t) head;
	qs_atomic(uint32_t) freed; /* a bit a cell */
};

static struct cells *cells;
static struct qs_shared_domain domain;
static struct qs_shared_reader reader;
static qs_shared_token token;
static int32_t held, old = -1;

/* How many step points to go on from without a stop: the one that an operation begins with. */
static int free_steps;

static const char *const step_names[] = {
#define NAME(name) #name,
	QS_SHARED_READER_STEPS(NAME) QS_SHARED_UPDATER_STEPS(NAME)
#undef NAME
};

static void say(const char *text)
{
	if (puts(text) < 0 || fflush(stdout) != 0)
		exit(1);
}

static bool hear(char *line, int size)
{
	if (!fgets(line, size, stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

void qs_shared_step(enum qs_shared_step step)
{
	char line[64];
	if (free_steps > 0) {
		free_steps--;
		return;
	}
	say(step_names[step]);
	if (!hear(line, sizeof line))
		exit(0);
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

static void on_limit(int number)
{
	(void)number;
}

/* A time limit is none here: the wait is over when it is woken, or when a signal says that its limit has passed. */
long __wrap_syscall(long number, ...)
{
	long argument[6], result;
	va_list arguments;
	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == SYS_futex && (argument[1] & FUTEX_CMD_MASK) == FUTEX_WAIT)
		argument[3] = 0;
	result = __real_syscall(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
	if (number == SYS_futex && (argument[1] & FUTEX_CMD_MASK) == FUTEX_WAIT && result < 0 && errno == EINTR)
		errno = ETIMEDOUT;
	return result;
}

static int perform(const char *operation)
{
	free_steps = 1;
	if (strcmp(operation, "Claim") == 0)
		return qs_shared_register(&domain, &reader);
	if (strcmp(operation, "Unregister") == 0)
		return qs_shared_unregister(&reader);
	if (strcmp(operation, "LoadGp") == 0) {
		token = qs_shared_read_lock(&reader);
		return 0;
	}
	if (strcmp(operation, "Unlock") == 0) {
		qs_shared_read_unlock(&reader, token);
		return 0;
	}
	free_steps = 0;
	if (strcmp(operation, "Dereference") == 0) {
		held = qs_load_relaxed(&cells->head);
		return 0;
	}
	if (strcmp(operation, "Publish") == 0) {
		old = qs_fetch_add(&cells->head, 1);
		return qs_shared_synchronize(&domain);
	}
	if (strcmp(operation, "FreeOld") == 0) {
		(void)qs_fetch_or_relaxed(&cells->freed, 1u << old);
		return 0;
	}
	return -ENOSYS;
}

static void take_part(void)
{
	struct sigaction limit = { .sa_handler = on_limit };
	char line[64], answer[96];
	sigaction(SIGUSR1, &limit, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	say("Idle");
	while (hear(line, sizeof line)) {
		int result = perform(line);
		long slot = reader.slot ? reader.slot - domain.memory->slots + 1 : 0;
		snprintf(answer, sizeof answer, "Idle %d %ld %d", result, slot, (int)held);
		say(answer);
	}
}

/* A robust lock as the specification has it, but with the owner's id: its kind, then the id. */
static void show_lock(const char *name, const pthread_mutex_t *mutex)
{
	uint32_t word = (uint32_t)mutex->__data.__lock;
	const char *kind = mutex->__data.__owner == INT_MAX - 1 ? "lost" :
			   (word & FUTEX_TID_MASK) == 0		? (word & FUTEX_OWNER_DIED ? "died" : "free") :
			   (word & FUTEX_OWNER_DIED) != 0	? "died" :
			   mutex->__data.__owner == INT_MAX	? "inherited" :
								  "held";
	printf("\"%s\":[\"%s\",%u],", name, kind, word & FUTEX_TID_MASK);
}

static void look(void)
{
	struct qs_shared_memory *memory = domain.memory;
	char line[64], name[32];
	while (hear(line, sizeof line)) {
		printf("{\"gp\":%llu,\"begun\":%llu,\"ended\":%llu,\"head\":%d,\"freed\":%u,",
		       (unsigned long long)qs_load_relaxed(&memory->gp),
		       (unsigned long long)qs_load_relaxed(&memory->begun),
		       (unsigned long long)qs_load_relaxed(&memory->ended), (int)qs_load_relaxed(&cells->head),
		       qs_load_relaxed(&cells->freed));
		show_lock("leader", &memory->leader);
		for (uint32_t i = 0; i < domain.capacity; i++) {
			snprintf(name, sizeof name, "life%u", i + 1);
			show_lock(name, &memory->slots[i].life);
			printf("\"announced%u\":%llu,\"notice%u\":%u,", i + 1,
			       (unsigned long long)qs_load_relaxed(&memory->slots[i].announced), i + 1,
			       qs_load_relaxed(&memory->slots[i].notice));
		}
		say("\"end\":0}");
	}
}

static void fail(const char *what, int error)
{
	fprintf(stderr, "shared_lane: %s: %s\n", what, strerror(error));
	exit(1);
}

int main(int count, char **argument)
{
	uint32_t capacity = count > 2 ? (uint32_t)strtoul(argument[2], NULL, 10) : 0;
	size_t size = qs_shared_size(capacity);
	struct qs_shared_options options = { .capacity = capacity };
	int file = count > 1 ? open(argument[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	char *memory;
	int error;
	if (size == 0 || file < 0)
		fail("FILE CAPACITY [lane|look]", file < 0 ? errno : EINVAL);
	if (count == 3 && ftruncate(file, (off_t)(DOMAIN_AT + size)) != 0)
		fail("ftruncate", errno);
	memory = mmap(NULL, DOMAIN_AT + size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED)
		fail("mmap", errno);
	cells = (struct cells *)(memory + CELLS_AT);
	if (count == 3) {
		error = qs_shared_init(memory + DOMAIN_AT, size, &options);
		return error == 0 ? 0 : (fail("init", -error), 1);
	}
	error = qs_shared_attach(&domain, memory + DOMAIN_AT, size);
	if (error != 0)
		fail("attach", -error);
	if (strcmp(argument[3], "look") == 0)
		look();
	else
		take_part();
	return 0;
}
