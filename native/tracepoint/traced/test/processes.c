/* SPDX-License-Identifier: MIT */
/* Children of every kind, libraries that come and go, and surroundings that refuse. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../test/check.h"
#include "events.h"
#include "second.h"

static struct qs_trace_process *process;
static const char *self, *plugin;

static void hit(unsigned number)
{
	qs_tracepoint(test, one, number);
}

static long count(struct qs_trace_process *which)
{
	return second_read_all(which, NULL, NULL);
}

/* The child's exit code; -1 when it was ended by a signal. */
static int end_of(pid_t child)
{
	int status;
	if (waitpid(child, &status, 0) != child)
		return -2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void opens(void)
{
	hit(0);
	CHECK(qs_trace_open(NULL) == 0);
	process = second_process(getpid());
	if (!process || !second_control())
		abort();
	second_config(1, 0, 1, NULL, 0);
	second_rule("*", "*", 1);
	hit(1);
	CHECK(count(process) == 1);
}

static void stays_without_descriptors(void)
{
	(void)fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		(void)close_range(3, ~0u, 0);
		hit(1);
		hit(2);
		struct qs_trace_process *own = second_process(getpid());
		_exit(own && count(own) == 2 && second_is_alive(getpid()) ? 0 : 1);
	}
	CHECK(end_of(child) == 0 && count(process) == 0);
}

static void a_fork_opens_itself(void)
{
	for (int i = 0; i < 20; i++) {
		(void)fflush(stdout);
		const pid_t child = fork();
		if (child == 0) {
			hit(1);
			struct qs_trace_process *own = second_process(getpid());
			const bool right = own && own->header.pid == getpid() && count(own) == 1 &&
				own->header.events == 7;
			const pid_t grandchild = right ? fork() : -1;
			if (grandchild == 0) {
				hit(1);
				own = second_process(getpid());
				_exit(own && count(own) == 1 ? 7 : 1);
			}
			_exit(right && end_of(grandchild) == 7 ? 7 : 1);
		}
		hit(2);
		CHECK(end_of(child) == 7 && !second_is_alive(child) && count(process) == 1);
	}
}

static void a_vfork_writes_for_its_parent(void)
{
	(void)fflush(stdout);
	const pid_t child = vfork();
	if (child == 0) {
		hit(1);
		_exit(7);
	}
	CHECK(end_of(child) == 7 && count(process) == 1);
	hit(2);
	CHECK(count(process) == 1);
}

static void a_raw_clone_leaves_at_once(void)
{
	(void)fflush(stdout);
	const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		for (unsigned i = 0; i < 1000; i++)
			hit(i);
		_exit(second_process((pid_t)syscall(SYS_getpid)) ? 1 : 7);
	}
	CHECK(end_of(child) == 7 && count(process) == 0);
	hit(2);
	CHECK(count(process) == 1);
}

static void an_exec_is_dead_for_us(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0);
	(void)fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		(void)dup2(ends[0], 0);
		(void)close(ends[1]);
		(void)execl("/bin/cat", "cat", (char *)NULL);
		_exit(1);
	}
	(void)close(ends[0]);
	char path[64], link[64] = "";
	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)child);
	while (!strstr(link, "cat") && readlink(path, link, sizeof(link) - 1) >= 0)
		(void)sched_yield();
	/* The old memory's files are closed a moment after the new memory is there. */
	for (int tries = 0; second_is_alive(child) && tries < 10000; tries++)
		(void)usleep(1000);
	CHECK(!second_is_alive(child) && kill(child, 0) == 0);
	(void)close(ends[1]);
	CHECK(end_of(child) == 0);
}

/* A handler that forks while the thread is in a hit. */
static volatile sig_atomic_t forks, wrong;

static void forking_handler(int number)
{
	(void)number;
	const pid_t child = fork();
	if (child == 0) {
		hit(1);
		/* Back into the middle of the parent's hit, if that is where we are. */
		return;
	}
	forks++;
	wrong += end_of(child) != 7;
}

