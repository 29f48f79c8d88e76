/* SPDX-License-Identifier: MIT */
/*
 * A hash table that is read inside sections while it is changed, and grows: an example to read, and fast enough to use.
 *
 * Nodes are part of your own objects, and each has two links. The table in use goes through one of them; a larger one
 * is built through the other, beside it, and takes its place in one store. A reader that is still in the old one finds
 * it as it was. When all of these have left (the old one is freed by qs_defer()), the first links are free for the
 * next.
 *
 * Updaters share one lock, inside the table. Readers take none, and never wait. Somebody has to run what is deferred in
 * the table's domain (a worker, say): until then it grows no further, and is slower.
 *
 * A table must not be changed in a child of fork() if other threads may have been changing it at that moment.
 */
#ifndef QUIESCE_HASH_H
#define QUIESCE_HASH_H

#include "quiesce.h"

#ifdef __cplusplus
extern "C" {
#endif

struct qs_hash_node {
	qs_atomic(struct qs_hash_node *) next[2];
	uint64_t hash;
};

struct qs_hash_buckets {
	struct qs_head head;
	struct qs_hash *table;
	uint64_t mask;                             /* how many there are, less 1: a power of two */
	uint32_t which;                            /* of a node's two links */
	qs_atomic(struct qs_hash_node *) * bucket; /* each a list of nodes */
};

struct qs_hash {
	struct qs_domain *domain;
	qs_atomic(struct qs_hash_buckets *) buckets;
	qs_atomic(uint32_t) lock;
	qs_atomic(uint32_t) old; /* 1: readers may still be in the buckets before these */
	qs_atomic(size_t) count;
};

/* The node's object has this key. */
typedef bool (*qs_hash_equal)(const struct qs_hash_node *node, const void *key);

/* `buckets`: how many at first, rounded up to a power of two. -ENOMEM; -EINVAL: more than 2^32. */
int qs_hash_init(struct qs_hash *table, struct qs_domain *domain, size_t buckets);

/* The table is empty, and nobody uses it. Not inside a section or a callback of the domain: it may wait for one. */
void qs_hash_destroy(struct qs_hash *table);

/*
 * Inside a section: the node with this hash and key, or NULL. It stays while the section lasts. Give it a function
 * that the compiler can see, and the comparison is inlined. Wait-free but for the length of a bucket.
 */
static inline struct qs_hash_node *qs_hash_find(struct qs_hash *table, uint64_t hash, qs_hash_equal equal,
						const void *key)
{
	struct qs_hash_buckets *buckets = qs_dereference(&table->buckets);
	struct qs_hash_node *node = qs_dereference(&buckets->bucket[hash & buckets->mask]);
	while (node && !(node->hash == hash && equal(node, key)))
		node = qs_dereference(&node->next[buckets->which]);
	return node;
}

/* Inside a section: calls `visit` for each node, as long as it returns true. */
void qs_hash_visit(struct qs_hash *table, bool (*visit)(struct qs_hash_node *node, void *context), void *context);

/* Inserts the node. Another with the same key may be there; then readers find the younger. */
void qs_hash_insert(struct qs_hash *table, uint64_t hash, struct qs_hash_node *node);

/* Inserts the node unless there is one with this key, which it returns; else NULL. */
struct qs_hash_node *qs_hash_insert_unique(struct qs_hash *table, uint64_t hash, struct qs_hash_node *node,
					   qs_hash_equal equal, const void *key);

/*
 * Removes the node. Its object may be freed after a grace period (qs_defer_free(), say), and inserted again only then.
 * -ENOENT: it is not in the table; somebody else has removed it, say.
 */
int qs_hash_remove(struct qs_hash *table, struct qs_hash_node *node);

/* How many nodes there are. */
size_t qs_hash_count(struct qs_hash *table);

#ifdef __cplusplus
}
#endif

#endif
