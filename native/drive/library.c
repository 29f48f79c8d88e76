/* SPDX-License-Identifier: MIT */
/*
 * An RCU library as a driver of spec/rcu/library/Library.tla. LIBRARY is a header of this folder that says which one;
 * each step is one call of it, or two. What is published are cells, and a cell knows whether it has been freed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quiesce/atomic.h"

#include LIBRARY

#include "driver.h"

#define LANES_MAX 8
#define CELLS_MAX 8
#define DEEPEST_MAX 4
#define POLL_MS 20

struct cell {
	side_head head; /* first: a callback is given this */
	qs_atomic(int) used;
	qs_atomic(uint32_t) life; /* how often it has been used: it may be freed and published again */
	int number;
};

/* What a thread knows of itself; only its lane's thread uses it, but for what others look at. */
struct lane {
	char name[48];
	bool reads, updates;
	bool registered, offline;
	side_reader *reader;
	side_token token[DEEPEST_MAX];
	int depth;
	qs_atomic(int) found; /* number of a cell */
	uint32_t life;        /* that it had */
	struct cell *mine;
#ifdef LIBRARY_POLLS
	library_cookie cookie;
#endif
	qs_atomic(int) answer;
	qs_atomic(int) child; /* id of a process */
};

struct instance {
	struct lane lane[LANES_MAX];
	struct cell cell[CELLS_MAX + 1]; /* from 1 on */
	side_pointer published;
	int lanes, cells;
	bool calls, stops; /* what the claim has */
};

/* A path's instance outlives it: a callback that comes too late has to find its cell, and to be noticed. */
static struct instance *the_instance;

static int64_t number_of(const struct qs_driver_world *world, const char *name)
{
	for (int i = 0; i < world->constants; i++) {
		if (strcmp(world->constant[i].name, name) == 0 && !world->constant[i].text)
			return world->constant[i].number;
	}
	return 0;
}

/* Is it in the constant, a set of names that comes as text: ["r1","u1"]? */
static bool is_in(const struct qs_driver_world *world, const char *name, const char *element)
{
	char quoted[64];
	snprintf(quoted, sizeof quoted, "\"%s\"", element);
	for (int i = 0; i < world->constants; i++) {
		if (strcmp(world->constant[i].name, name) == 0)
			return world->constant[i].text && strstr(world->constant[i].text, quoted);
	}
	return false;
}

static void *begin(const struct qs_driver_world *world)
{
	struct instance *instance = calloc(1, sizeof *instance);
	int64_t cells = number_of(world, "Cells");
	if (!instance || world->lanes > LANES_MAX || cells < 1 || cells > CELLS_MAX ||
	    number_of(world, "Deepest") > DEEPEST_MAX) {
		free(instance);
		return NULL;
	}
	instance->lanes = world->lanes;
	instance->cells = (int)cells;
	instance->calls = is_in(world, "Offers", "call");
	instance->stops = is_in(world, "Offers", "stop");
	for (int i = 0; i < world->lanes; i++) {
		struct lane *lane = &instance->lane[i];
		const char *name = world->lane[i].text ? world->lane[i].text : "";
		snprintf(lane->name, sizeof lane->name, "%s", name);
		lane->reads = is_in(world, "Readers", name);
		lane->updates = is_in(world, "Updaters", name);
	}
	if (!library_start((uint32_t)world->lanes)) {
		free(instance);
		return NULL;
	}
	for (int i = 1; i <= instance->cells; i++)
		instance->cell[i].number = i;
	qs_store_relaxed(&instance->cell[1].used, 1);
	side_publish(&instance->published, &instance->cell[1]);
	free(the_instance);
	the_instance = instance;
	return instance;
}

static void free_cell(struct cell *cell)
{
	qs_store_release(&cell->used, 0);
}

static void reclaim(side_head *head)
{
	free_cell((struct cell *)head);
}

/*----------------------------------------------- a reader's steps -----------------------------------------------*/

static void enlist(struct lane *self)
{
	self->reader = side_register();
	self->registered = true;
}

/* Where a claim has nobody register, readers do it when they first read. */
static void lock(struct lane *self)
{
	if (!self->registered)
		enlist(self);
	self->token[self->depth++] = side_lock(self->reader);
}

static void unlock(struct lane *self)
{
	side_unlock(self->reader, self->token[--self->depth]);
	if (self->depth == 0)
		qs_store_relaxed(&self->found, 0);
}

