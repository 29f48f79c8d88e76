/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Nothing has moved when all that is busy has slept at so many looks in a row. */
#define QUIET_LOOKS 6
#define LOOK_NS 50000
/*
 * A call that spins or polls never sleeps for long: after so much of a processor's time it is as good as blocked. It is
 * its own time, since on a busy machine a call may have to wait for a processor for longer.
 */
#define SPIN_NS INT64_C(50000000)
/*
 * Who waits inside of the kernel, for its mutex of membarrier or for a disk, waits for no other lane, and comes back by
 * himself; but vfork() looks the same, and its child may wait for one. After so long it is as good as blocked, too.
 */
#define KERNEL_NS INT64_C(2000000000)

enum order { ORDER_NONE, ORDER_STEP, ORDER_DRAIN, ORDER_QUIT };

struct lane {
	struct qs_host *host;
	int number;
	pthread_t thread;
	pthread_cond_t wake;
	enum order order; /* what it is to do next; under the host's lock */
	bool busy;        /* it has been given something to do, and has not finished it */
	bool started;     /* its thread has begun; under the host's lock */
	bool ends;        /* its thread has ended, or is about to, and has no successor yet */
	struct qs_ask *ask;
	int taken;
	const char *problem;
	int stat; /* its /proc file, -1 where there is none */
};

struct qs_host {
	const struct qs_driver *driver;
	void *instance;
	pthread_mutex_t lock;
	pthread_cond_t returned;
	const char *problem; /* of a call that had blocked */
	int lanes;
	struct lane lane[];
};

void (*qs_host_free)(struct qs_ask *ask);

const struct qs_driver *qs_host_load(const char *file, const char **problem)
{
	static char text[512];
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	qs_driver_get_function get;
	const struct qs_driver *driver;
	*problem = text;
	if (!library) {
		snprintf(text, sizeof text, "it can't be loaded: %s", dlerror());
		return NULL;
	}
	*(void **)&get = dlsym(library, QS_DRIVER_GET);
	if (!get) {
		snprintf(text, sizeof text, "it doesn't export " QS_DRIVER_GET "(), as native/drive/driver.h has it");
		return NULL;
	}
	driver = get();
	if (!driver) {
		snprintf(text, sizeof text, "its " QS_DRIVER_GET "() returns NULL");
		return NULL;
	}
	if (driver->abi != QS_DRIVER_ABI) {
		snprintf(text, sizeof text, "it was built for version %u of driver.h, this is %u", driver->abi,
			 QS_DRIVER_ABI);
		return NULL;
	}
	if (!driver->begin || !driver->step || !driver->look || !driver->end) {
		snprintf(text, sizeof text, "its driver lacks begin, step, look or end");
		return NULL;
	}
	return driver;
}

static int open_stat(void)
{
	char name[64];
	snprintf(name, sizeof name, "/proc/self/task/%ld/stat", syscall(SYS_gettid));
	return open(name, O_RDONLY | O_CLOEXEC);
}

/* In the order in which they say less and less of what is to come. */
enum rest { REST_ASLEEP, REST_IN_KERNEL, REST_NONE };

/* Where /proc says nothing, a thread counts as asleep, and only time tells. */
static enum rest rest_of(const struct lane *lane)
{
	char text[256], *end;
	ssize_t length = lane->stat < 0 ? -1 : pread(lane->stat, text, sizeof text - 1, 0);
	if (length < 0)
		return REST_ASLEEP;
	text[length] = '\0';
	end = strrchr(text, ')');
	if (!end || end[1] == '\0' || end[2] == 'S')
		return REST_ASLEEP;
	return end[2] == 'D' ? REST_IN_KERNEL : REST_NONE;
}

static bool is_taken(int value)
{
	return (value >= QS_TAKEN_DONE && value <= QS_TAKEN_WRONG) || value == QS_TAKEN_ENDS;
}

static void perform(struct lane *self, enum order order)
{
	const struct qs_driver *driver = self->host->driver;
	const char *problem = NULL;
	int taken = QS_TAKEN_DONE;
	if (order == ORDER_STEP)
		taken = (int)driver->step(self->host->instance, self->ask, &problem);
	else if (driver->drain)
		driver->drain(self->host->instance, self->number);
	if (!is_taken(taken)) {
		taken = QS_TAKEN_WRONG;
		problem = "its step() returned what is none of enum qs_taken";
	}
	pthread_mutex_lock(&self->host->lock);
	self->taken = taken;
	self->problem = taken == QS_TAKEN_WRONG && !problem ? "did something wrong" : problem;
	self->ends = taken == QS_TAKEN_ENDS;
	self->busy = false;
	pthread_cond_broadcast(&self->host->returned);
	pthread_mutex_unlock(&self->host->lock);
}

