/* SPDX-License-Identifier: MIT */
/* A domain in shared memory: making it, attaching to it, registering in it. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "futex.h"
#include "membarrier.h"
#include "quiesce/shared.h"
#include "shared.h"

#define MAGIC UINT64_C(0x31657363656975f1)
/* In place of the magic number while a process makes the domain: its id, and this. */
#define IN_THE_MAKING UINT64_C(0x4d)
#define MAKER_SHIFT 8
#define VERSION 2u
#define DEFAULT_LIMIT_US 5000u
#define LIMIT_MAX_US 10000000u

/* What must be the same in all processes, and differs between word sizes and C libraries. */
static const uint32_t layout = (uint32_t)(sizeof(struct qs_shared_memory) ^ sizeof(struct qs_shared_slot) << 10 ^
					  sizeof(pthread_mutex_t) << 20 ^ sizeof(void *) << 28);

/* The readers of the calling thread. A child after fork() has none of its parent's. */
static _Thread_local struct held {
	pid_t process;
	uint32_t count;
	struct qs_shared_reader *first;
} held;

static struct held *held_here(void)
{
	pid_t process = getpid();
	if (held.process != process)
		held = (struct held){ .process = process };
	return &held;
}

bool qs_shared_is_inside(const struct qs_shared_domain *domain)
{
	for (const struct qs_shared_reader *mine = held_here()->first; mine; mine = mine->next) {
		if (mine->domain == domain && qs_load_relaxed(&mine->slot->announced) != 0)
			return true;
	}
	return false;
}

size_t qs_shared_size(uint32_t capacity)
{
	if (capacity == 0 || capacity > QS_SHARED_CAPACITY_MAX)
		return 0;
	return sizeof(struct qs_shared_memory) + capacity * sizeof(struct qs_shared_slot);
}

static bool misaligned(const void *memory)
{
	return !memory || (uintptr_t)memory % (uintptr_t)sysconf(_SC_PAGESIZE) != 0;
}

/* In the last page: a file that is too short doesn't reach it. */
static qs_atomic(uint32_t) *last_word(void *memory, size_t size)
{
	return (qs_atomic(uint32_t) *)(void *)((char *)memory + size - sizeof(uint32_t));
}

static int make_locks(struct qs_shared_memory *memory, uint32_t capacity)
{
	pthread_mutexattr_t robust;
	int error = pthread_mutexattr_init(&robust);
	if (error != 0)
		return -error;
	if (pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED) != 0 ||
	    pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST) != 0)
		error = ENOTSUP;
	if (error == 0)
		error = pthread_mutex_init(&memory->leader, &robust);
	for (uint32_t i = 0; error == 0 && i < capacity; i++)
		error = pthread_mutex_init(&memory->slots[i].life, &robust);
	pthread_mutexattr_destroy(&robust);
	return -error;
}

/* A domain that is being made, by a process that is there no more. */
static bool is_left_unmade(uint64_t word)
{
	uint64_t maker = word >> MAKER_SHIFT;
	int kept = errno;
	bool gone;
	if ((word & 0xff) != IN_THE_MAKING || maker == 0 || maker > INT_MAX)
		return false;
	gone = kill((pid_t)maker, 0) != 0 && errno == ESRCH;
	errno = kept;
	return gone;
}

/* Whoever turns the first word from nothing, or from what the dead have left, makes the domain. */
static int begin_making(struct qs_shared_memory *made)
{
	uint64_t mine = (uint64_t)getpid() << MAKER_SHIFT | IN_THE_MAKING;
	uint64_t found = 0;
	while (!qs_compare_exchange(&made->magic, &found, mine)) {
		if (found != 0 && !is_left_unmade(found))
			return (found & 0xff) == IN_THE_MAKING && found >> 32 == 0 ? -EBUSY : -EEXIST;
	}
	return 0;
}

int qs_shared_init(void *memory, size_t size, const struct qs_shared_options *options)
{
	struct qs_shared_memory *made = memory;
	size_t needed = options ? qs_shared_size(options->capacity) : 0;
	int error;
	if (misaligned(memory) || needed == 0 || size < needed)
		return -EINVAL;
	if ((options->flags & ~QS_SHARED_GLOBAL) != 0 || options->limit_us > LIMIT_MAX_US)
		return -EINVAL;
	if (qs_shared_word_faults(last_word(memory, needed)))
		return -EFAULT;
	error = begin_making(made);
	if (error != 0)
		return error;
	memset((char *)memory + sizeof made->magic, 0, needed - sizeof made->magic);
	error = make_locks(made, options->capacity);
	if (error != 0) {
		qs_store_release(&made->magic, 0);
		return error;
	}
	made->version = VERSION;
	made->layout = layout;
	made->capacity = options->capacity;
	made->flags = options->flags;
	made->limit_us = options->limit_us ? options->limit_us : DEFAULT_LIMIT_US;
	qs_store_relaxed(&made->gp, 1);
	qs_store_release(&made->magic, MAGIC);
	return 0;
}

/* The mapping is for this process alone, can be written, and is all there. */
static int make_ours(void *own, size_t size)
{
	if (madvise(own, size, MADV_DONTFORK) != 0 || mprotect(own, size, PROT_READ | PROT_WRITE) != 0)
		return -errno;
	return qs_shared_word_faults(last_word(own, size)) ? -EFAULT : 0;
}

