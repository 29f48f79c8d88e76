/* SPDX-License-Identifier: MIT */
/*
 * A linked list that is read inside sections while it is changed: an example to read, and fast enough to use.
 *
 * Links are part of your own objects. Updaters keep each other out (a lock of yours); readers need nothing but a
 * section. A list of zeros is empty. What has been removed may be freed after a grace period (qs_defer_free(), say),
 * and inserted again only then: a reader may still stand on it, and goes on from there.
 *
 *     struct entry { int key; struct qs_link link; struct qs_head head; };
 *
 *     QS_LIST_FOR_EACH (link, &list)
 *             if (qs_entry(link, struct entry, link)->key == key) ...
 */
#ifndef QUIESCE_LIST_H
#define QUIESCE_LIST_H

#include "reader.h"

#ifdef __cplusplus
extern "C" {
#endif

struct qs_link {
	qs_atomic(struct qs_link *) next;    /* for readers */
	qs_atomic(struct qs_link *) * place; /* for updaters: what points to this link */
};

struct qs_list {
	qs_atomic(struct qs_link *) first;
};

/* The object that has this link as its member. */
#define qs_entry(link, type, member) ((type *)(void *)((char *)(link) - offsetof(type, member)))

/*--------------------------------------- inside sections -----------------------------------------*/

/* The first link, or NULL. It stays while the section lasts. */
static inline struct qs_link *qs_list_first(struct qs_list *list)
{
	return qs_dereference(&list->first);
}

/* The one behind `link`, or NULL. It stays while the section lasts. */
static inline struct qs_link *qs_list_next(struct qs_link *link)
{
	return qs_dereference(&link->next);
}

/* Updaters may use it, too, and remove the link that they stand on. */
#define QS_LIST_FOR_EACH(link, list)                                                                                   \
	for (struct qs_link *link = qs_list_first(list); link; link = qs_list_next(link))

/*------------------------------------------ updaters ---------------------------------------------*/

/* Inserts the link before what `place` points to. The link is complete before readers can find it (D). */
static inline void qs_list_insert_at(qs_atomic(struct qs_link *) *place, struct qs_link *link)
{
	struct qs_link *next = qs_load_relaxed(place);
	qs_store_relaxed(&link->next, next);
	link->place = place;
	if (next)
		next->place = &link->next;
	(void)qs_assign(place, link);
}

/* Inserts the link as the first. */
static inline void qs_list_insert_first(struct qs_list *list, struct qs_link *link)
{
	qs_list_insert_at(&list->first, link);
}

/* Inserts the link behind `before`, which is in a list. */
static inline void qs_list_insert_after(struct qs_link *before, struct qs_link *link)
{
	qs_list_insert_at(&before->next, link);
}

/* Inserts the link before `behind`, which is in a list. */
static inline void qs_list_insert_before(struct qs_link *behind, struct qs_link *link)
{
	qs_list_insert_at(behind->place, link);
}

/* Removes the link, which keeps its own `next`: a reader that stands on it finds the way back into the list. */
static inline void qs_list_remove(struct qs_link *link)
{
	struct qs_link *next = qs_load_relaxed(&link->next);
	if (next)
		next->place = link->place;
	(void)qs_assign(link->place, next);
}

/* Puts `fresh` in the place of `old`. Readers see the one or the other, never both and never neither. */
static inline void qs_list_replace(struct qs_link *old, struct qs_link *fresh)
{
	struct qs_link *next = qs_load_relaxed(&old->next);
	qs_store_relaxed(&fresh->next, next);
	fresh->place = old->place;
	if (next)
		next->place = &fresh->next;
	(void)qs_assign(old->place, fresh);
}

#ifdef __cplusplus
}
#endif

#endif
