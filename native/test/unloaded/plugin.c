/* SPDX-License-Identifier: MIT */
/* A library with a domain of its own, which it destroys before it is unloaded: host.c. */
#include <quiesce/quiesce.h>

int use(void);

static struct qs_domain domain;

static void nothing(struct qs_head *head)
{
	(void)head;
}

int use(void)
{
	static struct qs_head head;
	struct qs_reader *reader;
	if (qs_register(&domain, &reader) != 0 || qs_call(&domain, &head, nothing) != 0)
		return 1;
	qs_read_unlock(qs_read_lock(reader));
	qs_synchronize(&domain);
	if (qs_unregister(reader) != 0)
		return 2;
	return qs_domain_destroy(&domain) == 0 ? 0 : 3;
}
