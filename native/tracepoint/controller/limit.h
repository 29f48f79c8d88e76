/* SPDX-License-Identifier: MIT */
/* Limits that the system sets us, by the errors that say so. */
#ifndef QS_TRACE_LIMIT_H
#define QS_TRACE_LIMIT_H

/* What to do about an errno that says which limit was reached; NULL where it says none. */
const char *qs_limit_hint(int error);

#endif