static void dereference(struct instance *instance, struct lane *self)
{
	struct cell *cell = side_dereference(&instance->published);
	self->life = qs_load_relaxed(&cell->life);
	qs_store_relaxed(&self->found, cell->number);
}

static enum qs_taken use(struct instance *instance, struct lane *self, const char **problem)
{
	static char text[120];
	struct cell *cell = &instance->cell[qs_load_relaxed(&self->found)];
	if (qs_load_acquire(&cell->used) && qs_load_relaxed(&cell->life) == self->life)
		return QS_TAKEN_DONE;
	snprintf(text, sizeof text, "use after free: %s uses cell %d inside its section, and it has been freed",
		 self->name, cell->number);
	*problem = text;
	return QS_TAKEN_WRONG;
}

static void offline(struct lane *self)
{
	side_offline(self->reader);
	self->offline = true;
}

static void online(struct lane *self)
{
	side_online(self->reader);
	self->offline = false;
}

static void leave(struct lane *self)
{
	while (self->depth > 0)
		unlock(self);
	if (self->registered)
		side_unregister(self->reader);
	self->registered = self->offline = false;
}

/* Its thread ends, and it never said that it leaves. */
static enum qs_taken end_thread(struct lane *self)
{
	self->depth = 0;
	self->registered = self->offline = false;
	qs_store_relaxed(&self->found, 0);
	return QS_TAKEN_ENDS;
}

/*---------------------------------------------- an updater's steps ----------------------------------------------*/

static enum qs_taken publish(struct instance *instance, struct lane *self, const char **problem)
{
	struct cell *fresh = NULL;
	for (int i = instance->cells; i >= 1; i--) {
		if (!qs_load_acquire(&instance->cell[i].used))
			fresh = &instance->cell[i];
	}
	if (!fresh) {
		*problem = "nothing is free to publish in";
		return QS_TAKEN_WRONG;
	}
	qs_store_relaxed(&fresh->life, qs_load_relaxed(&fresh->life) + 1);
	qs_store_relaxed(&fresh->used, 1);
	self->mine = side_dereference(&instance->published);
	side_publish(&instance->published, fresh);
	return QS_TAKEN_DONE;
}

static void synchronize(struct lane *self)
{
	struct cell *old = self->mine;
	self->mine = NULL;
	side_synchronize();
	free_cell(old);
}

static void call(struct instance *instance, struct lane *self)
{
	struct cell *old = self->mine;
	self->mine = NULL;
	/* A caller has to be registered; one that never reads is, silently. */
	if (!self->reads && !self->registered)
		enlist(self);
	if (instance->stops)
		library_own_worker();
	side_defer(&old->head, reclaim);
	/* Whoever runs callbacks gets the time to begin: what comes next is to meet no idle worker. */
	usleep(LIBRARY_LOOKS_US);
}

static enum qs_taken start_poll(struct lane *self)
{
#ifdef LIBRARY_POLLS
	self->cookie = library_poll_start();
	qs_store_relaxed(&self->answer, 1);
	return QS_TAKEN_DONE;
#else
	(void)self;
	return QS_TAKEN_UNKNOWN;
#endif
}

/* A grace period takes some time: a yes is waited for, a little; a yes that was given before is not. */
static enum qs_taken ask_again(struct lane *self)
{
#ifdef LIBRARY_POLLS
	bool yes = library_poll(self->cookie);
	for (int i = 0; i < POLL_MS && !yes && qs_load_relaxed(&self->answer) != 2; i++) {
		usleep(1000);
		yes = library_poll(self->cookie);
	}
	qs_store_relaxed(&self->answer, yes ? 2 : 1);
	return QS_TAKEN_DONE;
#else
	(void)self;
	return QS_TAKEN_UNKNOWN;
#endif
}

/* In the new process: what waits there comes back. */
static void live(struct instance *instance, struct lane *self)
{
	static struct cell cell;
	if (self->registered && !self->offline) {
		lock(self);
		dereference(instance, self);
		unlock(self);
	}
	side_synchronize();
	if (!instance->calls)
		return;
	qs_store_relaxed(&cell.used, 1);
	if (self->registered)
		side_defer(&cell.head, reclaim);
	else
		qs_store_relaxed(&cell.used, 0);
	side_barrier();
	if (qs_load_acquire(&cell.used))
		_exit(2);
}