static void a_handler_may_fork_in_the_middle_of_a_hit(void)
{
	const pid_t parent = getpid();
	struct sigaction action = {.sa_handler = forking_handler}, none = {.sa_handler = SIG_DFL};
	const struct itimerspec once = {{0, 0}, {0, 20000}};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	timer_t timer;
	(void)sigaction(SIGUSR2, &action, NULL);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	(void)fflush(stdout);
	for (int round = 0; round < 50; round++) {
		const sig_atomic_t before = forks;
		(void)timer_settime(timer, 0, &once, NULL);
		while (forks == before) {
			hit(3);
			if (getpid() != parent) {
				hit(4);
				_exit(7);
			}
		}
		CHECK(count(process) >= 0);
	}
	(void)timer_delete(timer);
	(void)sigaction(SIGUSR2, &none, NULL);
	CHECK(forks >= 50 && wrong == 0);
}

/* Forks while other threads hit, and meet a library for the first time. */
static qs_atomic(uint32_t) stop;

static void *hits(void *data)
{
	while (!qs_load_relaxed(&stop))
		hit(5);
	return data;
}

static void forks_while_others_hit(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, hits, NULL) == 0);
	for (int i = 0; i < 50; i++) {
		(void)fflush(stdout);
		const pid_t child = fork();
		if (child == 0) {
			hit(1);
			struct qs_trace_process *own = second_process(getpid());
			_exit(own && count(own) == 1 ? 7 : 1);
		}
		CHECK(end_of(child) == 7 && count(process) >= 0);
	}
	qs_store_relaxed(&stop, 1);
	for (int i = 0; i < 3; i++)
		(void)pthread_join(threads[i], NULL);
	CHECK(count(process) >= 0);
}

static void libraries_come_and_go(void)
{
	const uint32_t events = process->header.events;
	for (int i = 0; i < 300; i++) {
		void *library = dlopen(plugin, RTLD_NOW | RTLD_LOCAL);
		void (*call)(unsigned) = library ? (void (*)(unsigned))(uintptr_t)dlsym(library, "plugin_call") : NULL;
		if (!call) {
			(void)fprintf(stderr, "%s\n", dlerror());
			abort();
		}
		call(1);
		call(2);
		CHECK(count(process) == 2);
		CHECK(process->header.events == events + 2 && process->events[events].gone == 0);
		if (i % 100 == 50) {
			const pid_t child = fork();
			if (child == 0) {
				call(3);
				struct qs_trace_process *own = second_process(getpid());
				_exit(own && own->header.events == events + 2 && count(own) == 1 ? 7 : 1);
			}
			CHECK(end_of(child) == 7);
		}
		CHECK(dlclose(library) == 0);
		CHECK(process->events[events].gone == 1);
		/* The controller may still switch it: nothing of ours is there any more. */
		second_rule("*", "*", 1);
		hit(1);
		CHECK(count(process) == 1);
		const pid_t child = i % 100 == 50 ? fork() : -1;
		if (child == 0) {
			hit(3);
			struct qs_trace_process *own = second_process(getpid());
			_exit(own && count(own) == 1 ? 7 : 1);
		}
		CHECK(child < 0 || end_of(child) == 7);
	}
}

/* Runs this program again, as `what`; its exit code. */
static int again(const char *what, const char *directory)
{
	(void)fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		(void)setenv("QUIESCE_TRACE_DIR", directory, 1);
		(void)execl(self, self, what, (char *)NULL);
		_exit(99);
	}
	return end_of(child);
}

static int opens_with(void)
{
	hit(1);
	const int error = qs_trace_open(NULL);
	hit(2);
	if ((error != 0) != (*qs_trace_problem() != 0))
		return 98;
	return error;
}

