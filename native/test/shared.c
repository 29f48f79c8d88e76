/* SPDX-License-Identifier: MIT */
/* The domain in shared memory, where nothing needs luck. What needs it is in kills.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "quiesce/shared.h"

static void *memory;
static size_t size;
static struct qs_shared_domain domain;
static const struct qs_shared_options two = { .capacity = 2, .flags = TEST_SHARED_FLAGS, .limit_us = 1000 };

static void *map(size_t length)
{
	void *mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(mapped != MAP_FAILED);
	return mapped;
}

static void begin(const struct qs_shared_options *options)
{
	size = qs_shared_size(options->capacity);
	memory = map(size);
	CHECK(qs_shared_init(memory, size, options) == 0);
	CHECK(qs_shared_attach(&domain, memory, size) == 0);
}

static void end(void)
{
	CHECK(qs_shared_detach(&domain) == 0);
	munmap(memory, size);
}

/* How a child ends that runs the function; it attaches by itself. */
static int in_child(void (*body)(void))
{
	int status = -1;
	pid_t child = fork();
	if (child == 0) {
		alarm(60);
		if (qs_shared_attach(&domain, memory, size) != 0)
			_exit(9);
		body();
		_exit(0);
	}
	return waitpid(child, &status, 0) == child ? status : -1;
}

static bool is_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void test_sections(void)
{
	struct qs_shared_reader reader;
	qs_shared_token outer, inner;
	begin(&two);
	CHECK(qs_shared_register(&domain, &reader) == 0);
	outer = qs_shared_read_lock(&reader);
	inner = qs_shared_read_lock(&reader);
	CHECK(outer.outermost && !inner.outermost && qs_load_relaxed(&reader.slot->announced) == 1);
	qs_shared_read_unlock(&reader, inner);
	CHECK(qs_load_relaxed(&reader.slot->announced) == 1 && qs_shared_unregister(&reader) == -EBUSY);
	qs_shared_read_unlock(&reader, outer);
	CHECK(qs_load_relaxed(&reader.slot->announced) == 0);
	CHECK(qs_shared_synchronize(&domain) == 0 && qs_shared_synchronize(&domain) == 0);
	CHECK(qs_load_relaxed(&domain.memory->gp) == 3 && qs_load_relaxed(&domain.memory->ended) == 2);
	CHECK(qs_shared_detach(&domain) == -EBUSY);
	CHECK(qs_shared_unregister(&reader) == 0);
	end();
}

static void test_slots(void)
{
	struct qs_shared_reader reader[3];
	begin(&two);
	CHECK(qs_shared_register(&domain, &reader[0]) == 0 && qs_shared_register(&domain, &reader[1]) == 0);
	CHECK(reader[0].slot != reader[1].slot);
	CHECK(qs_shared_register(&domain, &reader[2]) == -EAGAIN);
	CHECK(qs_shared_unregister(&reader[0]) == 0);
	CHECK(qs_shared_register(&domain, &reader[2]) == 0);
	CHECK(qs_shared_unregister(&reader[1]) == 0 && qs_shared_unregister(&reader[2]) == 0);
	end();
}

static void test_limit_of_locks(void)
{
	struct qs_shared_options many = { .capacity = QS_SHARED_LOCKS_MAX + 1, .flags = TEST_SHARED_FLAGS };
	struct qs_shared_reader reader[QS_SHARED_LOCKS_MAX + 1];
	begin(&many);
	for (uint32_t i = 0; i < QS_SHARED_LOCKS_MAX; i++)
		CHECK(qs_shared_register(&domain, &reader[i]) == 0);
	CHECK(qs_shared_register(&domain, &reader[QS_SHARED_LOCKS_MAX]) == -EMFILE);
	for (uint32_t i = 0; i < QS_SHARED_LOCKS_MAX; i++)
		CHECK(qs_shared_unregister(&reader[i]) == 0);
	end();
}

static void test_init(void)
{
	struct qs_shared_options bad = two;
	size_t enough = qs_shared_size(2);
	char *raw = map(enough);
	CHECK(qs_shared_size(0) == 0 && qs_shared_size(QS_SHARED_CAPACITY_MAX + 1) == 0);
	CHECK(qs_shared_attach(&domain, raw, enough) == -EAGAIN);
	CHECK(qs_shared_init(NULL, enough, &two) == -EINVAL && qs_shared_init(raw, enough, NULL) == -EINVAL);
	CHECK(qs_shared_init(raw, enough - 1, &two) == -EINVAL && qs_shared_init(raw + 128, enough, &two) == -EINVAL);
	bad.flags = 8;
	CHECK(qs_shared_init(raw, enough, &bad) == -EINVAL);
	bad = two;
	bad.capacity = 0;
	CHECK(qs_shared_init(raw, enough, &bad) == -EINVAL);
	bad = two;
	bad.limit_us = UINT32_MAX;
	CHECK(qs_shared_init(raw, enough, &bad) == -EINVAL);
	CHECK(qs_shared_init(raw, enough, &two) == 0 && qs_shared_init(raw, enough, &two) == -EEXIST);
	munmap(raw, enough);
}

