/* SPDX-License-Identifier: MIT */
/*
 * Processes that share a domain and are killed, thousands of times: at each step of the library and of this program's
 * own (kill_step()), and at any instruction (by the parent). What is freed is poisoned, and a reader that finds the
 * poison has found an early end. A grace period that does not end is found by the parent.
 *
 * QUIESCE_KILLS: how many, 2,500 by default.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "quiesce/shared.h"

enum { READERS = 4, UPDATERS = 3, PEOPLE = READERS + UPDATERS, SLOTS = 7, CELLS = 64 };

/* The last updater is never killed: so a grace period that hangs is not ended by the death of who waits for it. */
enum { IMMORTAL = PEOPLE - 1 };

enum { FREE = 0, LIVE = 0x600d, POISON = 0xdead };

/* The test's own points come after the library's. */
enum point {
	Inside = QS_SHARED_STEPS_END,
	BetweenSections,
	Published,
	BeforeFree,
	AtAnyInstruction,
	POINTS,
};

static const char *const names[POINTS] = {
#define NAME(name) #name,
	QS_SHARED_READER_STEPS(NAME) QS_SHARED_UPDATER_STEPS(NAME)
#undef NAME
	"(inside)", "(between sections)", "(published)", "(before free)", "(at any instruction)",
};

/* What the test shares beside the domain. */
struct world {
	pthread_mutex_t writer; /* robust */
	qs_atomic(uint32_t) head;
	qs_atomic(uint32_t) cell[CELLS];
	int frees[CELLS]; /* under the writer: the updater, counted from 1, that is to free it */
	qs_atomic(uint64_t) kills[POINTS];
	qs_atomic(uint64_t) early, errors, sections, synchronized, slowest_us;
	qs_atomic(uint64_t) waits_since; /* when the immortal's synchronize began, in us; 0: in none */
	qs_atomic(uint64_t) returned;    /* how many of them have ended */
};

static struct world *world;
static void *memory;
static size_t size;
static struct qs_shared_domain domain;

/* In a child: where it will kill itself, and how often it passes there before. */
static int victim_at = -1;
static uint32_t passes;
static uint32_t state = 1;

