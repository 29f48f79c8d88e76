/* SPDX-License-Identifier: MIT */
/*
 * What the measuring programs share: options (name=value on the command line), clocks, processors, counters of
 * interrupts and of membarriers, and the result, which is one line of JSON: an object of numbers.
 *
 * Each program is compiled once for each side, with -DSIDE="side_...h" (see side_quiesce.h).
 */
#ifndef QUIESCE_BENCH_H
#define QUIESCE_BENCH_H

/* Processors and their sets; so this header comes first. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes the compiler believe that the value is used; costs nothing. */
#define bench_keep(value) __asm__ volatile("" : : "r"(value))
#define bench_noinline __attribute__((noinline))

/* Reads the options. Ends the program after limit=<seconds> (60), so that nothing that hangs stays behind. */
void bench_start(int argc, char **argv);

/* The number of an option, or `otherwise`. */
double bench_option(const char *name, double otherwise);

/* The text of an option; NULL where it isn't given. */
const char *bench_text(const char *name);

/* Whether an option has this text. */
bool bench_is(const char *name, const char *text);

/* Nanoseconds of the monotonic clock, and of processor time that the calling thread has used. */
uint64_t bench_now(void);
uint64_t bench_thread_time(void);

/* How often the calling thread has had to give its processor to another one that did not wait for it. */
long bench_preemptions(void);

void bench_sleep_ns(uint64_t nanoseconds);

/*
 * Pins the calling thread to the processor of that rank among those that the process may use, counted around them.
 * With only one processor there is nothing to choose.
 */
void bench_pin(unsigned rank);

/* How many processors the process may use. */
unsigned bench_processors(void);

/*
 * Function-call interrupts of all processors since the machine started; negative where the kernel does not say. They
 * are the whole machine's, so what others cause has to be measured, and subtracted.
 */
double bench_interrupts(void);

/* membarrier calls of this process so far, ours and those of any library (count.c). */
unsigned long bench_membarriers(void);

/* Memory of this process that is its own and resident, in bytes. */
double bench_resident(void);

/* The median of numbers, which it sorts. */
double bench_median(double *numbers, size_t count);

/* Adds a number to the result. One that is negative could not be measured, and is left out. */
void bench_result(const char *name, double value);

/* Prints the result and ends the program, without waiting for threads that are left. */
_Noreturn void bench_end(void);

/* Prints the message and ends the program with 3. */
_Noreturn void bench_fail(const char *message);

#endif
