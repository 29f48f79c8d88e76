/* SPDX-License-Identifier: MIT */
#include "quiesce/hash.h"

#include <errno.h>
#include <stdlib.h>

#include "lock.h"

static struct qs_hash_buckets *make(struct qs_hash *table, uint64_t count, uint32_t which)
{
	struct qs_hash_buckets *buckets = malloc(sizeof *buckets);
	if (!buckets)
		return NULL;
	buckets->table = table;
	buckets->mask = count - 1;
	buckets->which = which;
	buckets->bucket = calloc(count, sizeof *buckets->bucket);
	if (buckets->bucket)
		return buckets;
	free(buckets);
	return NULL;
}

static void unmake(struct qs_hash_buckets *buckets)
{
	free(buckets->bucket);
	free(buckets);
}

int qs_hash_init(struct qs_hash *table, struct qs_domain *domain, size_t buckets)
{
	uint64_t count = 1;
	struct qs_hash_buckets *first;
	if (!table || !domain || buckets > (size_t)1 << 32)
		return -EINVAL;
	while (count < buckets)
		count *= 2;
	first = make(table, count, 0);
	if (!first)
		return -ENOMEM;
	table->domain = domain;
	qs_store_relaxed(&table->lock, 0);
	qs_store_relaxed(&table->old, 0);
	qs_store_relaxed(&table->count, 0);
	(void)qs_assign(&table->buckets, first);
	return 0;
}

void qs_hash_destroy(struct qs_hash *table)
{
	if (qs_load_acquire(&table->old))
		(void)qs_reclaim(table->domain);
	unmake(qs_load_relaxed(&table->buckets));
}

/* For updaters: nobody else changes it meanwhile. */
static struct qs_hash_buckets *now(struct qs_hash *table)
{
	return qs_load_relaxed(&table->buckets);
}

static void link_into(struct qs_hash_buckets *buckets, struct qs_hash_node *node)
{
	qs_atomic(struct qs_hash_node *) *bucket = &buckets->bucket[node->hash & buckets->mask];
	qs_store_relaxed(&node->next[buckets->which], qs_load_relaxed(bucket));
	(void)qs_assign(bucket, node);
}

/* The last reader has left the old buckets: the nodes' links through them may be used again. */
static void old_is_over(struct qs_head *head)
{
	size_t offset = offsetof(struct qs_hash_buckets, head);
	struct qs_hash_buckets *old = (struct qs_hash_buckets *)(void *)((char *)head - offset);
	struct qs_hash *table = old->table;
	unmake(old);
	qs_store_release(&table->old, 0);
}

/* Later, if there is no memory now, or if readers may still be in the buckets before these. */
static void grow(struct qs_hash *table)
{
	struct qs_hash_buckets *old = now(table), *fresh;
	if (qs_load_acquire(&table->old) != 0)
		return;
	fresh = make(table, (old->mask + 1) * 2, 1 - old->which);
	if (!fresh)
		return;
	for (uint64_t i = 0; i <= old->mask; i++) {
		struct qs_hash_node *node = qs_load_relaxed(&old->bucket[i]);
		for (; node; node = qs_load_relaxed(&node->next[old->which]))
			link_into(fresh, node);
	}
	qs_store_relaxed(&table->old, 1);
	(void)qs_assign(&table->buckets, fresh);
	qs_defer(table->domain, &old->head, old_is_over);
}

static void insert(struct qs_hash *table, struct qs_hash_node *node)
{
	size_t count = qs_load_relaxed(&table->count) + 1;
	link_into(now(table), node);
	qs_store_relaxed(&table->count, count);
	if (count > now(table)->mask)
		grow(table);
}

void qs_hash_insert(struct qs_hash *table, uint64_t hash, struct qs_hash_node *node)
{
	node->hash = hash;
	qs_lock(&table->lock);
	insert(table, node);
	qs_unlock(&table->lock);
}

struct qs_hash_node *qs_hash_insert_unique(struct qs_hash *table, uint64_t hash, struct qs_hash_node *node,
					   qs_hash_equal equal, const void *key)
{
	struct qs_hash_node *other;
	node->hash = hash;
	qs_lock(&table->lock);
	other = qs_hash_find(table, hash, equal, key);
	if (!other)
		insert(table, node);
	qs_unlock(&table->lock);
	return other;
}

/* What points to the node, or the end of its bucket's list. */
static qs_atomic(struct qs_hash_node *) *place_of(struct qs_hash_buckets *buckets, struct qs_hash_node *node)
{
	qs_atomic(struct qs_hash_node *) *place = &buckets->bucket[node->hash & buckets->mask];
	struct qs_hash_node *there = qs_load_relaxed(place);
	while (there && there != node) {
		place = &there->next[buckets->which];
		there = qs_load_relaxed(place);
	}
	return place;
}

int qs_hash_remove(struct qs_hash *table, struct qs_hash_node *node)
{
	qs_atomic(struct qs_hash_node *) *place;
	bool found;
	qs_lock(&table->lock);
	place = place_of(now(table), node);
	found = qs_load_relaxed(place) == node;
	if (found) {
		(void)qs_assign(place, qs_load_relaxed(&node->next[now(table)->which]));
		qs_store_relaxed(&table->count, qs_load_relaxed(&table->count) - 1);
	}
	qs_unlock(&table->lock);
	return found ? 0 : -ENOENT;
}

void qs_hash_visit(struct qs_hash *table, bool (*visit)(struct qs_hash_node *node, void *context), void *context)
{
	struct qs_hash_buckets *buckets = qs_dereference(&table->buckets);
	for (uint64_t i = 0; i <= buckets->mask; i++) {
		struct qs_hash_node *node = qs_dereference(&buckets->bucket[i]);
		for (; node; node = qs_dereference(&node->next[buckets->which])) {
			if (!visit(node, context))
				return;
		}
	}
}

size_t qs_hash_count(struct qs_hash *table)
{
	return qs_load_relaxed(&table->count);
}