static uint32_t any(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void point(int at)
{
	if (at != victim_at || passes-- > 0)
		return;
	qs_fetch_add(&world->kills[at], 1);
	kill(getpid(), SIGKILL);
}

void qs_shared_step(enum qs_shared_step step)
{
	point((int)step);
}

static void count_error(int error)
{
	if (error != 0)
		qs_fetch_add(&world->errors, 1);
}

static void read_for_a_while(struct qs_shared_reader *reader)
{
	for (uint32_t left = any(400); left > 0; left--) {
		qs_shared_token token = qs_shared_read_lock(reader);
		uint32_t cell = qs_load_acquire(&world->head);
		for (uint32_t look = any(16) ? any(4) : any(3000); look > 0; look--)
			if (qs_load_relaxed(&world->cell[cell]) != LIVE)
				qs_fetch_add(&world->early, 1);
		if (any(64) == 0)
			usleep(any(2000));
		point(Inside);
		if (qs_load_relaxed(&world->cell[cell]) != LIVE)
			qs_fetch_add(&world->early, 1);
		qs_shared_read_unlock(reader, token);
		point(BetweenSections);
		qs_fetch_add(&world->sections, 1);
	}
}

static void read_on(void)
{
	for (;;) {
		struct qs_shared_reader reader;
		int error = qs_shared_register(&domain, &reader);
		if (error == -EAGAIN)
			continue;
		count_error(error);
		read_for_a_while(&reader);
		count_error(qs_shared_unregister(&reader));
	}
}

static void synchronize(int me)
{
	uint64_t began = now_us(), took, slowest;
	if (me + READERS == IMMORTAL)
		qs_store_release(&world->waits_since, began);
	count_error(qs_shared_synchronize(&domain));
	if (me + READERS == IMMORTAL) {
		qs_store_release(&world->waits_since, 0);
		qs_fetch_add(&world->returned, 1);
	}
	took = now_us() - began;
	slowest = qs_load_relaxed(&world->slowest_us);
	while (took > slowest && !qs_compare_exchange(&world->slowest_us, &slowest, took))
		;
	qs_fetch_add(&world->synchronized, 1);
}

static void lock_writer(void)
{
	if (pthread_mutex_lock(&world->writer) == EOWNERDEAD)
		pthread_mutex_consistent(&world->writer);
}

/* What an updater that has died here before was about to publish or to free. It was published, or it is freed. */
static void free_what_is_left(int me)
{
	uint32_t left[CELLS], count = 0;
	lock_writer();
	for (uint32_t i = 0; i < CELLS; i++) {
		if (world->frees[i] != me + 1 || qs_load_relaxed(&world->cell[i]) != LIVE)
			continue;
		if (i == qs_load_relaxed(&world->head))
			world->frees[i] = 0;
		else
			left[count++] = i;
	}
	pthread_mutex_unlock(&world->writer);
	synchronize(me);
	while (count > 0)
		qs_store_relaxed(&world->cell[left[--count]], POISON);
}

/* The writer is held only to publish, so that updaters wait together. */
static void update_on(int me)
{
	free_what_is_left(me);
	for (;;) {
		uint32_t old, fresh;
		lock_writer();
		old = qs_load_relaxed(&world->head);
		for (fresh = any(CELLS); qs_load_relaxed(&world->cell[fresh]) == LIVE; fresh = (fresh + 1) % CELLS)
			;
		world->frees[fresh] = me + 1;
		qs_store_relaxed(&world->cell[fresh], LIVE);
		world->frees[old] = me + 1;
		qs_store_release(&world->head, fresh);
		pthread_mutex_unlock(&world->writer);
		point(Published);
		synchronize(me);
		point(BeforeFree);
		qs_store_relaxed(&world->cell[old], POISON);
		if (any(8) == 0)
			usleep(any(100));
	}
}

/* Only who follows a death comes to these. */
static const int rare[] = { QS_SHARED_STEP_ClearNotices, QS_SHARED_STEP_ConsistentLeader, QS_SHARED_STEP_Bury,
			    QS_SHARED_STEP_ConsistentDead, QS_SHARED_STEP_Leave };

/* Where it dies: at a point of its own kind. */
static void choose(bool reads)
{
	int first = reads ? 0 : QS_SHARED_STEP_Snapshot;
	int count = reads ? QS_SHARED_STEP_Snapshot + 2 : QS_SHARED_STEPS_END - QS_SHARED_STEP_Snapshot + 2;
	int chosen = first + (int)any((uint32_t)count);
	if (reads && chosen >= QS_SHARED_STEP_Snapshot)
		chosen += Inside - QS_SHARED_STEP_Snapshot;
	if (!reads && chosen >= QS_SHARED_STEPS_END)
		chosen += Published - QS_SHARED_STEPS_END;
	victim_at = any(8) == 0 ? -1 : chosen;
	passes = any(3) == 0 ? any(40) : any(3);
	if (!reads && any(3) == 0) {
		victim_at = rare[any(sizeof rare / sizeof rare[0])];
		passes = 0;
	}
}

static pid_t start(int person)
{
	uint32_t seed = any(0xffffffff);
	pid_t parent = getpid(), child = fork();
	if (child != 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	state = seed | 1;
	count_error(qs_shared_attach(&domain, memory, size));
	if (person != IMMORTAL)
		choose(person < READERS);
	if (person < READERS)
		read_on();
	update_on(person - READERS);
	_exit(0);
}

static void make_world(void)
{
	struct qs_shared_options options = { .capacity = SLOTS, .flags = TEST_SHARED_FLAGS, .limit_us = 500 };
	pthread_mutexattr_t robust;
	int protection = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_ANONYMOUS;
	size = qs_shared_size(SLOTS);
	memory = mmap(NULL, size, protection, flags, -1, 0);
	world = mmap(NULL, sizeof *world, protection, flags, -1, 0);
	if (memory == MAP_FAILED || world == MAP_FAILED || qs_shared_init(memory, size, &options) != 0)
		exit(2);
	pthread_mutexattr_init(&robust);
	pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&world->writer, &robust);
	pthread_mutexattr_destroy(&robust);
	for (uint32_t i = 1; i < CELLS; i++)
		qs_store_relaxed(&world->cell[i], POISON);
	qs_store_relaxed(&world->cell[0], LIVE);
}

struct person {
	pid_t process;
	uint64_t born_us;
};

static struct person people[PEOPLE];

/* Buries processes and starts others in their place. Returns how many were killed. */
static uint64_t replace_the_dead(void)
{
	uint64_t deaths = 0;
	int status;
	pid_t dead;
	while ((dead = waitpid(-1, &status, WNOHANG)) > 0) {
		deaths++;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
			printf("a child has ended with status %x\n", (unsigned int)status);
			qs_fetch_add(&world->errors, 1);
		}
		for (int i = 0; i < PEOPLE; i++)
			if (people[i].process == dead)
				people[i].process = 0;
	}
	for (int i = 0; i < PEOPLE; i++)
		if (people[i].process == 0) {
			people[i].born_us = now_us();
			people[i].process = start(i);
		}
	return deaths;
}

