/* SPDX-License-Identifier: MIT */
/* A domain in shared memory: making it, attaching to it, registering in it. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "futex.h"
#include "membarrier.h"
#include "quiesce/shared.h"

#define MAGIC UINT64_C(0x31657363656975f1)
#define VERSION 1u
#define DEFAULT_LIMIT_US 5000u
#define LIMIT_MAX_US 10000000u

/* What must be the same in all processes, and differs between word sizes and C libraries. */
static const uint32_t layout = (uint32_t)(sizeof(struct qs_shared_memory) ^ sizeof(struct qs_shared_slot) << 10 ^
					  sizeof(pthread_mutex_t) << 20 ^ sizeof(void *) << 28);

/* How many slots the thread holds. A child after fork() holds none of its parent's. */
static _Thread_local struct {
	pid_t process;
	uint32_t count;
} held;

static uint32_t *held_here(void)
{
	pid_t process = getpid();
	if (held.process != process) {
		held.process = process;
		held.count = 0;
	}
	return &held.count;
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

int qs_shared_init(void *memory, size_t size, const struct qs_shared_options *options)
{
	struct qs_shared_memory *made = memory;
	size_t needed = options ? qs_shared_size(options->capacity) : 0;
	int error;
	if (misaligned(memory) || needed == 0 || size < needed)
		return -EINVAL;
	if ((options->flags & ~QS_SHARED_GLOBAL) != 0 || options->limit_us > LIMIT_MAX_US)
		return -EINVAL;
	if (qs_load_acquire(&made->magic) == MAGIC)
		return -EEXIST;
	memset(memory, 0, needed);
	error = make_locks(made, options->capacity);
	if (error != 0)
		return error;
	made->version = VERSION;
	made->layout = layout;
	made->capacity = options->capacity;
	made->flags = options->flags;
	made->limit_us = options->limit_us ? options->limit_us : DEFAULT_LIMIT_US;
	qs_store_relaxed(&made->gp, 1);
	qs_store_release(&made->magic, MAGIC);
	return 0;
}

int qs_shared_attach(struct qs_shared_domain *domain, void *memory, size_t size)
{
	const volatile struct qs_shared_memory *found = memory;
	uint32_t capacity, flags, limit_us;
	uint64_t magic;
	size_t needed;
	void *own;
	if (!domain || misaligned(memory))
		return -EINVAL;
	if (size < sizeof *found)
		return -EPROTO;
	magic = qs_load_acquire(&((struct qs_shared_memory *)memory)->magic);
	if (magic == 0)
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
	if (madvise(own, needed, MADV_DONTFORK) != 0) {
		int error = errno;
		munmap(own, needed);
		return -error;
	}
	domain->memory = own;
	domain->size = needed;
	domain->capacity = capacity;
	domain->limit_us = limit_us;
	domain->fences = (flags & QS_SHARED_GLOBAL) == 0;
	qs_store_relaxed(&domain->readers, 0);
	return 0;
}

int qs_shared_detach(struct qs_shared_domain *domain)
{
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
	uint32_t *count = held_here();
	if (*count >= QS_SHARED_LOCKS_MAX)
		return -EMFILE;
	for (uint32_t i = 0; i < domain->capacity; i++) {
		struct qs_shared_slot *slot = &domain->memory->slots[i];
		if (!claim(slot))
			continue;
		++*count;
		qs_fetch_add(&domain->readers, 1);
		*reader = (struct qs_shared_reader){
			.slot = slot,
			.gp = &domain->memory->gp,
			.fences = domain->fences,
			.domain = domain,
			.thread = pthread_self(),
		};
		return 0;
	}
	return -EAGAIN;
}

int qs_shared_unregister(struct qs_shared_reader *reader)
{
	struct qs_shared_domain *domain = reader->domain;
	int error;
	if (!pthread_equal(reader->thread, pthread_self()))
		return -EPERM;
	if (qs_load_relaxed(&reader->slot->announced) != 0)
		return -EBUSY;
	QS_SHARED_STEP(Unregister);
	error = pthread_mutex_unlock(&reader->slot->life);
	if (error != 0)
		return -error;
	--*held_here();
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
