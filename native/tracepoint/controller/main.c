/* SPDX-License-Identifier: MIT */
/* quiesce-trace: the controller and the recorder of traced programs. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "apply.h"
#include "list.h"
#include "record.h"
#include "say.h"

static const char HELP[] =
	"quiesce-trace: what programs trace through shared memory, switched and recorded\n"
	"\n"
	"  quiesce-trace list DIR             the processes, and their events\n"
	"  quiesce-trace status DIR           what holds, and who records\n"
	"  quiesce-trace rules DIR            the rules\n"
	"  quiesce-trace apply DIR < RULES    replaces all rules; ends when no thread uses older ones\n"
	"  quiesce-trace record DIR OUT       writes CTF 1.8, until SIGINT, SIGTERM, or the end of standard input\n"
	"  quiesce-trace mend OUT             puts in order what a killed recorder has left; nothing is lost by it\n"
	"  quiesce-trace reap DIR             removes what dead processes have left, once it has been recorded\n"
	"\n"
	"DIR is the trace directory, as a rule /run/user/UID/quiesce-trace. Each line of the output is a JSON object.\n"
	"\n"
	"Rules are lines; their columns are separated by tabs; the last rule that fits an event decides:\n"
	"  running 0|1\n"
	"  overwrite CHANNEL 0|1      a full ring loses the oldest events (1) or the newest (0); channels are 0 to 3\n"
	"  rule PROGRAM PROVIDER NAME LEVEL PID CHANNEL SAMPLE FILTER\n"
	"  rule PROGRAM PROVIDER NAME LEVEL PID off\n"
	"PROGRAM, PROVIDER and NAME are patterns with * and ?; LEVEL is 0 to 14, this and more important "
	"events; PID 0\n"
	"is any; SAMPLE 10 is one event of ten; FILTER is - or bytecode in hexadecimal digits (tracepoint/FILTER.md).\n"
	"\n"
	"Options:\n"
	"  --patience MS              apply: for how long sections are waited for (default 1000); five times as long\n"
	"                             for another controller\n"
	"  --if-generation N          apply: only if the rules are still those that `rules` has printed with it\n"
	"  --pid N, --program P       record: only these processes; may be given often\n"
	"  --snapshot                 record: what is in the rings now, those that overwrite included; then end\n"
	"  --duration SECONDS         record: end after so long\n"
	"  --unrecorded               reap: also what nobody has recorded\n"
	"\n"
	"Ends with 0, with 2 where what it was given is wrong, and with 3 where the machine lacks something.\n"
	"\n"
	"Examples:\n"
	"  printf 'running\\t1\\nrule\\t*\\tserver\\t*\\t14\\t0\\t0\\t1\\t-\\n' |\n"
	"    quiesce-trace apply $XDG_RUNTIME_DIR/quiesce-trace\n"
	"  quiesce-trace record $XDG_RUNTIME_DIR/quiesce-trace trace && babeltrace2 trace\n";

enum { PATIENCE_MS = 1000, LOCK_PATIENCES = 5, RECORDER_MS = 500, DURATION_MAX = 1000000000 };

static struct {
	unsigned patience_ms;
	uint64_t generation; /* 0: any */
	bool unrecorded;
	struct qs_recording recording;
} options = { .patience_ms = PATIENCE_MS };

