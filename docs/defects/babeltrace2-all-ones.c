/* SPDX-License-Identifier: MIT */
/*
 * babeltrace2: a trace in which a count of discarded events, or a packet's beginning, is 2^64 - 1 makes it abort.
 *
 *     cc babeltrace2-all-ones.c && ./a.out
 *
 * Exit code: 0 it reads the trace or refuses it, 1 it aborts, 2 can't tell (no babeltrace2). Built with -DMENDED, the
 * numbers are 2^64 - 2: 0.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

static const char METADATA[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 32; align = 8; signed = false; } := u4;\n"
	"typealias integer { size = 64; align = 8; signed = false; } := u8;\n"
	"trace { major = 1; minor = 8; byte_order = %s; packet.header := struct { u4 magic; u4 stream_id; }; };\n"
	"clock { name = \"clock\"; freq = 1000000000; };\n"
	"typealias integer { size = 64; align = 8; signed = false; map = clock.clock.value; } := time;\n"
	"stream {\n"
	"	id = 0;\n"
	"	event.header := struct { u4 id; time timestamp; };\n"
	"	packet.context := struct {\n"
	"		time timestamp_begin; time timestamp_end; u8 content_size; u8 packet_size; u8 events_discarded;\n"
	"	};\n"
	"};\n"
	"event { id = 0; name = \"event\"; stream_id = 0; fields := struct { u4 field; }; };\n";

struct packet {
	uint32_t magic, stream;
	uint64_t begin, end, content, size, discarded;
	uint32_t event;
	uint64_t time;
	uint32_t field;
} __attribute__((packed));

static bool write_trace(uint64_t discarded, uint64_t time)
{
	struct packet packets[2];
	const char *order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "le" : "be";
	FILE *metadata = fopen("metadata", "w"), *stream = fopen("stream", "w");
	if (metadata == NULL || stream == NULL)
		return false;
	for (unsigned int i = 0; i < 2; i++)
		packets[i] = (struct packet){ 0xc1fc1fc1, 0, time + i, time + i, sizeof(struct packet) * 8,
					      sizeof(struct packet) * 8, i * discarded, 0, time + i, 1 };
	packets[0].end = packets[0].time = packets[0].begin;
	if (time + 1 == 0) /* both at the end of time */
		packets[1].begin = packets[1].end = packets[1].time = time;
	fprintf(metadata, METADATA, order);
	bool written = fwrite(packets, sizeof(packets), 1, stream) == 1;
	return fclose(metadata) == 0 && fclose(stream) == 0 && written;
}

/* How babeltrace2 ends: its exit code, 1000 + a signal, or -1. */
static int read_trace(void)
{
	int status = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		const struct rlimit none = { 0, 0 };
		int nowhere = open("/dev/null", O_WRONLY);
		setrlimit(RLIMIT_CORE, &none);
		dup2(nowhere, 1);
		dup2(nowhere, 2);
		execlp("babeltrace2", "babeltrace2", ".", (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(void)
{
#ifdef MENDED
	const uint64_t ones = UINT64_MAX - 1;
#else
	const uint64_t ones = UINT64_MAX;
#endif
	char folder[] = "/tmp/babeltrace2-all-ones-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 2;
	int plain = write_trace(7, 100) ? read_trace() : -1;
	int count = write_trace(ones, 100) ? read_trace() : -1;
	int time = write_trace(7, ones) ? read_trace() : -1;
	unlink("metadata");
	unlink("stream");
	if (chdir("/") != 0 || rmdir(folder) != 0 || plain != 0 || count < 0 || time < 0) {
		puts(plain == 127 ? "can't tell: there is no babeltrace2" : "can't tell: it reads no trace of ours");
		return 2;
	}
	printf("events_discarded: %s; timestamp_begin: %s\n", count == 1000 + SIGABRT ? "aborts" : "ends",
	       time == 1000 + SIGABRT ? "aborts" : "ends");
	bool shown = count == 1000 + SIGABRT || time == 1000 + SIGABRT;
	puts(shown ? "shown: babeltrace2 aborts on a number in a trace" : "not shown: babeltrace2 ends by itself");
	return shown;
}
