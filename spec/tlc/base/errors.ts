/** What an error tells a person besides its message. */
export interface ErrorDetails {
  /** Where it happened: a file with line and column, or the name of a variable or option. */
  readonly where?: string;
  /** What to do about it; may have several lines. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error that we foresaw: its message is for a person, and it knows the program's exit code. */
export class QuiesceError extends Error {
  readonly where?: string;
  readonly hint?: string;

  constructor(
    message: string,
    readonly exitCode: number,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    if (details.where !== undefined) this.where = details.where;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}

/** The program was called in a way that it does not support (exit code 2). */
export class UsageError extends QuiesceError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, 2, details);
  }
}

/** A file or value that we were given is invalid (exit code 2). */
export class BadInputError extends QuiesceError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, 2, details);
  }
}

/** The machine lacks something: a program, a file, a permission, the network (exit code 3). */
export class EnvironmentError extends QuiesceError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, 3, details);
  }
}

/** Ctrl-C or an AbortSignal interrupted the work (exit code 130). */
export class Interrupted extends QuiesceError {
  constructor(message = "interrupted", details?: ErrorDetails) {
    super(message, 130, details);
  }
}

/** Throws Interrupted when the signal is already aborted. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Interrupted();
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a Node.js system error (`ENOENT`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
