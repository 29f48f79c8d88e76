import { getSystemErrorName } from "node:util";
import { EnvironmentError } from "../../spec/tlc/base/errors.js";
import { type Addon, loadAddon } from "./addon.js";
import { COMMAND_BITS as BITS } from "./membarrier-bits.js";

/**
 * The commands of membarrier(2) that make other threads pass a barrier, and whom each reaches:
 *
 * - `global`: every thread of the system, without an interrupt: it waits until each has been switched, some milliseconds
 * - `globalExpedited`: running threads of all processes that have registered for it, by interrupts
 * - `privateExpedited`: running threads of this process, by interrupts; a microsecond or so
 * - `privateExpeditedSyncCore`: the same, and each also serialises its instruction stream before it goes on in user space
 *   (for who changes code that others run)
 * - `privateExpeditedRseq`: the same, and restartable sequences in progress are restarted
 */
export const COMMANDS = {
  global: { run: BITS.GLOBAL, register: 0 },
  globalExpedited: { run: BITS.GLOBAL_EXPEDITED, register: BITS.REGISTER_GLOBAL_EXPEDITED },
  privateExpedited: { run: BITS.PRIVATE_EXPEDITED, register: BITS.REGISTER_PRIVATE_EXPEDITED },
  privateExpeditedSyncCore: {
    run: BITS.PRIVATE_EXPEDITED_SYNC_CORE,
    register: BITS.REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
  },
  privateExpeditedRseq: { run: BITS.PRIVATE_EXPEDITED_RSEQ, register: BITS.REGISTER_PRIVATE_EXPEDITED_RSEQ },
} as const satisfies Readonly<Record<string, { readonly run: number; readonly register: number }>>;

export type MembarrierCommand = keyof typeof COMMANDS;
/** A command that this process has to register for, once, before it may run it. */
export type RegisteredCommand = Exclude<MembarrierCommand, "global">;

const NAMES = Object.keys(COMMANDS) as readonly MembarrierCommand[];
const QUERY = 0;
const FLAG_CPU = 1;

/** The kernel refuses a call (exit code 3). */
export class MembarrierError extends EnvironmentError {
  /**
   * @param code the errno's name, such as "ENOMEM"
   * @param command what was asked for; null: a query
   */
  constructor(
    readonly code: string,
    readonly command: MembarrierCommand | null,
    problem: string,
    hint?: string,
  ) {
    super(`membarrier: ${problem} (${code})`, hint === undefined ? {} : { hint });
  }
}

/** There is no membarrier: a kernel before 4.3, one that was built without it, or a filter in front of it. */
export class MembarrierAbsentError extends MembarrierError {}

/** The kernel has membarrier, but not this command. */
export class MembarrierUnsupportedError extends MembarrierError {}

/** The command was run before this process has registered for it. */
export class MembarrierUnregisteredError extends MembarrierError {}

/** membarrier(2), typed. Every call is one system call; none is asynchronous. */
export class Membarrier {
  /** @internal use `loadMembarrier` */
  constructor(private readonly addon: Pick<Addon, "membarrierCall">) {}

  /** Which commands this kernel has. @throws MembarrierAbsentError */
  query(): ReadonlySet<MembarrierCommand> {
    const mask = this.addon.membarrierCall(QUERY, 0, 0);
    if (mask < 0) throw errorOf(mask, null);
    return new Set(NAMES.filter((name) => (mask & COMMANDS[name].run) !== 0));
  }

  /**
   * What this process has registered for; null where the kernel does not say (before 6.3).
   * @throws MembarrierAbsentError
   */
  registrations(): ReadonlySet<RegisteredCommand> | null {
    const mask = this.addon.membarrierCall(BITS.GET_REGISTRATIONS, 0, 0);
    if (mask < 0) {
      // Says EINVAL for a command that it lacks; whether it is there at all, the query says.
      this.query();
      return null;
    }
    return new Set(NAMES.filter(isRegistered).filter((name) => (mask & COMMANDS[name].register) !== 0));
  }

  /**
   * Registers this process for a command; once is enough, and again does no harm. Threads that run already are covered
   * when it returns.
   * @throws MembarrierUnsupportedError; MembarrierAbsentError
   */
  register(command: RegisteredCommand): void {
    this.call(COMMANDS[command].register, command, 0, 0);
  }

  /**
   * Every running thread that the command reaches passes a full barrier between the call and its return; and so does the
   * caller.
   * @param cpu for `privateExpeditedRseq`: only the thread that runs on this processor
   * @throws MembarrierUnregisteredError; MembarrierUnsupportedError; MembarrierAbsentError; MembarrierError with the code
   * "ENOMEM" when the kernel is out of memory for a moment: try again
   */
  run(command: MembarrierCommand): void;
  run(command: "privateExpeditedRseq", options: { readonly cpu: number }): void;
  run(command: MembarrierCommand, options?: { readonly cpu: number }): void {
    const flags = options === undefined ? 0 : FLAG_CPU;
    this.call(COMMANDS[command].run, command, flags, options?.cpu ?? 0);
  }

  private call(number: number, command: MembarrierCommand, flags: number, cpu: number): void {
    const result = this.addon.membarrierCall(number, flags, cpu);
    if (result < 0) throw errorOf(result, command);
  }
}

/** Loads the addon, which is built first if it isn't up to date. @throws as `loadAddon` */
export async function loadMembarrier(): Promise<Membarrier> {
  return new Membarrier(await loadAddon());
}

function isRegistered(command: MembarrierCommand): command is RegisteredCommand {
  return COMMANDS[command].register !== 0;
}

function errorOf(negative: number, command: MembarrierCommand | null): MembarrierError {
  const code = getSystemErrorName(negative);
  if (code === "ENOSYS" || command === null) {
    const hint = "It needs Linux 4.3 or later, and a container or sandbox that lets it through.";
    return new MembarrierAbsentError(code, command, "this system has no such call, or refuses it", hint);
  }
  if (code === "EINVAL") {
    const hint = `query() says which commands there are.`;
    return new MembarrierUnsupportedError(code, command, `this kernel has no ${command}`, hint);
  }
  if (code === "EPERM") {
    const problem = `this process has not registered for ${command}`;
    return new MembarrierUnregisteredError(code, command, problem, `Call register("${command}") first.`);
  }
  return new MembarrierError(code, command, `${command} failed`);
}
