/* SPDX-License-Identifier: MIT */
#ifndef QUIESCE_MESSAGE_H
#define QUIESCE_MESSAGE_H

/*
 * Writes "quiesce: " and the text to standard error, with write(2) alone, and ends the process with SIGABRT.
 * Async-signal-safe: whoever is inside stdio or malloc meanwhile isn't disturbed.
 */
_Noreturn void qs_fatal(const char *text);

/* The same for a message after which life goes on. */
void qs_say(const char *text);

#endif
