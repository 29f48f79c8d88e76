/* SPDX-License-Identifier: MIT */
/*
 * The list and the hash table, read by some threads while others change them. Whatever has been freed says so in itself
 * before its memory is used again: so a use after free is seen without a sanitizer, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "check.h"
#include "quiesce/hash.h"
#include "quiesce/list.h"

#define ALIVE 0x600d600du
#define DEAD 0xdeaddeadu
#define KEYS 512
#define ROUNDS 40000

struct thing {
	uint32_t key;
	qs_atomic(uint32_t) state; /* ALIVE, or DEAD: free for use */
	struct qs_link link;
	struct qs_hash_node node;
	struct qs_head head;
};

static struct qs_domain domain;
static struct qs_list list;
static struct qs_hash table;
static struct thing things[KEYS * 4];
static qs_atomic(uint32_t) over, seen_dead, missed, looked;

static void free_thing(struct qs_head *head)
{
	qs_store_release(&qs_entry(head, struct thing, head)->state, DEAD);
}

static struct thing *make_thing(uint32_t key)
{
	for (size_t i = 0;; i = (i + 1) % (KEYS * 4)) {
		if (qs_load_acquire(&things[i].state) != DEAD)
			continue;
		things[i].key = key;
		qs_store_relaxed(&things[i].state, ALIVE);
		return &things[i];
	}
}

static void begin(void)
{
	CHECK(qs_domain_init(&domain, NULL) == 0);
	CHECK(qs_worker_start(&domain, NULL) == 0);
	qs_store_relaxed(&list.first, NULL);
	qs_store_relaxed(&over, 0);
	qs_store_relaxed(&seen_dead, 0);
	qs_store_relaxed(&missed, 0);
	qs_store_relaxed(&looked, 0);
	for (size_t i = 0; i < KEYS * 4; i++)
		qs_store_relaxed(&things[i].state, DEAD);
}

static void end(void)
{
	CHECK(qs_domain_destroy(&domain) == 0);
	CHECK(qs_load_relaxed(&seen_dead) == 0);
	CHECK(qs_load_relaxed(&missed) == 0);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 8;
}

static void look_at(const struct thing *thing)
{
	/* Twice: it may have been freed while it was in use. */
	if (qs_load_relaxed(&((struct thing *)(size_t)thing)->state) != ALIVE)
		qs_fetch_add(&seen_dead, 1);
	qs_compiler_barrier();
	if (qs_load_relaxed(&((struct thing *)(size_t)thing)->state) != ALIVE)
		qs_fetch_add(&seen_dead, 1);
}

/*----------------------------------------------- list --------------------------------------------*/

static void test_list_alone(void)
{
	static struct thing a, b, c, d;
	uint32_t keys = 0;
	a.key = 1, b.key = 2, c.key = 3, d.key = 4;
	qs_store_relaxed(&list.first, NULL);
	CHECK(!qs_list_first(&list));
	qs_list_insert_first(&list, &b.link);
	qs_list_insert_before(&b.link, &a.link);
	qs_list_insert_after(&b.link, &c.link);
	QS_LIST_FOR_EACH (link, &list)
		keys = keys * 10 + qs_entry(link, struct thing, link)->key;
	CHECK(keys == 123);
	qs_list_replace(&b.link, &d.link);
	qs_list_remove(&a.link);
	keys = 0;
	QS_LIST_FOR_EACH (link, &list)
		keys = keys * 10 + qs_entry(link, struct thing, link)->key;
	CHECK(keys == 43);
	CHECK(qs_list_next(&b.link) == &c.link); /* the way back for who stands on it */
	QS_LIST_FOR_EACH (link, &list)
		qs_list_remove(link);
	CHECK(!qs_list_first(&list));
}

static void *read_list(void *argument)
{
	struct qs_reader *reader;
	CHECK(qs_register(&domain, &reader) == 0);
	while (!qs_load_relaxed(&over)) {
		qs_token token = qs_read_lock(reader);
		uint32_t evens = 0;
		QS_LIST_FOR_EACH (link, &list) {
			struct thing *thing = qs_entry(link, struct thing, link);
			look_at(thing);
			evens += thing->key % 2 == 0;
		}
		/* Those with even keys are replaced, and never absent. */
		if (evens != 4)
			qs_fetch_add(&missed, 1);
		qs_read_unlock(token);
		qs_fetch_add(&looked, 1);
	}
	CHECK(qs_unregister(reader) == 0);
	return argument;
}

