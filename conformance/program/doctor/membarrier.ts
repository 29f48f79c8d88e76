/** A command of membarrier(2), by its bit in what MEMBARRIER_CMD_QUERY answers (include/uapi/linux/membarrier.h). */
export interface MembarrierCommand {
  readonly name: string;
  readonly bit: number;
}

const NAMES = [
  "GLOBAL",
  "GLOBAL_EXPEDITED",
  "REGISTER_GLOBAL_EXPEDITED",
  "PRIVATE_EXPEDITED",
  "REGISTER_PRIVATE_EXPEDITED",
  "PRIVATE_EXPEDITED_SYNC_CORE",
  "REGISTER_PRIVATE_EXPEDITED_SYNC_CORE",
  "PRIVATE_EXPEDITED_RSEQ",
  "REGISTER_PRIVATE_EXPEDITED_RSEQ",
  "GET_REGISTRATIONS",
];

export const COMMANDS: readonly MembarrierCommand[] = NAMES.map((name, i) => ({ name, bit: 1 << i }));

/** True when the kernel's answer to MEMBARRIER_CMD_QUERY (`mask`) has the command's bit. */
export function isSupported(command: MembarrierCommand, mask: number): boolean {
  return (mask & command.bit) !== 0;
}
