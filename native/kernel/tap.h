/* SPDX-License-Identifier: MIT */
/* Lines of the Test Anything Protocol on standard output. */
#ifndef QS_KERNEL_TAP_H
#define QS_KERNEL_TAP_H

#include <stdbool.h>
#include <stdio.h>

/* What is known after all tests, the worst last. */
enum qs_verdict { QS_CONFORMS, QS_GAP, QS_INCONCLUSIVE, QS_UNAVAILABLE, QS_DIFFERS };

#if defined(__GNUC__)
#define QS_PRINTS __attribute__((format(printf, 1, 2)))
#else
#define QS_PRINTS
#endif

void qs_tap_begin(void);
/* A line that begins with "# ". */
void qs_tap_say(const char *format, ...) QS_PRINTS;
/* A test that passed. */
void qs_tap_pass(const char *format, ...) QS_PRINTS;
/* A test that could not be decided: "not ok", and why. A test that is not certain never passes. */
void qs_tap_inconclusive(const char *why, const char *name);
/* A known gap of the kernel, which a claim of the specification declares: "not ok ... # TODO". */
void qs_tap_gap(const char *claim, const char *name);
/* A test that failed; qs_tap_detail adds what it saw, as a block of YAML. */
void qs_tap_fail(const char *format, ...) QS_PRINTS;
void qs_tap_details_begin(void);
/* A key and its value, which stands between double quotes: a colon in it, or a number, is text. */
void qs_tap_detail(const char *key, const char *text);
/* The same, of a value that is said piece by piece. */
void qs_tap_value_begin(const char *key);
void qs_tap_value(const char *text);
void qs_tap_value_end(void);
void qs_tap_details_end(void);
/* Something that makes the whole result of this kind, whatever else there is. */
void qs_tap_verdict(enum qs_verdict verdict);
/* The plan and the verdict; the exit code of the program. */
int qs_tap_end(void);

#endif
