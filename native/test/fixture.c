/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "fixture.h"

#include <string.h>
#include <unistd.h>

#include "check.h"

struct qs_domain domain;

struct qs_options options_for(uint32_t capacity)
{
	return (struct qs_options){ .capacity = capacity, .flavour = TEST_FLAVOUR, .spins = 10 };
}

void begin(uint32_t capacity)
{
	struct qs_options options = options_for(capacity);
	memset(&domain, 0xa5, sizeof domain); /* as on a stack */
	CHECK(qs_domain_init(&domain, &options) == 0);
	CHECK(qs_load_relaxed(&domain.leader) == 0 && qs_load_relaxed(&domain.sleepers) == 0);
}

void end(void)
{
	CHECK(qs_domain_destroy(&domain) == 0);
}

struct qs_reader *registered(void)
{
	struct qs_reader *reader = NULL;
	CHECK(qs_register(&domain, &reader) == 0);
	return reader;
}

uint64_t announced(struct qs_reader *reader)
{
	return qs_load_relaxed(&reader->announced);
}

bool becomes(qs_atomic(uint32_t) *word, uint32_t value)
{
	for (int i = 0; i < 1500; i++) {
		if (qs_load_acquire(word) == value)
			return true;
		usleep(1000);
	}
	return false;
}

void start_waiting(pthread_t *thread, void *(*body)(void *), struct qs_reader *reader)
{
	CHECK(pthread_create(thread, NULL, body, NULL) == 0);
	for (int i = 0; i < 1500 && (qs_load_acquire(&reader->notice) & QS_WAIT) == 0; i++)
		usleep(1000);
	CHECK((qs_load_acquire(&reader->notice) & QS_WAIT) != 0);
	usleep(2000);
}
