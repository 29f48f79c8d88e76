/* A queue of bounded size that makes its callers wait: a ring with a lock, and a condition for each side. */
#include "queue.h"

#include <pthread.h>
#include <stdlib.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty;
	int64_t *ring;
	int capacity, first, length;
	bool closed;
};

struct queue *queue_create(int capacity)
{
	struct queue *queue = calloc(1, sizeof *queue);
	int64_t *ring = calloc((size_t)capacity, sizeof *ring);
	if (!queue || !ring) {
		free(queue);
		free(ring);
		return NULL;
	}
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->not_full, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	queue->ring = ring;
	queue->capacity = capacity;
	return queue;
}

void queue_destroy(struct queue *queue)
{
	pthread_cond_destroy(&queue->not_full);
	pthread_cond_destroy(&queue->not_empty);
	pthread_mutex_destroy(&queue->lock);
	free(queue->ring);
	free(queue);
}

bool queue_put(struct queue *queue, int64_t value)
{
	bool put;
	pthread_mutex_lock(&queue->lock);
	while (queue->length == queue->capacity && !queue->closed)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	put = !queue->closed;
	if (put) {
		queue->ring[(queue->first + queue->length) % queue->capacity] = value;
		queue->length++;
		pthread_cond_signal(&queue->not_empty);
	}
	pthread_mutex_unlock(&queue->lock);
	return put;
}

bool queue_get(struct queue *queue, int64_t *value)
{
	bool got;
	pthread_mutex_lock(&queue->lock);
	while (queue->length == 0 && !queue->closed)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	got = !queue->closed;
	if (got) {
		*value = queue->ring[queue->first];
		queue->first = (queue->first + 1) % queue->capacity;
		queue->length--;
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return got;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_cond_broadcast(&queue->not_full);
	pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

size_t queue_items(struct queue *queue, int64_t *items)
{
	size_t count;
	pthread_mutex_lock(&queue->lock);
	count = (size_t)queue->length;
	for (size_t i = 0; i < count; i++)
		items[i] = queue->ring[(queue->first + (int)i) % queue->capacity];
	pthread_mutex_unlock(&queue->lock);
	return count;
}
