#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct queue *queue_create(int capacity); /* NULL: there is no memory */
void queue_destroy(struct queue *queue);

/* Waits while it is full. False: it is closed. */
bool queue_put(struct queue *queue, int64_t value);

/* Waits while it is empty. False: it is closed. */
bool queue_get(struct queue *queue, int64_t *value);

/* Nobody waits any more. */
void queue_close(struct queue *queue);

/* Copies what is in it, the oldest first, and returns how much that is. */
size_t queue_items(struct queue *queue, int64_t *items);

#endif
