/* Drives queue.c along the paths of WaitingQueue.tla: each lane is a thread, and a call may block. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../native/drive/driver.h"
#include "queue.h"

#define LANES_MAX 16
#define CAPACITY_MAX 64

struct instance {
	struct queue *queue;
	int lanes;
	char got_name[LANES_MAX][64]; /* empty: the lane is no consumer */
	int64_t got[LANES_MAX];
};

static int64_t constant(const struct qs_driver_world *world, const char *name)
{
	for (int i = 0; i < world->constants; i++) {
		if (strcmp(world->constant[i].name, name) == 0)
			return world->constant[i].number;
	}
	return 0;
}

static void *begin(const struct qs_driver_world *world)
{
	struct instance *instance = calloc(1, sizeof *instance);
	int capacity = (int)constant(world, "Capacity");
	if (!instance || world->lanes > LANES_MAX || capacity < 1 || capacity > CAPACITY_MAX) {
		free(instance);
		return NULL;
	}
	instance->queue = queue_create(capacity);
	instance->lanes = world->lanes;
	for (int i = 0; i < world->lanes; i++) {
		if (strcmp(world->lane[i].name, "consumer") == 0)
			snprintf(instance->got_name[i], sizeof instance->got_name[i], "got.%s", world->lane[i].text);
	}
	return instance;
}

static enum qs_taken step(void *object, const struct qs_ask *ask, const char **problem)
{
	struct instance *instance = object;
	(void)problem;
	if (strcmp(ask->step, "Put") == 0) {
		(void)queue_put(instance->queue, ask->parameter[0].number);
		return QS_TAKEN_DONE;
	}
	if (strcmp(ask->step, "Get") == 0) {
		int64_t value;
		if (queue_get(instance->queue, &value))
			__atomic_store_n(&instance->got[ask->lane], value, __ATOMIC_RELEASE);
		return QS_TAKEN_DONE;
	}
	return QS_TAKEN_UNKNOWN;
}

static void look(void *object, struct qs_look *look)
{
	struct instance *instance = object;
	int64_t items[CAPACITY_MAX];
	size_t count = queue_items(instance->queue, items);
	look->list(look, "items", items, count);
	for (int i = 0; i < instance->lanes; i++) {
		if (instance->got_name[i][0] != '\0')
			look->number(look, instance->got_name[i],
				     __atomic_load_n(&instance->got[i], __ATOMIC_ACQUIRE));
	}
}

/* At a path's end nobody is to wait any longer. */
static void drain(void *object, int lane)
{
	struct instance *instance = object;
	(void)lane;
	queue_close(instance->queue);
}

static void end(void *object)
{
	struct instance *instance = object;
	queue_destroy(instance->queue);
	free(instance);
}

__attribute__((visibility("default"))) const struct qs_driver *qs_driver_get(void)
{
	static const struct qs_driver driver = {
		.abi = QS_DRIVER_ABI,
		.name = "queue",
		.begin = begin,
		.step = step,
		.look = look,
		.drain = drain,
		.end = end,
	};
	return &driver;
}