/* Each word of the head, spoilt in turn. What is believed of the memory is copied when it is attached to. */
static void test_attach_distrusts(void)
{
	size_t enough = qs_shared_size(2);
	struct qs_shared_memory *made = map(enough);
	uint32_t *words[] = { &made->version, &made->layout, &made->capacity, &made->flags, &made->limit_us };
	void *private;
	CHECK(qs_shared_init(made, enough, &two) == 0);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		uint32_t kept = *words[i];
		*words[i] = UINT32_MAX;
		CHECK(qs_shared_attach(&domain, made, enough) == -EPROTO);
		*words[i] = kept;
	}
	made->capacity = 3;
	CHECK(qs_shared_attach(&domain, made, enough) == -EPROTO);
	made->capacity = 2;
	CHECK(qs_shared_attach(&domain, made, enough - 1) == -EPROTO && qs_shared_attach(&domain, made, 1) == -EPROTO);
	CHECK(qs_shared_attach(&domain, (char *)made + 128, enough) == -EINVAL);
	CHECK(qs_shared_attach(&domain, made, enough) == 0);
	made->capacity = UINT32_MAX;
	CHECK(qs_shared_synchronize(&domain) == 0);
	CHECK(qs_shared_detach(&domain) == 0);
	made->capacity = 2;
	private = mmap(NULL, enough, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(qs_shared_init(private, enough, &two) == 0);
	CHECK(qs_shared_attach(&domain, private, enough) == -EINVAL);
	munmap(private, enough);
	munmap(made, enough);
}

static void die_inside(void)
{
	struct qs_shared_reader reader;
	if (qs_shared_register(&domain, &reader) != 0)
		_exit(8);
	qs_shared_read_lock(&reader);
	munmap(memory, size); /* the user's: the library has its own */
	raise(SIGKILL);
}

static void test_the_dead_are_buried(void)
{
	struct qs_shared_reader reader[2];
	begin(&two);
	CHECK(is_killed(in_child(die_inside)));
	CHECK(qs_load_relaxed(&domain.memory->slots[0].announced) != 0);
	CHECK(qs_shared_synchronize(&domain) == 0);
	CHECK(qs_load_relaxed(&domain.memory->slots[0].announced) == 0);
	CHECK(is_killed(in_child(die_inside)));
	CHECK(qs_shared_register(&domain, &reader[0]) == 0 && reader[0].slot == &domain.memory->slots[0]);
	CHECK(qs_load_relaxed(&reader[0].slot->announced) == 0);
	CHECK(qs_shared_unregister(&reader[0]) == 0);
	end();
}

static void die_leading(void)
{
	qs_store_relaxed(&domain.memory->begun, qs_load_relaxed(&domain.memory->begun) + 1);
	qs_store_relaxed(&domain.memory->gp, qs_load_relaxed(&domain.memory->gp) + 1);
	qs_store_relaxed(&domain.memory->slots[1].notice, 1);
	if (pthread_mutex_lock(&domain.memory->leader) == 0)
		raise(SIGKILL);
}

static void test_a_leader_is_succeeded(void)
{
	begin(&two);
	CHECK(is_killed(in_child(die_leading)));
	CHECK(qs_shared_synchronize(&domain) == 0);
	CHECK(qs_load_relaxed(&domain.memory->ended) == 2 && qs_load_relaxed(&domain.memory->gp) == 3);
	CHECK(qs_load_relaxed(&domain.memory->slots[1].notice) == 0);
	CHECK(qs_shared_synchronize(&domain) == 0);
	end();
}

/* Another program runs in the process, which lives on. */
static void test_exec_inside(void)
{
	struct qs_shared_reader reader;
	int status = -1, made[2];
	char byte;
	pid_t child;
	begin(&two);
	CHECK(pipe2(made, O_CLOEXEC) == 0);
	child = fork();
	if (child == 0) {
		if (qs_shared_attach(&domain, memory, size) != 0 || qs_shared_register(&domain, &reader) != 0)
			_exit(9);
		qs_shared_read_lock(&reader);
		execl("/proc/self/exe", "shared", "pause", (char *)NULL);
		_exit(8);
	}
	close(made[1]);
	CHECK(read(made[0], &byte, 1) == 0); /* closed by exec */
	CHECK(qs_load_relaxed(&domain.memory->slots[0].announced) == 1);
	CHECK(qs_shared_synchronize(&domain) == 0);
	CHECK(qs_load_relaxed(&domain.memory->slots[0].announced) == 0);
	CHECK(waitpid(child, &status, WNOHANG) == 0);
	kill(child, SIGKILL);
	CHECK(waitpid(child, &status, 0) == child && is_killed(status));
	close(made[0]);
	end();
}

