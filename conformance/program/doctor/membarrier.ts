import { COMMAND_BITS, COMMAND_NAMES } from "../../../native/js/membarrier-bits.js";

/** A command of membarrier(2), by its bit in what MEMBARRIER_CMD_QUERY answers. */
export interface MembarrierCommand {
  readonly name: string;
  readonly bit: number;
}

export const COMMANDS: readonly MembarrierCommand[] = COMMAND_NAMES.map((name) => ({
  name,
  bit: COMMAND_BITS[name],
}));

/** True when the kernel's answer to MEMBARRIER_CMD_QUERY (`mask`) has the command's bit. */
export function isSupported(command: MembarrierCommand, mask: number): boolean {
  return (mask & command.bit) !== 0;
}
