/* SPDX-License-Identifier: MIT */
/* Generated from native/js/membarrier-bits.ts by `npm run generate`. Do not edit. */
#ifndef QS_GENERATED_MEMBARRIER_COMMANDS_H
#define QS_GENERATED_MEMBARRIER_COMMANDS_H

/* The commands of membarrier(2), by rising bit, as in include/uapi/linux/membarrier.h of the kernel. */
#define QS_MEMBARRIER_COMMANDS(X) \
	X(GLOBAL, 1) \
	X(GLOBAL_EXPEDITED, 2) \
	X(REGISTER_GLOBAL_EXPEDITED, 4) \
	X(PRIVATE_EXPEDITED, 8) \
	X(REGISTER_PRIVATE_EXPEDITED, 16) \
	X(PRIVATE_EXPEDITED_SYNC_CORE, 32) \
	X(REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 64) \
	X(PRIVATE_EXPEDITED_RSEQ, 128) \
	X(REGISTER_PRIVATE_EXPEDITED_RSEQ, 256) \
	X(GET_REGISTRATIONS, 512)

#define QS_MEMBARRIER_COMMAND(name, number) QS_CMD_##name = (number),
enum qs_membarrier_bit { QS_CMD_QUERY = 0, QS_MEMBARRIER_COMMANDS(QS_MEMBARRIER_COMMAND) };
#undef QS_MEMBARRIER_COMMAND

#endif