static void what_is_not_ours_is_refused(void)
{
	char path[300], other[300];
	const char *directory = getenv("QUIESCE_TRACE_DIR");
	(void)snprintf(path, sizeof(path), "%s-x", directory);
	(void)snprintf(other, sizeof(other), "%s-y", directory);
	CHECK(again("open", path) == 0); /* it is made */
	struct stat status;
	CHECK(stat(path, &status) == 0 && (status.st_mode & 07777) == 0700);
	CHECK(chmod(path, 0750) == 0 && again("open", path) == EPERM);
	CHECK(chmod(path, 0700) == 0 && symlink(path, other) == 0 && again("open", other) == ENOTDIR);
	CHECK(unlink(other) == 0);
	CHECK(again("open", "relative") == EINVAL);
	if (geteuid() == 0)
		CHECK(chown(path, 1, 1) == 0 && again("open", path) == EPERM && chown(path, 0, 0) == 0);
	char command[4096];
	/* Whoever has recorded nothing has left nothing. */
	(void)snprintf(command, sizeof(command), "test \"$(ls -A %s)\" = control", path);
	CHECK(system(command) == 0);
	(void)snprintf(command, sizeof(command), "rm -f %s/*; echo garbage > %s/control", path, path);
	CHECK(system(command) == 0 && again("open", path) == EPROTO);
	(void)snprintf(command, sizeof(command), "head -c 400000 /dev/zero > %s/control", path);
	CHECK(system(command) == 0 && again("open", path) == EPROTO);
	(void)snprintf(command, sizeof(command), "rm %s/control; mkfifo %s/control", path, path);
	CHECK(system(command) == 0 && again("open", path) == EPROTO);
	(void)snprintf(command, sizeof(command), "test \"$(ls -A %s)\" = control && rm -r %s", path, path);
	CHECK(system(command) == 0); /* nothing is left of those that were refused */
}

static void a_set_user_id_program_does_not_open(void)
{
	const char *directory = getenv("QUIESCE_TRACE_DIR");
	char path[300], command[4096];
	if (geteuid() != 0)
		return;
	(void)snprintf(path, sizeof(path), "%s-suid", directory);
	(void)snprintf(command, sizeof(command),
		       "mkdir -m 755 %s && cp %s %s/p && chown 1:1 %s/p && chmod 4755 %s/p", path, self,
		       path, path, path);
	CHECK(system(command) == 0);
	const char *kept = self;
	char program[320];
	(void)snprintf(program, sizeof(program), "%s/p", path);
	self = program;
	const int code = again("secure", directory);
	/* On a file system without set-user-id programs there is nothing to see. */
	CHECK(code == EPERM || code == 97);
	self = kept;
	(void)snprintf(command, sizeof(command), "rm -r %s", path);
	CHECK(system(command) == 0);
}

/* From here on the end is the only system call that is allowed. */
static void forbid_system_calls(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	const struct sock_fprog program = {.len = sizeof(code) / sizeof(*code), .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(7);
}

static void hits_make_no_system_call(void)
{
	(void)fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		const double weights[] = {1};
		second_config(1, 0, 1, NULL, 0);
		/* Until the ring has been filled once: it has grown, and loses. */
		const struct qs_trace_process *own = second_process(getpid());
		while (qs_load_relaxed(&own->rings[0].lost) == 0)
			hit(1);
		forbid_system_calls();
		for (unsigned i = 0; i < 20000; i++) {
			hit(i);
			qs_tracepoint(test, mixed, 1, 2, "text", 1, NULL, 0, weights, 1);
		}
		_exit(7);
	}
	CHECK(end_of(child) == 7);
}

static void *hits_so_often(void *times)
{
	for (uintptr_t i = 0; i < (uintptr_t)times; i++)
		hit((unsigned)i);
	return NULL;
}

static int hits_without_opening(void)
{
	forbid_system_calls();
	for (unsigned i = 0; i < 1000; i++)
		hit(i);
	_exit(7);
}

static void a_program_that_nobody_traces_makes_none(void)
{
	CHECK(again("quiet", "/nonexistent") == 7);
}

