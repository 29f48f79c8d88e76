/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "meet.h"

#include <sched.h>

uint32_t qs_patience = 2000;

void qs_look_again(uint32_t *looks)
{
	qs_pause();
	if (++*looks < qs_patience)
		return;
	*looks = 0;
	sched_yield();
}

void qs_let_others_run(void)
{
	static __thread uint32_t looks;
	qs_look_again(&looks);
}