static void kill_one(int person)
{
	people[person].born_us = now_us();
	qs_fetch_add(&world->kills[AtAnyInstruction], 1);
	kill(people[person].process, SIGKILL);
}

/* Who has not come to its point is killed wherever it is. */
static void kill_the_old(void)
{
	for (int i = 0; i < PEOPLE; i++)
		if (i != IMMORTAL && people[i].process > 0 && now_us() - people[i].born_us > 20000 && any(4) == 0)
			kill_one(i);
}

/* 40,000 time limits. */
#ifndef TEST_HANG_US
#define TEST_HANG_US UINT64_C(20000000)
#endif

static bool hangs(void)
{
	uint64_t since = qs_load_acquire(&world->waits_since);
	return since != 0 && now_us() > since + TEST_HANG_US;
}

/*
 * Everybody but the immortal is killed, and nobody comes after them until it has waited twice: so nobody else wakes it
 * or claims the slots of the dead. Whoever is declared dead here stays among the dead until replace_the_dead().
 */
static void storm(void)
{
	uint64_t returned;
	for (int i = 0; i < PEOPLE; i++)
		if (i != IMMORTAL && people[i].process > 0)
			kill_one(i);
	returned = qs_load_acquire(&world->returned);
	while (qs_load_acquire(&world->returned) < returned + 2 && !hangs())
		usleep(100);
}

static void report(uint64_t deaths, double seconds)
{
	printf("%llu deaths in %.1f s, %llu sections, %llu grace periods waited for, slowest %.1f ms\n",
	       (unsigned long long)deaths, seconds, (unsigned long long)world->sections,
	       (unsigned long long)world->synchronized, (double)world->slowest_us / 1e3);
	printf("kills by point:");
	for (int i = 0; i < POINTS; i++)
		printf(" %s %llu", names[i], (unsigned long long)world->kills[i]);
	puts("");
}

static uint64_t wanted = 2500;
static bool hung;

/* So many, and one at every step; some steps are rare. */
static bool enough(uint64_t deaths)
{
	if (deaths < wanted)
		return false;
	for (int i = 0; i < POINTS; i++)
		if (qs_load_relaxed(&world->kills[i]) == 0)
			return deaths >= 10 * wanted;
	return true;
}

static void run_people(void)
{
	uint64_t deaths = 0, calm_until = 100, began = now_us();
	make_world();
	while (!enough(deaths) && !hung && qs_load_relaxed(&world->early) == 0) {
		deaths += replace_the_dead();
		if (deaths >= calm_until) {
			storm();
			calm_until += 100;
		}
		kill_the_old();
		usleep(300);
		hung = hangs();
	}
	for (int i = 0; i < PEOPLE; i++)
		if (people[i].process > 0)
			kill(people[i].process, SIGKILL);
	while (wait(NULL) > 0)
		;
	report(deaths, (double)(now_us() - began) / 1e6);
}

static void test_nobody_uses_what_is_freed(void)
{
	CHECK(world->early == 0);
}

static void test_no_grace_period_hangs(void)
{
	CHECK(!hung);
}

static void test_nothing_fails(void)
{
	CHECK(world->errors == 0);
}

static void test_every_step(void)
{
	bool every = true;
	for (int i = 0; i < POINTS; i++)
		if (world->kills[i] == 0) {
			printf("nobody was killed at %s\n", names[i]);
			every = false;
		}
	CHECK(every);
}

int main(void)
{
	const char *given = getenv("QUIESCE_KILLS");
	if (given)
		wanted = strtoull(given, NULL, 10);
	state = (uint32_t)getpid() * 2654435761u | 1;
	run_people();
	check_run("nobody uses what is freed", test_nobody_uses_what_is_freed);
	check_run("no grace period hangs on the dead", test_no_grace_period_hangs);
	check_run("no call fails", test_nothing_fails);
	if (world->early == 0 && !hung)
		check_run("somebody was killed at every step", test_every_step);
	return check_end();
}