int qs_shared_attach(struct qs_shared_domain *domain, void *memory, size_t size)
{
	const volatile struct qs_shared_memory *found = memory;
	uint32_t capacity, flags, limit_us;
	uint64_t magic;
	size_t needed;
	void *own;
	int error;
	if (!domain || misaligned(memory))
		return -EINVAL;
	if (size < sizeof *found)
		return -EPROTO;
	if (qs_shared_word_is_missing(memory))
		return -EFAULT;
	magic = qs_load_acquire(&((struct qs_shared_memory *)memory)->magic);
	if (magic == 0 || ((magic & 0xff) == IN_THE_MAKING && magic >> 32 == 0))
		return -EAGAIN;
	/* Each is looked at once. */
	capacity = found->capacity;
	flags = found->flags;
	limit_us = found->limit_us;
	needed = qs_shared_size(capacity);
	if (magic != MAGIC || found->version != VERSION || found->layout != layout || needed == 0 || size < needed ||
	    (flags & ~QS_SHARED_GLOBAL) != 0 || limit_us == 0 || limit_us > LIMIT_MAX_US)
		return -EPROTO;
	if ((flags & QS_SHARED_GLOBAL) != 0 && !qs_membarrier_usable(QS_GLOBAL_EXPEDITED))
		return -ENOTSUP;
	/* An old size of 0 maps the same pages of a shared mapping once more. */
	own = mremap(memory, 0, needed, MREMAP_MAYMOVE);
	if (own == MAP_FAILED)
		return -errno;
	error = make_ours(own, needed);
	if (error != 0) {
		munmap(own, needed);
		return error;
	}
	memset((void *)domain, 0, sizeof *domain);
	domain->memory = own;
	domain->size = needed;
	domain->capacity = capacity;
	domain->limit_us = limit_us;
	domain->fences = (flags & QS_SHARED_GLOBAL) == 0;
	return 0;
}

void qs_shared_report_stalls(struct qs_shared_domain *domain, uint32_t stall_ms,
			     void (*stalled)(const struct qs_shared_stall *stall, void *context), void *context)
{
	domain->stall_ms = stall_ms;
	domain->stalled = stalled;
	domain->context = context;
}

int qs_shared_detach(struct qs_shared_domain *domain)
{
	if (!domain || !domain->memory)
		return -EINVAL;
	if (qs_load_acquire(&domain->readers) != 0)
		return -EBUSY;
	if (munmap(domain->memory, domain->size) != 0)
		return -errno;
	domain->memory = NULL;
	return 0;
}

/* The slot's lock, or false. Of a dead owner, who may have been in a section, nothing is left then. */
static bool claim(struct qs_shared_slot *slot)
{
	QS_SHARED_STEP(Claim);
	int result = pthread_mutex_trylock(&slot->life);
	if (result == EOWNERDEAD) {
		QS_SHARED_STEP(ClearDead);
		qs_store_release(&slot->announced, 0);
		QS_SHARED_STEP(WakeDead);
		qs_shared_futex_wake(&slot->notice);
		QS_SHARED_STEP(Consistent);
		result = pthread_mutex_consistent(&slot->life);
	}
	return result == 0;
}

int qs_shared_register(struct qs_shared_domain *domain, struct qs_shared_reader *reader)
{
	struct held *mine = held_here();
	if (!domain || !domain->memory || !reader)
		return -EINVAL;
	if (mine->count >= QS_SHARED_LOCKS_MAX)
		return -EMFILE;
	for (uint32_t i = 0; i < domain->capacity; i++) {
		struct qs_shared_slot *slot = &domain->memory->slots[i];
		if (!claim(slot))
			continue;
		qs_store_relaxed(&slot->process, (int32_t)mine->process);
		/* Asked for anew: where there is no other domain, nobody is told of a fork. */
		qs_store_relaxed(&slot->thread, (int32_t)syscall(SYS_gettid));
		mine->count++;
		qs_fetch_add(&domain->readers, 1);
		*reader = (struct qs_shared_reader){
			.slot = slot,
			.gp = &domain->memory->gp,
			.fences = domain->fences,
			.domain = domain,
			.next = mine->first,
		};
		mine->first = reader;
		return 0;
	}
	return -EAGAIN;
}

/* What points to the reader in the calling thread's list, or to its end. */
static struct qs_shared_reader **place_of(const struct qs_shared_reader *reader)
{
	struct qs_shared_reader **place = &held_here()->first;
	while (*place && *place != reader)
		place = &(*place)->next;
	return place;
}

int qs_shared_unregister(struct qs_shared_reader *reader)
{
	struct qs_shared_domain *domain;
	struct qs_shared_reader **place;
	int error;
	if (!reader || !reader->slot)
		return -EINVAL;
	domain = reader->domain;
	place = place_of(reader);
	if (!*place)
		return -EPERM;
	if (qs_load_relaxed(&reader->slot->announced) != 0)
		return -EBUSY;
	QS_SHARED_STEP(Unregister);
	error = pthread_mutex_unlock(&reader->slot->life);
	if (error != 0)
		return -error;
	*place = reader->next;
	held.count--;
	reader->slot = NULL;
	qs_fetch_sub(&domain->readers, 1);
	return 0;
}

void qs_shared_wake(struct qs_shared_slot *slot)
{
	QS_SHARED_STEP(ClearNotice);
	qs_store_relaxed(&slot->notice, 0);
	QS_SHARED_STEP(Wake);
	qs_shared_futex_wake(&slot->notice);
}