static void *end_inside(void *argument)
{
	static struct qs_shared_reader reader;
	(void)argument;
	CHECK(qs_shared_register(&domain, &reader) == 0);
	qs_shared_read_lock(&reader);
	return &reader;
}

/* It has not unregistered, so the library keeps its mapping. */
static void test_a_thread_ends_inside(void)
{
	pthread_t thread;
	void *reader = NULL;
	begin(&two);
	CHECK(pthread_create(&thread, NULL, end_inside, NULL) == 0 && pthread_join(thread, &reader) == 0);
	CHECK(qs_shared_synchronize(&domain) == 0);
	CHECK(qs_shared_unregister(reader) == -EPERM && qs_shared_detach(&domain) == -EBUSY);
	munmap(domain.memory, domain.size);
	munmap(memory, size);
}

static struct qs_shared_reader parents;

static void test_a_child_has_no_readers(void)
{
	int status = 0;
	pid_t child;
	begin(&two);
	CHECK(qs_shared_register(&domain, &parents) == 0);
	child = fork();
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		qs_shared_read_lock(&parents);
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	CHECK(qs_load_relaxed(&parents.slot->announced) == 0 && qs_shared_unregister(&parents) == 0);
	end();
}

static void register_here(void)
{
	struct qs_shared_reader own;
	if (qs_shared_register(&domain, &own) != 0 || own.slot == &domain.memory->slots[0])
		_exit(7);
	if (qs_shared_unregister(&own) != 0 || qs_shared_detach(&domain) != 0)
		_exit(6);
}

static void test_a_child_registers_anew(void)
{
	begin(&two);
	CHECK(qs_shared_register(&domain, &parents) == 0);
	CHECK(in_child(register_here) == 0);
	CHECK(qs_shared_unregister(&parents) == 0);
	end();
}

static qs_atomic(uint32_t) *told;

static void read_until_told(void)
{
	struct qs_shared_reader reader;
	qs_shared_token token;
	if (qs_shared_register(&domain, &reader) != 0)
		_exit(8);
	token = qs_shared_read_lock(&reader);
	qs_store_release(told, 1);
	while (qs_load_acquire(told) != 2)
		usleep(500);
	usleep(20000);
	qs_store_release(told, 3);
	qs_shared_read_unlock(&reader, token);
	_exit(qs_shared_unregister(&reader));
}

/* Twenty time limits: it lives, so it is waited for. */
static void test_the_living_are_waited_for(void)
{
	int status = -1;
	pid_t child;
	begin(&two);
	told = map(sizeof *told);
	child = fork();
	if (child == 0) {
		if (qs_shared_attach(&domain, memory, size) != 0)
			_exit(9);
		read_until_told();
	}
	while (qs_load_acquire(told) != 1)
		usleep(500);
	qs_store_release(told, 2);
	CHECK(qs_shared_synchronize(&domain) == 0);
	CHECK(qs_load_acquire(told) == 3);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	munmap((void *)told, sizeof *told);
	end();
}

int main(int count, char **arguments)
{
	alarm(300);
	if (count > 1 && strcmp(arguments[1], "pause") == 0)
		return pause();
	check_run("a reader that dies in its section is buried, its memory unmapped or not", test_the_dead_are_buried);
	check_run("shared sections nest, and grace periods are numbered", test_sections);
	check_run("shared slots are given out and taken back", test_slots);
	check_run("a thread holds a limited number of slots", test_limit_of_locks);
	check_run("a shared domain is made once, in memory that fits", test_init);
	check_run("attaching distrusts the memory", test_attach_distrusts);
	check_run("a leader that dies is succeeded", test_a_leader_is_succeeded);
	check_run("a reader whose process runs another program is buried", test_exec_inside);
	check_run("a thread that ends in its section is buried", test_a_thread_ends_inside);
	check_run("a child does not read in its parent's slot", test_a_child_has_no_readers);
	check_run("a child registers anew", test_a_child_registers_anew);
	check_run("a reader that lives is waited for", test_the_living_are_waited_for);
	return check_end();
}