static enum qs_taken make_process(struct instance *instance, struct lane *self, const char **problem)
{
	static char text[120];
	int status = 0;
	pid_t child;
	library_before_fork();
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		library_after_fork_child();
		live(instance, self);
		_exit(0);
	}
	library_after_fork_parent();
	if (child < 0) {
		snprintf(text, sizeof text, "there is no process for a fork: %s", strerror(errno));
		*problem = text;
		return QS_TAKEN_WRONG;
	}
	qs_store_release(&self->child, (int)child);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	qs_store_release(&self->child, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return QS_TAKEN_DONE;
	snprintf(text, sizeof text, "in the process that it forked, %s",
		 WIFEXITED(status) ? "a barrier did not wait" : "it crashed");
	*problem = text;
	return QS_TAKEN_WRONG;
}

/*------------------------------------------------- the driver ---------------------------------------------------*/

static enum qs_taken step(void *object, const struct qs_ask *ask, const char **problem)
{
	struct instance *instance = object;
	struct lane *self = &instance->lane[ask->lane];
	const char *name = ask->step;
	if (strcmp(name, "Register") == 0)
		enlist(self);
	else if (strcmp(name, "Unregister") == 0)
		leave(self);
	else if (strcmp(name, "Lock") == 0)
		lock(self);
	else if (strcmp(name, "Unlock") == 0)
		unlock(self);
	else if (strcmp(name, "Dereference") == 0)
		dereference(instance, self);
	else if (strcmp(name, "Use") == 0)
		return use(instance, self, problem);
	else if (strcmp(name, "Quiescent") == 0)
		side_quiescent(self->reader);
	else if (strcmp(name, "GoOffline") == 0)
		offline(self);
	else if (strcmp(name, "GoOnline") == 0)
		online(self);
	else if (strcmp(name, "End") == 0)
		return end_thread(self);
	else if (strcmp(name, "Publish") == 0)
		return publish(instance, self, problem);
	else if (strcmp(name, "Synchronize") == 0)
		synchronize(self);
	else if (strcmp(name, "Call") == 0)
		call(instance, self);
	else if (strcmp(name, "Barrier") == 0)
		side_barrier();
	else if (strcmp(name, "StartPoll") == 0)
		return start_poll(self);
	else if (strcmp(name, "Poll") == 0)
		return ask_again(self);
	else if (strcmp(name, "Fork") == 0)
		return make_process(instance, self, problem);
	else if (strcmp(name, "Stop") == 0)
		library_stop();
	else
		return QS_TAKEN_UNKNOWN;
	return QS_TAKEN_DONE;
}

static void show(struct qs_look *look, const char *word, const char *of, int value)
{
	char name[80];
	snprintf(name, sizeof name, "%s.%s", word, of);
	look->number(look, name, value);
}

static void look_at(void *object, struct qs_look *look)
{
	struct instance *instance = object;
	for (int i = 1; i <= instance->cells; i++) {
		char name[16];
		snprintf(name, sizeof name, "used%d", i);
		look->number(look, name, qs_load_acquire(&instance->cell[i].used));
	}
	for (int i = 0; i < instance->lanes; i++) {
		struct lane *lane = &instance->lane[i];
		if (lane->reads)
			show(look, "found", lane->name, qs_load_relaxed(&lane->found));
		if (lane->updates)
			show(look, "answer", lane->name, qs_load_relaxed(&lane->answer));
	}
}

/* Nobody is to wait for this thread, and a question of its is to get its yes: one that never does is a hang. */
static void drain(void *object, int number)
{
	struct instance *instance = object;
	struct lane *self;
	if (number < 0)
		return;
	self = &instance->lane[number];
	leave(self);
#ifdef LIBRARY_POLLS
	while (qs_load_relaxed(&self->answer) == 1 && !library_poll(self->cookie))
		usleep(100);
#endif
	if (instance->stops)
		library_stop();
}

static void end(void *object)
{
	struct instance *instance = object;
	if (instance->calls)
		side_barrier();
	library_end();
}

const struct qs_driver *qs_driver_get(void)
{
	static const struct qs_driver driver = {
		.abi = QS_DRIVER_ABI,
		.name = LIBRARY_NAME,
		.begin = begin,
		.step = step,
		.look = look_at,
		.drain = drain,
		.end = end,
	};
	return &driver;
}