static void change_list(void)
{
	uint32_t seed = 1;
	struct thing *now[8];
	for (uint32_t i = 0; i < ROUNDS || qs_load_relaxed(&looked) < 100; i++) {
		uint32_t key = next_random(&seed) % 8;
		struct thing *fresh, *old = NULL;
		QS_LIST_FOR_EACH (link, &list) {
			if (qs_entry(link, struct thing, link)->key == key)
				old = qs_entry(link, struct thing, link);
		}
		if (old && key % 2 == 1) {
			qs_list_remove(&old->link);
		} else {
			fresh = make_thing(key);
			now[key] = fresh;
			if (old)
				qs_list_replace(&old->link, &fresh->link);
			else
				qs_list_insert_after(&now[0]->link, &fresh->link);
		}
		if (old)
			(void)qs_call(&domain, &old->head, free_thing);
	}
}

static void test_list_with_readers(void)
{
	pthread_t thread[2];
	begin();
	for (uint32_t key = 6; key != (uint32_t)-2; key -= 2) {
		struct thing *thing = make_thing(key);
		qs_list_insert_first(&list, &thing->link);
	}
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&thread[i], NULL, read_list, NULL) == 0);
	change_list();
	qs_store_relaxed(&over, 1);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	end();
}

/*------------------------------------------- hash table ------------------------------------------*/

static bool has_key(const struct qs_hash_node *node, const void *key)
{
	return qs_entry((size_t)node, struct thing, node)->key == *(const uint32_t *)key;
}

static struct thing *find(uint32_t key)
{
	struct qs_hash_node *node = qs_hash_find(&table, key * 2654435761u, has_key, &key);
	return node ? qs_entry(node, struct thing, node) : NULL;
}

static bool add_up(struct qs_hash_node *node, void *context)
{
	*(uint32_t *)context += qs_entry(node, struct thing, node)->key;
	return true;
}

static bool count_up(struct qs_hash_node *node, void *context)
{
	++*(uint32_t *)context;
	return node != NULL;
}

static void test_hash_alone(void)
{
	uint32_t sum = 0;
	begin();
	CHECK(qs_hash_init(&table, &domain, 3) == 0);
	for (uint32_t key = 0; key < 100; key++) {
		struct thing *thing = make_thing(key);
		CHECK(!qs_hash_insert_unique(&table, key * 2654435761u, &thing->node, has_key, &key));
		CHECK(qs_barrier(&domain) == 0); /* so that it may grow */
	}
	CHECK(qs_load_relaxed(&table.buckets)->mask == 127);
	CHECK(qs_hash_count(&table) == 100);
	qs_hash_visit(&table, add_up, &sum);
	CHECK(sum == 99 * 100 / 2);
	for (uint32_t key = 0; key < 100; key++) {
		struct thing *thing = find(key), *other = make_thing(key);
		CHECK(thing && thing->key == key);
		if (!thing)
			continue;
		CHECK(qs_hash_insert_unique(&table, key * 2654435761u, &other->node, has_key, &key) == &thing->node);
		CHECK(qs_hash_remove(&table, &thing->node) == 0);
		CHECK(qs_hash_remove(&table, &thing->node) == -ENOENT);
		CHECK(!find(key));
	}
	CHECK(qs_hash_count(&table) == 0);
	qs_hash_destroy(&table);
	end();
}

