import { buildAddon } from "./build.js";
import type { DrivePlan } from "./drive-plan.js";
import { ReplayProcessError } from "./errors.js";

declare const handle: unique symbol;
/** A domain that lives outside of JavaScript's memory. Collected with the last reference, unless a reader is registered. */
export type DomainHandle = { readonly [handle]: "domain" };
/** A registered reader; dead once it is unregistered. */
export type ReaderHandle = { readonly [handle]: "reader" };

/** How the driver goes through a plan. */
export interface DriveOptions {
  /** Path of the target's shared library. */
  readonly target: string;
  /** The processor that the whole process is pinned to; -1: none. */
  readonly cpu: number;
  /** No step for this many milliseconds is a hang. */
  readonly hangMs: number;
  /** The paths first, first + stride, ... are driven. */
  readonly first: number;
  readonly stride: number;
}

/** A failure as the driver reports it: states in full, steps by number. */
export interface DriveFailure {
  readonly kind: string;
  readonly path: number;
  readonly move: number;
  readonly lane: number;
  readonly step: number;
  readonly message: string;
  readonly expected?: readonly number[];
  readonly actual?: readonly number[];
  /** What was asked for in vain before the move. */
  readonly probe?: { readonly lane: number; readonly step: number };
}

export interface DriveResult {
  readonly paths: number;
  readonly steps: number;
  readonly probes: number;
  readonly seconds: number;
  readonly failure?: DriveFailure;
}

/** Flavours by number: what `domainCreate` takes ("any": the cheapest read side that this system allows). */
export const FLAVOURS = ["any", "membarrier", "global", "signal", "mb", "qsbr"] as const;

/**
 * The addon as it is. Errors of the library are thrown with their errno's name as `code`. It trusts its caller as the C
 * library does: a reader that is used after it was unregistered, or `synchronize` inside a section, isn't caught.
 */
export interface Addon {
  /** @param capacity most readers at a time, 0: the default; @param flavour index into FLAVOURS */
  domainCreate(capacity: number, flavour: number): DomainHandle;
  domainDestroy(domain: DomainHandle): void;
  /** Index into FLAVOURS. */
  domainFlavour(domain: DomainHandle): number;
  domainNumber(domain: DomainHandle): number;
  synchronize(domain: DomainHandle): void;
  register(domain: DomainHandle): ReaderHandle;
  unregister(reader: ReaderHandle): void;
  /** The token: true when this is the outermost section. */
  readLock(reader: ReaderHandle): boolean;
  readUnlock(reader: ReaderHandle, token: boolean): void;
  /** What membarrier's QUERY answers: a bit mask of commands, or a negative errno. */
  membarrierQuery(): number;
  /** The system call: its result, or a negative errno. membarrier.ts says what the numbers mean. */
  membarrierCall(command: number, flags: number, cpu: number): number;
  /** The processors that this process may run on. */
  cpus(): number[];
  /** For a process that drives a target: no core file, and no life without its parent. */
  becomeShard(parent: number): void;
  /** Loads a driver library (native/drive/driver.h), and returns its name. One in a process. */
  driveOpen(file: string): string;
  /** A fresh instance; numbers and texts by name. */
  driveBegin(
    claim: string,
    lanes: readonly (readonly [kind: string, value: number | string])[],
    constants: readonly (readonly [name: string, value: number | string])[],
  ): void;
  /** Takes a step on its lane's thread: 0 done, 1 refused, 2 unknown, 4 it is blocked in it. Throws what went wrong. */
  driveStep(step: string, lane: number, parameters: readonly (readonly [string, number | string])[]): number;
  driveLook(): Record<string, number | string | boolean | number[]>;
  /** 1 while a lane is in a call. */
  driveBusy(lane: number): number;
  driveEnd(): void;
  /** Ends the process immediately, stuck threads or not. */
  exitNow(code: number): never;
  /**
   * Drives the plan in this process. After a failure the process has to end: see native/replay/driver.h. Throws an error
   * with the code EPROTO when the target isn't one for this plan.
   */
  replay(plan: DrivePlan, options: DriveOptions, progress: number): DriveResult;
}

/**
 * Loads the addon from its file, as `buildAddon` returns it.
 *
 * @throws ReplayProcessError when Node can't load it
 */
export function openAddon(file: string): Addon {
  const module: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(module, file);
  } catch (error) {
    throw new ReplayProcessError(
      `the addon can't be loaded: ${error instanceof Error ? error.message : String(error)}`,
      {
        where: file,
        hint: "Remove the folder build/native; it is built again by the next command.",
        cause: error,
      },
    );
  }
  return module.exports as Addon;
}

let loaded: Promise<Addon> | undefined;

/** The addon, built first if it isn't up to date. */
export function loadAddon(): Promise<Addon> {
  loaded ??= buildAddon()
    .then(openAddon)
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}