static void *work(void *argument)
{
	struct lane *self = argument;
	struct qs_host *host = self->host;
	pthread_mutex_lock(&host->lock);
	self->stat = open_stat();
	self->started = true;
	for (;;) {
		enum order order;
		while (self->order == ORDER_NONE)
			pthread_cond_wait(&self->wake, &host->lock);
		order = self->order;
		self->order = ORDER_NONE;
		if (order == ORDER_QUIT)
			break;
		pthread_mutex_unlock(&host->lock);
		perform(self, order);
		pthread_mutex_lock(&host->lock);
		if (self->ends)
			break;
	}
	pthread_mutex_unlock(&host->lock);
	if (self->stat >= 0)
		close(self->stat);
	return NULL;
}

static void start(struct lane *lane)
{
	lane->stat = -1;
	lane->started = false;
	int error = pthread_create(&lane->thread, NULL, work, lane);
	if (error != 0) {
		fprintf(stderr, "quiesce: no thread for lane %d: %s\n", lane->number, strerror(error));
		abort();
	}
}

/* With the lock, which it gives up while a lane's thread ends: its successor comes when all of it is gone. */
static void succeed(struct qs_host *host)
{
	for (int i = 0; i < host->lanes; i++) {
		struct lane *lane = &host->lane[i];
		if (!lane->ends)
			continue;
		pthread_mutex_unlock(&host->lock);
		pthread_join(lane->thread, NULL);
		pthread_mutex_lock(&host->lock);
		lane->ends = false;
		start(lane);
	}
}

/* With the lock. */
static void order(struct lane *lane, enum order what)
{
	lane->busy = what != ORDER_QUIT;
	lane->order = what;
	pthread_cond_signal(&lane->wake);
}

struct qs_host *qs_host_begin(const struct qs_driver *driver, const struct qs_driver_world *world, const char **problem)
{
	int lanes = world->lanes > 0 ? world->lanes : 1;
	struct qs_host *host = calloc(1, sizeof *host + (size_t)lanes * sizeof(struct lane));
	pthread_condattr_t monotonic;
	*problem = "there is no memory for it";
	if (!host)
		return NULL;
	host->driver = driver;
	host->instance = driver->begin(world);
	if (!host->instance) {
		free(host);
		*problem = "begin() gave no instance";
		return NULL;
	}
	host->lanes = lanes;
	pthread_mutex_init(&host->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&host->returned, &monotonic);
	for (int i = 0; i < lanes; i++) {
		struct lane *lane = &host->lane[i];
		lane->host = host;
		lane->number = i;
		pthread_cond_init(&lane->wake, NULL);
		start(lane);
	}
	return host;
}

/* With the lock. The ask of a call that has returned is nobody's any more. */
static void forget(struct qs_host *host)
{
	for (int i = 0; i < host->lanes; i++) {
		struct lane *lane = &host->lane[i];
		if (lane->busy || !lane->ask)
			continue;
		if (lane->problem && !host->problem)
			host->problem = lane->problem;
		qs_host_free(lane->ask);
		lane->ask = NULL;
	}
}

/* With the lock. Of all lanes that are busy, the rest of the one that rests least. */
static enum rest least_rest(struct qs_host *host, bool *any)
{
	enum rest least = REST_ASLEEP;
	*any = false;
	for (int i = 0; i < host->lanes; i++) {
		if (!host->lane[i].busy)
			continue;
		*any = true;
		/* A thread that hasn't had a processor yet is none that sleeps. */
		const enum rest rest = host->lane[i].started ? rest_of(&host->lane[i]) : REST_NONE;
		if (rest > least)
			least = rest;
	}
	return least;
}

static int64_t since(const struct timespec *from)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)(now.tv_sec - from->tv_sec) * 1000000000 + (now.tv_nsec - from->tv_nsec);
}

