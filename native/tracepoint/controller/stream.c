/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "step.h"

enum { HEADER = sizeof(qs_packet), NAME = 48, BITS = 8 };

static const uint64_t FIRST_PART = 1 << 18, NEXT_PART = 1 << 24;

static uint64_t aligned(uint64_t bytes)
{
	return (bytes + QS_CTF_ALIGN - 1) / QS_CTF_ALIGN * QS_CTF_ALIGN;
}

static void name_part(char name[NAME], const struct qs_stream *stream, uint32_t part)
{
	snprintf(name, NAME, "stream_%u_%u_%u", stream->ring, stream->use, part);
}

bool qs_stream_name(const char *file, uint32_t *ring, uint32_t *use, uint32_t *part)
{
	char again[NAME];
	int end = 0;
	if (sscanf(file, "stream_%9u_%10u_%9u%n", ring, use, part, &end) != 3 || file[end] != 0)
		return false;
	snprintf(again, sizeof again, "stream_%u_%u_%u", *ring, *use, *part);
	return strcmp(file, again) == 0;
}

/* All bytes, or an errno. */
static int write_at(int fd, struct iovec *pieces, int count, off_t at)
{
	while (count > 0) {
		ssize_t written = pwritev(fd, pieces, count, at);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? errno : ENOSPC;
		at += written;
		while (count > 0 && (size_t)written >= pieces->iov_len) {
			written -= (ssize_t)pieces->iov_len;
			pieces++;
			count--;
		}
		if (count > 0) {
			pieces->iov_base = (char *)pieces->iov_base + written;
			pieces->iov_len -= (size_t)written;
		}
	}
	return 0;
}

static int write_header(int fd, qs_packet *header, uint64_t at)
{
	struct iovec piece = { header, HEADER };
	return write_at(fd, &piece, 1, (off_t)at);
}

/* An empty packet that covers the file from `at` on. */
static qs_packet empty_packet(const struct qs_stream *stream, const qs_packet *before, uint64_t at, uint64_t size)
{
	qs_packet packet = *before;
	packet.magic = QS_CTF_MAGIC;
	packet.stream_id = 0;
	packet.timestamp_begin = packet.timestamp_end = before->timestamp_end;
	packet.content_size = (uint64_t)HEADER * BITS;
	packet.packet_size = (size - at) * BITS;
	packet.events_discarded = stream->discarded;
	packet.packet_seq_num = stream->sequence;
	packet.position_begin = before->position_end;
	packet.events = 0;
	return packet;
}

/* No larger than a file of ours may be, unless `least` is. */
static uint64_t size_of_part(uint64_t size, uint64_t least)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < size)
		size = limit.rlim_cur / QS_CTF_ALIGN * QS_CTF_ALIGN;
	return size < least ? least : size;
}