static uint64_t number(const char *option, const char *text, uint64_t max)
{
	char *end;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != 0 || errno != 0 || value > max)
		qs_fail(QS_EXIT_INPUT, option, NULL, "\"%s\" is no number from 0 to %llu", text,
			(unsigned long long)max);
	return value;
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "help", no_argument, NULL, 'h' },          { "patience", required_argument, NULL, 'w' },
		{ "if-generation", required_argument, NULL, 'g' }, { "pid", required_argument, NULL, 'p' },
		{ "program", required_argument, NULL, 'n' }, { "snapshot", no_argument, NULL, 's' },
		{ "duration", required_argument, NULL, 'd' }, { "unrecorded", no_argument, NULL, 'u' },
		{ NULL, 0, NULL, 0 },
	};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(HELP, stdout);
			exit(QS_EXIT_OK);
		case 'w':
			options.patience_ms = (unsigned)number("--patience", optarg, 3600000);
			break;
		case 'g':
			options.generation = number("--if-generation", optarg, UINT64_MAX);
			break;
		case 'p':
			qs_recording_pid(&options.recording, (int32_t)number("--pid", optarg, INT32_MAX));
			break;
		case 'n':
			qs_recording_program(&options.recording, optarg);
			break;
		case 's':
			options.recording.snapshot = true;
			break;
		case 'd':
			options.recording.duration_s = number("--duration", optarg, DURATION_MAX);
			options.recording.limited = true;
			break;
		case 'u':
			options.unrecorded = true;
			break;
		default:
			qs_fail(QS_EXIT_INPUT, argv[optind - 1], "quiesce-trace --help lists the options.",
				"is no option, or lacks its value");
		}
	}
}

static void apply(const char *path)
{
	static struct qs_rules rules, held;
	struct qs_directory directory;
	qs_rules_parse(&rules, STDIN_FILENO);
	qs_directory_open(&directory, path, true);
	qs_directory_lock(&directory, "lock", LOCK_PATIENCES * options.patience_ms);
	if (options.generation != 0) {
		qs_rules_load(&directory, &held);
		if (held.generation != options.generation)
			qs_fail(QS_EXIT_INPUT, path, "Read them again, and apply your change to them.",
				"the rules have changed since generation %llu", (unsigned long long)options.generation);
	}
	qs_apply(&directory, &rules, options.patience_ms);
	if (qs_directory_try(&directory, "recorder"))
		qs_reap_empty(&directory);
}

static int record(const char *path, const char *out)
{
	struct qs_directory directory;
	qs_directory_open(&directory, path, true);
	qs_directory_lock(&directory, "recorder", RECORDER_MS);
	return qs_record(&directory, out, &options.recording);
}

static void reap(const char *path)
{
	struct qs_directory directory;
	qs_directory_open(&directory, path, false);
	qs_directory_lock(&directory, "recorder", RECORDER_MS);
	qs_reap(&directory, options.unrecorded);
}

static void show(const char *path, void (*say)(const struct qs_directory *))
{
	struct qs_directory directory;
	qs_directory_open(&directory, path, false);
	say(&directory);
}

/* A descriptor a process, and more for what is written. */
static void allow_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int main(int argc, char **argv)
{
	parse(argc, argv);
	const char *command = optind < argc ? argv[optind] : "";
	const char *first = optind + 1 < argc ? argv[optind + 1] : NULL;
	int count = argc - optind - 1;
	allow_descriptors();
	/* Who doesn't read any more makes a write fail; what is recorded is worth more than that. */
	signal(SIGPIPE, SIG_IGN);
	if (strcmp(command, "list") == 0 && count == 1)
		show(first, qs_say_list);
	else if (strcmp(command, "status") == 0 && count == 1)
		show(first, qs_say_status);
	else if (strcmp(command, "rules") == 0 && count == 1)
		show(first, qs_say_rules);
	else if (strcmp(command, "apply") == 0 && count == 1)
		apply(first);
	else if (strcmp(command, "record") == 0 && count == 2)
		return record(first, argv[optind + 2]);
	else if (strcmp(command, "mend") == 0 && count == 1)
		qs_mend(first);
	else if (strcmp(command, "reap") == 0 && count == 1)
		reap(first);
	else
		qs_fail(QS_EXIT_INPUT, command[0] ? command : NULL, "quiesce-trace --help says what there is.",
			command[0] ? "is no command, or not with %d arguments" : "which command? (%d arguments)",
			count < 0 ? 0 : count);
	return QS_EXIT_OK;
}
