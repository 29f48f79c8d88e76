/* SPDX-License-Identifier: MIT */
#include "rcu.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct qs_domain *domains;
static uint32_t count;

static void give_up(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-error));
	exit(3);
}

static void make(uint32_t wanted)
{
	size_t bytes = wanted * sizeof(*domains);
	count = wanted;
	domains = aligned_alloc(QS_CACHE_LINE, bytes);
	if (!domains)
		give_up("there is no memory for a domain", -ENOMEM);
	memset(domains, 0, bytes);
	for (uint32_t n = 0; n < count; n++) {
		/*
		 * The machine's synchronize_rcu() interrupts every thread. The other flavours give a thread that is no
		 * reader less than that, and more may be seen than it allows.
		 */
		struct qs_options options = { .flavour = QS_MEMBARRIER, .flags = QS_STRICT };
		int error = qs_domain_init(&domains[n], &options);
		if (error != 0)
			give_up("the library can't make a domain whose updaters call membarrier", error);
	}
}

static void destroy(void)
{
	for (uint32_t n = 0; n < count; n++)
		(void)qs_domain_destroy(&domains[n]);
	free(domains);
}

static struct qs_sections *begin(void)
{
	struct qs_sections *sections = calloc(count, sizeof(*sections));
	if (!sections)
		give_up("there is no memory for a reader", -ENOMEM);
	for (uint32_t n = 0; n < count; n++) {
		int error = qs_register(&domains[n], &sections[n].reader);
		if (error != 0)
			give_up("a thread of this test can't be registered as a reader", error);
		sections[n].domain = &domains[n];
	}
	return sections;
}

static void end(struct qs_sections *sections)
{
	for (uint32_t n = 0; n < count; n++)
		(void)qs_unregister(sections[n].reader);
	free(sections);
}

const struct qs_readers qs_readers_of_library = { .make = make, .destroy = destroy, .begin = begin, .end = end };