/* Makes a part for at least so many bytes of packets. It appears with its empty packets, or not at all. */
static int begin_part(struct qs_stream *stream, int folder, const qs_packet *packet, uint64_t bytes)
{
	char name[NAME];
	struct qs_stream fresh = { .ring = stream->ring, .use = stream->use, .part = stream->part, .open = true };
	qs_packet first = *packet;
	int fd, error;
	fresh.time = stream->time;
	fresh.ring_lost = stream->ring_lost;
	fresh.size = size_of_part(stream->open || stream->part > 0 ? NEXT_PART : FIRST_PART,
				  bytes + 2 * QS_CTF_ALIGN);
	if (stream->open)
		fresh.part++;
	name_part(name, &fresh, fresh.part);
	fd = openat(folder, ".part", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	/* The first packet stays empty: readers count what was discarded from one packet to the next. */
	first.timestamp_end = fresh.time > 0 ? fresh.time : packet->timestamp_begin;
	first.position_end = packet->position_begin;
	/* Not the packet's: whoever goes on from here counts what it would have counted. */
	first.ring_lost = stream->ring_lost;
	first = empty_packet(&fresh, &first, 0, QS_CTF_ALIGN);
	error = ftruncate(fd, (off_t)fresh.size) != 0 ? errno : write_header(fd, &first, 0);
	fresh.sequence = 1;
	first = empty_packet(&fresh, &first, QS_CTF_ALIGN, fresh.size);
	if (error == 0)
		error = write_header(fd, &first, QS_CTF_ALIGN);
	close(fd);
	QS_TRACE_STEP(PartWritten);
	if (error == 0 && renameat(folder, ".part", folder, name) != 0)
		error = errno;
	if (error != 0) {
		unlinkat(folder, ".part", 0);
		return error;
	}
	QS_TRACE_STEP(PartVisible);
	if (stream->open)
		qs_stream_close(stream, folder);
	fresh.at = QS_CTF_ALIGN;
	*stream = fresh;
	return 0;
}

static int add(struct qs_stream *stream, int folder, const qs_packet *packet, const uint8_t *events, size_t length)
{
	static const uint8_t zeros[QS_CTF_ALIGN];
	char name[NAME];
	uint64_t bytes = aligned(HEADER + length);
	qs_packet header = *packet, after;
	name_part(name, stream, stream->part);
	int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno;
	header.magic = QS_CTF_MAGIC;
	header.stream_id = 0;
	header.content_size = (HEADER + length) * BITS;
	header.packet_size = bytes * BITS;
	header.events_discarded = stream->discarded;
	header.packet_seq_num = stream->sequence++;
	after = empty_packet(stream, &header, stream->at + bytes, stream->size);
	struct iovec pieces[] = {
		{ (void *)(uintptr_t)events, length },
		{ (void *)(uintptr_t)zeros, (size_t)bytes - HEADER - length },
		{ &after, HEADER },
	};
	int error = write_at(fd, pieces, 3, (off_t)(stream->at + HEADER));
	QS_TRACE_STEP(PacketWritten);
	if (error == 0)
		error = write_header(fd, &header, stream->at);
	QS_TRACE_STEP(PacketVisible);
	close(fd);
	if (error == 0)
		stream->at += bytes;
	else
		stream->sequence--;
	return error;
}

int qs_stream_append(struct qs_stream *stream, int folder, const qs_packet *packet, uint64_t discarded,
		     const uint8_t *events, size_t length)
{
	uint64_t bytes = aligned(HEADER + length);
	int error = 0;
	if (!stream->open || stream->at + bytes + QS_CTF_ALIGN > stream->size)
		error = begin_part(stream, folder, packet, bytes);
	if (error != 0)
		return error;
	stream->discarded += discarded;
	error = add(stream, folder, packet, events, length);
	if (error != 0) {
		stream->discarded -= discarded;
		return error;
	}
	stream->time = packet->timestamp_end;
	stream->ring_lost = packet->ring_lost;
	return 0;
}

void qs_stream_close(struct qs_stream *stream, int folder)
{
	char name[NAME];
	if (!stream->open)
		return;
	name_part(name, stream, stream->part);
	int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	/* Where it can't be cut it stays as long as it is, with an empty packet at its end. */
	if (fd >= 0 && ftruncate(fd, (off_t)stream->at) == 0)
		QS_TRACE_STEP(PartClosed);
	if (fd >= 0)
		close(fd);
	stream->open = false;
	stream->part++;
}

static bool is_whole(const qs_packet *packet, uint64_t at, uint64_t size)
{
	uint64_t bytes = packet->packet_size / BITS;
	return packet->magic == QS_CTF_MAGIC && packet->packet_size % (QS_CTF_ALIGN * BITS) == 0 && bytes > 0 &&
	       bytes <= size - at && packet->content_size <= packet->packet_size &&
	       packet->content_size >= (uint64_t)HEADER * BITS;
}

bool qs_stream_mend(int folder, const char *file, qs_packet *last, bool cut)
{
	struct stat found;
	qs_packet packet;
	uint64_t at = 0, last_at = 0, size;
	int fd = openat(folder, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	memset(last, 0, sizeof *last);
	size = fstat(fd, &found) == 0 && S_ISREG(found.st_mode) ? (uint64_t)found.st_size : 0;
	while (size - at >= HEADER && pread(fd, &packet, HEADER, (off_t)at) == HEADER && is_whole(&packet, at, size)) {
		*last = packet;
		last_at = at;
		at += packet.packet_size / BITS;
	}
	if (cut && at > QS_CTF_ALIGN && last->events == 0 && last->packet_size > (uint64_t)QS_CTF_ALIGN * BITS)
		at = last_at;
	if (at > 0 && at < size && ftruncate(fd, (off_t)at) != 0)
		at = 0;
	close(fd);
	return at > 0;
}
