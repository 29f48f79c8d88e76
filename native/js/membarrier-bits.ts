/**
 * The commands of membarrier(2) by the bits that MEMBARRIER_CMD_QUERY shows for them (include/uapi/linux/membarrier.h),
 * without MEMBARRIER_CMD_. The one list of them in TypeScript.
 */
export const COMMAND_BITS = {
  GLOBAL: 1 << 0,
  GLOBAL_EXPEDITED: 1 << 1,
  REGISTER_GLOBAL_EXPEDITED: 1 << 2,
  PRIVATE_EXPEDITED: 1 << 3,
  REGISTER_PRIVATE_EXPEDITED: 1 << 4,
  PRIVATE_EXPEDITED_SYNC_CORE: 1 << 5,
  REGISTER_PRIVATE_EXPEDITED_SYNC_CORE: 1 << 6,
  PRIVATE_EXPEDITED_RSEQ: 1 << 7,
  REGISTER_PRIVATE_EXPEDITED_RSEQ: 1 << 8,
  GET_REGISTRATIONS: 1 << 9,
} as const;

/** The name of a command in the manual page, without MEMBARRIER_CMD_. */
export type CommandName = keyof typeof COMMAND_BITS;

/** All of the names, by rising bit. */
export const COMMAND_NAMES = Object.keys(COMMAND_BITS) as readonly CommandName[];