/* On a file system with so little room that there is none for the file, for a second ring, or for one to grow. */
static int in_a_full_file_system(unsigned kilobytes)
{
	const char *directory = getenv("QUIESCE_TRACE_DIR");
	char path[300], options[400];
	(void)snprintf(path, sizeof(path), "%s-full", directory);
	(void)snprintf(options, sizeof(options), "size=%uk,mode=700", kilobytes);
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return 96;
	(void)mkdir(path, 0700);
	if (mount("none", path, "tmpfs", 0, options) != 0)
		return 96;
	const struct qs_trace_options where = {.directory = path, .ring_size = 1 << 16};
	if (qs_trace_open(&where) != 0)
		return ENOSPC;
	(void)snprintf(options, sizeof(options), "%s/control", path);
	const int file = open(options, O_RDWR);
	struct qs_trace_control *control = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	struct qs_trace_rules *rules = &control->rules[0];
	rules->running = 1;
	rules->rules[0].config = 1;
	rules->rules[0].level_max = 14;
	*rules->rules[0].program = *rules->rules[0].provider = *rules->rules[0].name = '*';
	qs_store_relaxed(&rules->count, 1);
	/* A child applies them by itself, and has its own file: or, where there is no room, is not traced. */
	const pid_t child = fork();
	if (child == 0) {
		pthread_t threads[64];
		for (int i = 0; i < 64; i++)
			if (pthread_create(&threads[i], NULL, hits_so_often, (void *)(uintptr_t)3000) != 0)
				_exit(95);
		for (int i = 0; i < 64; i++)
			(void)pthread_join(threads[i], NULL);
		hit(1);
		const pid_t next = fork();
		if (next == 0) {
			hit(1);
			_exit(7);
		}
		_exit(end_of(next));
	}
	return end_of(child);
}

static void a_full_file_system_loses_events_and_no_program(void)
{
	bool refused = false, opened = false;
	for (unsigned kilobytes = 64; kilobytes <= 1024; kilobytes += 64) {
		(void)fflush(stdout);
		const pid_t child = fork();
		if (child == 0) {
			char number[16];
			(void)snprintf(number, sizeof(number), "%u", kilobytes);
			(void)execl(self, self, "full", number, (char *)NULL);
			_exit(99);
		}
		const int code = end_of(child);
		if (code == 96)
			return;
		CHECK(code == 7 || code == ENOSPC);
		refused = refused || code == ENOSPC;
		opened = opened || code == 7;
	}
	char path[300];
	(void)snprintf(path, sizeof(path), "%s-full", getenv("QUIESCE_TRACE_DIR"));
	(void)rmdir(path);
	CHECK(refused && opened);
}

int main(int argc, char **argv)
{
	alarm(TEST_PATIENCE * 10);
	self = argv[0];
	if (argc > 1 && strcmp(argv[1], "open") == 0)
		return opens_with();
	if (argc > 1 && strcmp(argv[1], "quiet") == 0)
		return hits_without_opening();
	if (argc > 1 && strcmp(argv[1], "secure") == 0)
		return geteuid() == getuid() ? 97 : opens_with();
	if (argc > 2 && strcmp(argv[1], "full") == 0)
		return in_a_full_file_system((unsigned)atoi(argv[2]));
	plugin = argc > 1 ? argv[1] : NULL;
	(void)second_begin();
	check_run("it opens", opens);
	check_run("a hit makes no system call once the thread has its ring", hits_make_no_system_call);
	check_run("nor does a hit of a program that nobody traces", a_program_that_nobody_traces_makes_none);
	check_run("it needs no descriptor", stays_without_descriptors);
	check_run("a child by fork() opens itself", a_fork_opens_itself);
	check_run("a child by vfork() writes for its parent", a_vfork_writes_for_its_parent);
	check_run("a child by a raw clone() writes nothing", a_raw_clone_leaves_at_once);
	check_run("what has called exec() is dead for us", an_exec_is_dead_for_us);
	check_run("a handler may fork in the middle of a hit", a_handler_may_fork_in_the_middle_of_a_hit);
	check_run("one thread forks while others hit", forks_while_others_hit);
	if (plugin)
		check_run("libraries come and go", libraries_come_and_go);
	check_run("a directory that isn't ours alone is refused", what_is_not_ours_is_refused);
	check_run("a set-user-id program does not open itself", a_set_user_id_program_does_not_open);
	check_run("a full file system costs events, and no program", a_full_file_system_loses_events_and_no_program);
	second_end();
	return check_end();
}