static void test_hash_grows_once_a_grace_period(void)
{
	struct qs_reader *reader;
	qs_token token;
	uint32_t count = 0;
	begin();
	CHECK(qs_hash_init(&table, &domain, 1) == 0);
	CHECK(qs_register(&domain, &reader) == 0);
	token = qs_read_lock(reader);
	for (uint32_t key = 0; key < 20; key++)
		qs_hash_insert(&table, key * 2654435761u, &make_thing(key)->node);
	CHECK(qs_load_relaxed(&table.buckets)->mask == 1); /* a reader may still be in the one bucket before these */
	qs_hash_visit(&table, count_up, &count);
	CHECK(count == 20);
	qs_read_unlock(token);
	CHECK(qs_barrier(&domain) == 0);
	qs_hash_insert(&table, 20 * 2654435761u, &make_thing(20)->node);
	CHECK(qs_load_relaxed(&table.buckets)->mask == 3);
	CHECK(qs_unregister(reader) == 0);
	qs_hash_destroy(&table);
	end();
}

static void *read_hash(void *argument)
{
	struct qs_reader *reader;
	uint32_t seed = (uint32_t)(size_t)argument;
	CHECK(qs_register(&domain, &reader) == 0);
	while (!qs_load_relaxed(&over)) {
		qs_token token = qs_read_lock(reader);
		for (int i = 0; i < 16; i++) {
			uint32_t key = next_random(&seed) % KEYS;
			struct thing *thing = find(key);
			if (thing)
				look_at(thing);
			else if (key % 4 == 0) /* these stay */
				qs_fetch_add(&missed, 1);
		}
		qs_read_unlock(token);
		qs_fetch_add(&looked, 1);
	}
	CHECK(qs_unregister(reader) == 0);
	return NULL;
}

/* Two of these: one for the keys that leave 1 when divided by 4, one for those that leave 3. */
static void *change_hash(void *argument)
{
	uint32_t mine = (uint32_t)(size_t)argument, seed = mine;
	struct qs_reader *reader;
	CHECK(qs_register(&domain, &reader) == 0);
	for (uint32_t i = 0; i < ROUNDS || qs_load_relaxed(&looked) < 100; i++) {
		uint32_t key = (next_random(&seed) % (KEYS / 4)) * 4 + mine;
		qs_token token = qs_read_lock(reader); /* the other may remove what stands before it */
		struct thing *thing = find(key);
		qs_read_unlock(token);
		if (thing) {
			CHECK(qs_hash_remove(&table, &thing->node) == 0);
			(void)qs_call(&domain, &thing->head, free_thing);
		} else if (mine == 1) {
			qs_hash_insert(&table, key * 2654435761u, &make_thing(key)->node);
		} else {
			/* The things of the pool are taken by one thread alone. */
			static struct thing others[KEYS];
			if (qs_load_acquire(&others[key].state) == ALIVE)
				continue;
			others[key].key = key;
			qs_store_relaxed(&others[key].state, ALIVE);
			qs_hash_insert(&table, key * 2654435761u, &others[key].node);
		}
	}
	CHECK(qs_unregister(reader) == 0);
	return NULL;
}

static bool remove_one(struct qs_hash_node *node, void *context)
{
	(void)context;
	return qs_hash_remove(&table, node) == 0;
}

static void test_hash_with_readers(void)
{
	pthread_t reader[2], updater[2];
	begin();
	CHECK(qs_hash_init(&table, &domain, 1) == 0);
	for (uint32_t key = 0; key < KEYS; key += 4)
		qs_hash_insert(&table, key * 2654435761u, &make_thing(key)->node);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&reader[i], NULL, read_hash, (void *)(size_t)(i + 1)) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&updater[i], NULL, change_hash, (void *)(size_t)(2 * i + 1)) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(updater[i], NULL) == 0);
	qs_store_relaxed(&over, 1);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(reader[i], NULL) == 0);
	CHECK(qs_load_relaxed(&table.buckets)->mask >= 63);
	qs_hash_visit(&table, remove_one, NULL);
	CHECK(qs_hash_count(&table) == 0);
	qs_hash_destroy(&table);
	end();
}

int main(void)
{
	alarm(3 * TEST_PATIENCE);
	check_run("a list does what it should", test_list_alone);
	check_run("a list's readers see nothing freed, and miss nothing that stays", test_list_with_readers);
	check_run("a hash table does what it should, and grows", test_hash_alone);
	check_run("a hash table grows once a grace period", test_hash_grows_once_a_grace_period);
	check_run("a hash table's readers see nothing freed, and miss nothing that stays", test_hash_with_readers);
	return check_end();
}
