/* SPDX-License-Identifier: MIT */
/* The process's own domain, and the threads' own readers in it. */
#include <errno.h>

#include "message.h"
#include "quiesce/local.h"
#include "thread.h"

struct qs_domain qs_default = QS_DOMAIN_INITIALIZER;
__thread struct qs_reader *qs_local_reader;

int qs_local_register(void)
{
	return qs_local_reader ? -EALREADY : qs_register(&qs_default, &qs_local_reader);
}

int qs_local_unregister(void)
{
	int status = qs_local_reader ? qs_unregister(qs_local_reader) : -EALREADY;
	if (status == 0)
		qs_local_reader = NULL;
	return status;
}

struct qs_reader *qs_local_first(void)
{
	int status = qs_local_register();
	if (status != 0)
		qs_fatal(status == -EAGAIN ?
				 "no slot is free in qs_default for another thread that reads. Call qs_domain_init() "
				 "on it with a larger capacity before its first use." :
				 "there is no memory to register a thread that reads.");
	return qs_local_reader;
}
