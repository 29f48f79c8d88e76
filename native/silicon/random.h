/* SPDX-License-Identifier: MIT */
/* Small random numbers, fast: they choose how a test is run, and nothing depends on how good they are. */
#ifndef QUIESCE_SILICON_RANDOM_H
#define QUIESCE_SILICON_RANDOM_H

#include <stdint.h>

struct qs_random {
	uint64_t state; /* never 0 */
};

static inline uint32_t qs_random_next(struct qs_random *random)
{
	uint64_t x = random->state;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	random->state = x;
	return (uint32_t)((x * 0x2545f4914f6cdd1du) >> 32);
}

/* From 0 to below `end`. */
static inline uint32_t qs_random_below(struct qs_random *random, uint32_t end)
{
	return (uint32_t)(((uint64_t)qs_random_next(random) * end) >> 32);
}

static inline struct qs_random qs_random_from(uint64_t seed)
{
	struct qs_random random = { .state = (seed + 1) * 0x9e3779b97f4a7c15u };
	if (random.state == 0)
		random.state = 1;
	(void)qs_random_next(&random);
	return random;
}

#endif
