/* SPDX-License-Identifier: MIT */
/* The domain in shared memory, where nothing needs luck. What needs it is in kills.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
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

static const struct qs_shared_options many = { .capacity = 64, .flags = TEST_SHARED_FLAGS, .limit_us = 1000 };

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
	struct qs_shared_options more = { .capacity = QS_SHARED_LOCKS_MAX + 1, .flags = TEST_SHARED_FLAGS };
	struct qs_shared_reader reader[QS_SHARED_LOCKS_MAX + 1];
	begin(&more);
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

static void *map_file(int file, int protection)
{
	void *mapped = mmap(NULL, size, protection, MAP_SHARED, file, 0);
	CHECK(mapped != MAP_FAILED);
	return mapped;
}

/* Memory behind a file's end, and memory that can't be written. An access would end the process. */
static void test_memory_that_is_none(void)
{
	char name[40];
	int file = memfd_create("quiesce", MFD_CLOEXEC), other;
	void *all, *reading;
	(void)snprintf(name, sizeof name, "/proc/self/fd/%d", file);
	other = open(name, O_RDONLY | O_CLOEXEC);
	CHECK(file >= 0 && other >= 0);
	size = qs_shared_size(64);
	all = map_file(file, PROT_READ | PROT_WRITE);
	reading = map_file(other, PROT_READ);
	CHECK(qs_shared_init(all, size, &many) == -EFAULT && qs_shared_attach(&domain, all, size) == -EFAULT);
	CHECK(ftruncate(file, 4096) == 0);
	CHECK(qs_shared_init(all, size, &many) == -EFAULT && qs_shared_attach(&domain, all, size) == -EAGAIN);
	CHECK(ftruncate(file, (off_t)size) == 0);
	CHECK(qs_shared_init(reading, size, &many) == -EFAULT && qs_shared_init(all, size, &many) == 0);
	CHECK(qs_shared_attach(&domain, reading, size) == -EACCES);
	CHECK(qs_shared_attach(&domain, all, size) == 0 && qs_shared_detach(&domain) == 0);
	CHECK(ftruncate(file, 4096) == 0 && qs_shared_attach(&domain, all, size) == -EFAULT);
	munmap(all, size);
	munmap(reading, size);
	close(file);
	close(other);
}

static void test_memory_of_others(void)
{
	struct qs_shared_memory *made;
	size = qs_shared_size(2);
	made = map(size);
	qs_store_relaxed(&made->magic, 0x6f6c6c6568); /* a file of somebody's */
	CHECK(qs_shared_init(made, size, &two) == -EEXIST && qs_shared_attach(&domain, made, size) == -EPROTO);
	qs_store_relaxed(&made->magic, 0);
	memset((char *)made + sizeof made->magic, 0x5a, size - sizeof made->magic);
	CHECK(qs_shared_init(made, size, &two) == 0 && qs_shared_attach(&domain, made, size) == 0);
	CHECK(qs_shared_synchronize(&domain) == 0 && qs_shared_detach(&domain) == 0);
	munmap(made, size);
}

/* All begin when the word says so. Returns how many of them have made it. */
static int make_at_once(qs_atomic(uint32_t) *begin_now)
{
	enum { MAKERS = 3 };
	pid_t child[MAKERS];
	int made = 0;
	for (int i = 0; i < MAKERS; i++) {
		child[i] = fork();
		if (child[i] != 0)
			continue;
		alarm(60);
		while (!qs_load_acquire(begin_now))
			continue;
		_exit(qs_shared_init(memory, size, &many) == 0 ? 1 : 0);
	}
	qs_store_release(begin_now, 1);
	for (int i = 0; i < MAKERS; i++) {
		int status = -1;
		CHECK(waitpid(child[i], &status, 0) == child[i] && WIFEXITED(status));
		made += WEXITSTATUS(status);
	}
	return made;
}

static void test_one_makes_it(void)
{
	size = qs_shared_size(many.capacity);
	for (int i = 0; i < 100; i++) {
		qs_atomic(uint32_t) *begin_now = map(sizeof *begin_now);
		memory = map(size);
		CHECK(make_at_once(begin_now) == 1);
		munmap(memory, size);
		munmap((void *)begin_now, sizeof *begin_now);
	}
}

/* While a process makes one, another hears that; if it has died over it, the other makes it. */
static void test_half_made(void)
{
	struct qs_shared_memory *made;
	pid_t gone = fork();
	size = qs_shared_size(2);
	if (gone == 0)
		_exit(0);
	CHECK(waitpid(gone, NULL, 0) == gone);
	made = map(size);
	qs_store_relaxed(&made->magic, (uint64_t)getppid() << 8 | 0x4d);
	CHECK(qs_shared_init(made, size, &two) == -EBUSY && qs_shared_attach(&domain, made, size) == -EAGAIN);
	qs_store_relaxed(&made->magic, (uint64_t)gone << 8 | 0x4d);
	CHECK(qs_shared_attach(&domain, made, size) == -EAGAIN);
	CHECK(qs_shared_init(made, size, &two) == 0 && qs_shared_init(made, size, &two) == -EEXIST);
	munmap(made, size);
}