/* With the lock. What the lanes' threads have used of their processors until now. */
static int64_t used(const struct qs_host *host)
{
	int64_t sum = 0;
	for (int i = 0; i < host->lanes; i++) {
		struct timespec time;
		clockid_t clock;
		if (host->lane[i].busy && pthread_getcpuclockid(host->lane[i].thread, &clock) == 0 &&
		    clock_gettime(clock, &time) == 0)
			sum += (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
	}
	return sum;
}

/* With the lock, which it gives up while it waits. */
static void settle(struct qs_host *host)
{
	const int64_t before = used(host);
	int quiet = 0;
	struct timespec until, began;
	clock_gettime(CLOCK_MONOTONIC, &began);
	while (quiet < QUIET_LOOKS && used(host) - before < SPIN_NS) {
		bool any;
		const enum rest rest = least_rest(host, &any);
		if (!any || (rest == REST_IN_KERNEL && since(&began) > KERNEL_NS))
			return;
		quiet = rest == REST_ASLEEP ? quiet + 1 : 0;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += LOOK_NS;
		if (until.tv_nsec >= 1000000000) {
			until.tv_nsec -= 1000000000;
			until.tv_sec++;
		}
		if (pthread_cond_timedwait(&host->returned, &host->lock, &until) == 0)
			quiet = 0;
	}
}

int qs_host_step(struct qs_host *host, struct qs_ask *ask, const char **problem)
{
	struct lane *lane = &host->lane[ask->lane < 0 || ask->lane >= host->lanes ? 0 : ask->lane];
	int taken;
	pthread_mutex_lock(&host->lock);
	if (lane->busy) {
		pthread_mutex_unlock(&host->lock);
		qs_host_free(ask);
		return QS_TAKEN_REFUSED;
	}
	forget(host);
	lane->ask = ask;
	lane->problem = NULL;
	order(lane, ORDER_STEP);
	settle(host);
	succeed(host);
	taken = lane->busy ? QS_HOST_BLOCKED : lane->taken == QS_TAKEN_ENDS ? QS_TAKEN_DONE : lane->taken;
	*problem = lane->busy ? NULL : lane->problem;
	if (!lane->busy)
		lane->problem = NULL;
	forget(host);
	pthread_mutex_unlock(&host->lock);
	return taken;
}

const char *qs_host_problem(struct qs_host *host)
{
	const char *problem;
	pthread_mutex_lock(&host->lock);
	forget(host);
	problem = host->problem;
	pthread_mutex_unlock(&host->lock);
	return problem;
}

int qs_host_is_busy(struct qs_host *host, int lane)
{
	int busy;
	pthread_mutex_lock(&host->lock);
	busy = lane >= 0 && lane < host->lanes && host->lane[lane].busy;
	pthread_mutex_unlock(&host->lock);
	return busy;
}

void qs_host_settle(struct qs_host *host)
{
	pthread_mutex_lock(&host->lock);
	settle(host);
	succeed(host);
	pthread_mutex_unlock(&host->lock);
}

void qs_host_look(struct qs_host *host, struct qs_look *look)
{
	host->driver->look(host->instance, look);
}

/* With the lock: until one of those that are still in their step returns. */
static void wait_for_one(struct qs_host *host, bool *drained)
{
	for (;;) {
		for (int i = 0; i < host->lanes; i++) {
			if (!drained[i] && !host->lane[i].busy)
				return;
		}
		pthread_cond_wait(&host->returned, &host->lock);
	}
}

void qs_host_end(struct qs_host *host)
{
	/* A lane is drained once it has come back from its step, which another lane's draining may bring about. */
	bool *drained = calloc((size_t)host->lanes, sizeof *drained);
	if (!drained)
		abort();
	pthread_mutex_lock(&host->lock);
	for (int left = host->lanes; left > 0;) {
		bool any = false;
		succeed(host);
		for (int i = 0; i < host->lanes; i++) {
			if (drained[i] || host->lane[i].busy)
				continue;
			drained[i] = any = true;
			left--;
			order(&host->lane[i], ORDER_DRAIN);
		}
		if (left == host->lanes && host->driver->drain) {
			pthread_mutex_unlock(&host->lock);
			host->driver->drain(host->instance, -1);
			pthread_mutex_lock(&host->lock);
		}
		if (!any)
			wait_for_one(host, drained);
	}
	for (int i = 0; i < host->lanes; i++) {
		while (host->lane[i].busy)
			pthread_cond_wait(&host->returned, &host->lock);
		order(&host->lane[i], ORDER_QUIT);
	}
	forget(host);
	pthread_mutex_unlock(&host->lock);
	for (int i = 0; i < host->lanes; i++)
		pthread_join(host->lane[i].thread, NULL);
	host->driver->end(host->instance);
	for (int i = 0; i < host->lanes; i++)
		pthread_cond_destroy(&host->lane[i].wake);
	pthread_cond_destroy(&host->returned);
	pthread_mutex_destroy(&host->lock);
	free(drained);
	free(host);
}
