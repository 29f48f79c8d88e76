/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <ctype.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RESULTS = 32, LINE = 8192 };

static int option_count;
static char **options;
static struct {
	const char *name;
	double value;
} results[RESULTS];
static size_t result_count;
/* As it was before threads were pinned. */
static cpu_set_t allowed;

const char *bench_text(const char *name)
{
	size_t length = strlen(name);
	for (int i = 0; i < option_count; i++) {
		if (strncmp(options[i], name, length) == 0 && options[i][length] == '=')
			return options[i] + length + 1;
	}
	return NULL;
}

void bench_start(int argc, char **argv)
{
	option_count = argc - 1;
	options = argv + 1;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		bench_fail("the processors that may be used can't be read");
	alarm((unsigned)bench_option("limit", 60));
}

double bench_option(const char *name, double otherwise)
{
	const char *text = bench_text(name);
	return text ? strtod(text, NULL) : otherwise;
}

bool bench_is(const char *name, const char *text)
{
	const char *given = bench_text(name);
	return given && strcmp(given, text) == 0;
}

static uint64_t clock_of(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t bench_now(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

uint64_t bench_thread_time(void)
{
	return clock_of(CLOCK_THREAD_CPUTIME_ID);
}

long bench_preemptions(void)
{
	struct rusage usage;
	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

void bench_sleep_ns(uint64_t nanoseconds)
{
	struct timespec time = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
	nanosleep(&time, NULL);
}

unsigned bench_processors(void)
{
	return (unsigned)CPU_COUNT(&allowed);
}

void bench_pin(unsigned rank)
{
	cpu_set_t one;
	rank %= bench_processors();
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || rank-- > 0)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

/* The sum of the columns of a line of /proc/interrupts. */
static double columns(const char *line)
{
	double sum = 0;
	const char *at = strchr(line, ':');
	while (at && *++at) {
		char *end;
		unsigned long count = strtoul(at, &end, 10);
		if (end == at)
			break;
		sum += (double)count;
		at = end;
	}
	return sum;
}

double bench_interrupts(void)
{
	char line[LINE];
	double sum = -1;
	FILE *file = fopen("/proc/interrupts", "re");
	while (file && fgets(line, sizeof(line), file)) {
		/* x86: "CAL: ... Function call interrupts"; arm64 and riscv: "IPI1: ... Function call interrupts". */
		if (strstr(line, "unction call interrupts"))
			sum = (sum < 0 ? 0 : sum) + columns(line);
	}
	if (file)
		fclose(file);
	return sum;
}

double bench_resident(void)
{
	unsigned long size, resident, shared;
	int read = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	if (file) {
		read = fscanf(file, "%lu %lu %lu", &size, &resident, &shared);
		fclose(file);
	}
	return read == 3 ? (double)(resident - shared) * (double)sysconf(_SC_PAGESIZE) : -1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *numbers, size_t count)
{
	if (count == 0)
		return -1;
	qsort(numbers, count, sizeof(*numbers), compare);
	return (numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
}

void bench_result(const char *name, double value)
{
	if (value < 0)
		return;
	if (result_count == RESULTS)
		bench_fail("too many results");
	results[result_count].name = name;
	results[result_count++].value = value;
}

void bench_end(void)
{
	for (size_t i = 0; i < result_count; i++)
		printf("%s\"%s\": %.6g", i ? ", " : "{", results[i].name, results[i].value);
	printf("}\n");
	fflush(stdout);
	_exit(0);
}

void bench_fail(const char *message)
{
	fprintf(stderr, "%s\n", message);
	_exit(3);
}
