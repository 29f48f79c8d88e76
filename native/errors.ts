/** What an error of this room tells a person beside its message. */
export interface NativeErrorDetails {
  /** Where it happened: a file, a variable, an option. */
  readonly where?: string;
  /** What to do about it; may have several lines. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Every error that this room throws on purpose is one of these. `exitCode` is the program's exit code for it. */
export class NativeError extends Error {
  readonly where?: string;
  readonly hint?: string;

  constructor(
    message: string,
    readonly exitCode: number,
    details: NativeErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    if (details.where !== undefined) this.where = details.where;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}

/** No C compiler can be started (exit code 3). */
export class CompilerMissingError extends NativeError {
  constructor(message: string, details?: NativeErrorDetails) {
    super(message, 3, details);
  }
}

/** The compiler refused a source of this room (exit code 3); its own words are in the hint. */
export class CompileError extends NativeError {
  constructor(message: string, details?: NativeErrorDetails) {
    super(message, 3, details);
  }
}

/** A plan, an option or a name that was given to us is not as it must be (exit code 2). */
export class BadPlanError extends NativeError {
  constructor(message: string, details?: NativeErrorDetails) {
    super(message, 2, details);
  }
}

/** No mutant has this name, or a mutant's text to change is no longer in its file (exit code 2). */
export class MutantError extends NativeError {
  constructor(message: string, details?: NativeErrorDetails) {
    super(message, 2, details);
  }
}

/** The addon can't be loaded, or a replaying process can't be started or ends without a result (exit code 3). */
export class ReplayProcessError extends NativeError {
  constructor(message: string, details?: NativeErrorDetails) {
    super(message, 3, details);
  }
}

/** The kernel lacks membarrier PRIVATE_EXPEDITED, or something refuses it (exit code 3). */
export class MembarrierMissingError extends NativeError {
  constructor(message: string, details?: NativeErrorDetails) {
    super(message, 3, details);
  }
}

/** Somebody aborted the signal that was given (exit code 130). */
export class NativeInterrupted extends NativeError {
  constructor(message = "interrupted", details?: NativeErrorDetails) {
    super(message, 130, details);
  }
}

/** Throws NativeInterrupted when the signal is aborted already. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new NativeInterrupted();
}