static void test_not_attached(void)
{
	struct qs_shared_reader reader;
	begin(&two);
	CHECK(qs_shared_register(&domain, &reader) == 0 && qs_shared_unregister(&reader) == 0);
	CHECK(qs_shared_unregister(&reader) == -EINVAL && qs_shared_unregister(NULL) == -EINVAL);
	CHECK(qs_shared_register(&domain, NULL) == -EINVAL);
	end();
	CHECK(qs_shared_detach(&domain) == -EINVAL && qs_shared_detach(NULL) == -EINVAL);
	CHECK(qs_shared_register(&domain, &reader) == -EINVAL && qs_shared_register(NULL, &reader) == -EINVAL);
	CHECK(qs_shared_synchronize(&domain) == -EINVAL && qs_shared_synchronize(NULL) == -EINVAL);
	CHECK(qs_shared_attach(NULL, memory, size) == -EINVAL);
}

static void wait_inside(void)
{
	struct qs_shared_reader reader, other;
	qs_shared_token token;
	alarm(TEST_PATIENCE / 2);
	if (qs_shared_register(&domain, &reader) != 0 || qs_shared_register(&domain, &other) != 0)
		_exit(1);
	token = qs_shared_read_lock(&reader);
	if (qs_shared_synchronize(&domain) != -EDEADLK || qs_load_relaxed(&domain.memory->begun) != 0)
		_exit(2);
	qs_shared_read_unlock(&reader, token);
	if (qs_shared_synchronize(&domain) != 0)
		_exit(3);
}

static void test_inside(void)
{
	begin(&two);
	CHECK(in_child(wait_inside) == 0);
	end();
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
	alarm(TEST_PATIENCE);
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

static struct qs_shared_stall stall;
static int stalls;

/* The second lets it go. */
static void note(const struct qs_shared_stall *seen, void *context)
{
	stall = *seen;
	CHECK(context == &stalls && qs_shared_synchronize(seen->domain) == -EDEADLK);
	if (++stalls == 2)
		qs_store_release(told, 2);
}

static void test_a_stall_is_reported(void)
{
	int status = -1;
	pid_t child;
	begin(&two);
	told = map(sizeof *told);
	stalls = 0;
	qs_shared_report_stalls(&domain, 20, note, &stalls);
	child = fork();
	if (child == 0) {
		struct qs_shared_reader unused;
		if (qs_shared_attach(&domain, memory, size) != 0 || qs_shared_register(&domain, &unused) != 0)
			_exit(9);
		read_until_told();
	}
	while (qs_load_acquire(told) != 1)
		usleep(500);
	CHECK(qs_shared_synchronize(&domain) == 0);
	qs_store_release(told, 2); /* where nothing was reported */
	CHECK(stalls >= 2 && stall.domain == &domain && stall.slot == 1);
	CHECK(stall.process == child && stall.thread == child);
	CHECK(stall.number == 2 && stall.announced == 1 && stall.milliseconds >= 40);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	munmap((void *)told, sizeof *told);
	end();
}

int main(int count, char **arguments)
{
	alarm(5 * TEST_PATIENCE);
	if (count > 1 && strcmp(arguments[1], "pause") == 0)
		return pause();
	check_run("a reader that dies in its section is buried, its memory unmapped or not", test_the_dead_are_buried);
	check_run("shared sections nest, and grace periods are numbered", test_sections);
	check_run("shared slots are given out and taken back", test_slots);
	check_run("a thread holds a limited number of slots", test_limit_of_locks);
	check_run("a shared domain is made once, in memory that fits", test_init);
	check_run("attaching distrusts the memory", test_attach_distrusts);
	check_run("memory that isn't there, or can't be written, is refused", test_memory_that_is_none);
	check_run("memory that isn't zero is refused, and what is behind its first word doesn't matter",
		  test_memory_of_others);
	check_run("of several who make a domain one does", test_one_makes_it);
	check_run("a domain that is half made is left alone until it is cleared", test_half_made);
	check_run("what is not attached or not registered is refused", test_not_attached);
	check_run("nobody waits for a section of its own", test_inside);
	check_run("a reader that lives and stays is reported, with its process", test_a_stall_is_reported);
	check_run("a leader that dies is succeeded", test_a_leader_is_succeeded);
	check_run("a reader whose process runs another program is buried", test_exec_inside);
	check_run("a thread that ends in its section is buried", test_a_thread_ends_inside);
	check_run("a child does not read in its parent's slot", test_a_child_has_no_readers);
	check_run("a child registers anew", test_a_child_registers_anew);
	check_run("a reader that lives is waited for", test_the_living_are_waited_for);
	return check_end();
}
