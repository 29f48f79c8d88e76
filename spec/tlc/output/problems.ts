import { EC } from "./codes.js";
import { withoutJava } from "./java-words.js";
import { findLocation, type SourceLocation } from "./location.js";
import type { TlcMessage } from "./messages.js";

/** What stopped TLC from giving a verdict, in words for a person. */
export interface SpecProblem {
  readonly kind: "parse" | "semantic" | "config" | "evaluation" | "internal" | "memory" | "stack";
  readonly message: string;
  readonly location?: SourceLocation;
  /** The nested expressions that TLC was evaluating, the outermost first. */
  readonly context?: readonly SourceLocation[];
}

/** Codes of the configuration's errors: its syntax, and what it says about the specification. */
const CONFIG_CODES = (code: number): boolean =>
  (code >= EC.CFG_ERROR_READING_FILE && code <= EC.CFG_EXPECTED_SYMBOL) ||
  (code >= EC.TLC_CONFIG_VALUE_NOT_ASSIGNED_TO_CONSTANT_PARAM && code <= EC.TLC_NO_MODULES) ||
  [
    // These two have no name in TLC 2.18.
    2256,
    2257,
    EC.TLC_CONFIG_UNDEFINED_OR_NO_OPERATOR,
    EC.TLC_CONFIG_SUBSTITUTION_NON_CONSTANT,
    EC.TLC_SYMMETRY_SET_TOO_SMALL,
  ].includes(code);

/** The codes for running out of memory. */
const MEMORY_CODES: ReadonlySet<number> = new Set([
  EC.SYSTEM_OUT_OF_MEMORY,
  EC.SYSTEM_OUT_OF_MEMORY_TOO_MANY_INIT,
  EC.SYSTEM_OUT_OF_MEMORY_LIVENESS,
]);

/** Codes about TLC's own trouble (files, folders, bugs), not about the specification. */
const INTERNAL_CODES: ReadonlySet<number> = new Set([
  EC.WRONG_COMMANDLINE_PARAMS_SIMULATOR,
  EC.WRONG_COMMANDLINE_PARAMS_TLC,
  EC.TLC_METADIR_EXISTS,
  EC.TLC_METADIR_CAN_NOT_BE_CREATED,
  EC.TLC_FAILED_TO_RECOVER_NEXT,
  EC.TLC_STRING_MODULE_NOT_FOUND,
  EC.TLC_FAILED_TO_RECOVER_INIT,
  EC.TLC_REPORTER_DIED,
  EC.SYSTEM_ERROR_READING_POOL,
  EC.SYSTEM_CHECKPOINT_RECOVERY_CORRUPT,
  EC.SYSTEM_ERROR_WRITING_POOL,
  EC.TLC_BUG,
  EC.SYSTEM_DISKGRAPH_ACCESS,
  EC.SYSTEM_INDEX_ERROR,
  EC.SYSTEM_STREAM_EMPTY,
  EC.SYSTEM_FILE_NULL,
  EC.SYSTEM_INTERRUPTED,
  EC.SYSTEM_UNABLE_NOT_RENAME_FILE,
  EC.SYSTEM_DISK_IO_ERROR_FOR_FILE,
  EC.SYSTEM_METADIR_EXISTS,
  EC.SYSTEM_METADIR_CREATION_ERROR,
  EC.SYSTEM_UNABLE_TO_OPEN_FILE,
  EC.SYSTEM_ERROR_READING_STATES,
  EC.SYSTEM_ERROR_WRITING_STATES,
  // This one has no name in TLC 2.18.
  2254,
  EC.SYSTEM_ERROR_CLEANING_POOL,
]);

/** Sentences of TLC that say nothing about the cause. */
const NOISE = [
  /^TLC threw an unexpected exception\.\n/,
  /^This was probably caused by an error in the spec or model\.\n/m,
  /^See the User Output or TLC Console for clues to what happened\.\n/m,
  /^The exception was an? [\w.$]+\n?/m,
  /^: /m,
  /^TLC was unable to fingerprint\.\s+Fingerprint Stack Trace:\n(?:.*\n)*?\s*Reason:\n/,
  /\nNote that a bug can cause TLC to incorrectly report this error\.[\s\S]*$/,
  /^Attempted to apply the operator overridden by the Java method\npublic static .*,\nbut it produced the following error:\n/m,
];

/** Reads one error message of TLC's, with the call stack of message 2103 if it came with one. */
export function readProblem(message: TlcMessage, stack?: TlcMessage): SpecProblem {
  const { code, text } = message;
  const overflow = text.includes("StackOverflowError") || code === EC.SYSTEM_STACK_OVERFLOW;
  const memory = MEMORY_CODES.has(code) || text.includes("java.lang.OutOfMemoryError");
  const config = /TLC found an error in the configuration file at line (\d+)\n?/.exec(text);
  const context = stack === undefined ? [] : readStack(stack.text);
  // The message itself knows best; otherwise the innermost expression is where it happened.
  const location = findLocation(text) ?? context.at(-1);
  const kind = memory
    ? "memory"
    : overflow
      ? "stack"
      : config || CONFIG_CODES(code) || /error when trying to read the configuration file/.test(text)
        ? "config"
        : INTERNAL_CODES.has(code) && !context.length
          ? "internal"
          : "evaluation";
  if (config) {
    const rest = tidy(text.slice(config.index + config[0].length));
    return {
      kind,
      message: rest || "error in the configuration file",
      location: { line: Number(config[1]), column: 1 },
    };
  }
  return {
    kind,
    message: memory ? "Java ran out of memory" : overflow ? STACK : tidy(text),
    ...(location && { location }),
    ...(context.length > 0 && { context }),
  };
}

/** A recursion that ends may only be deep, which nobody can tell from here. */
const STACK =
  "a recursion is too deep for Java's stack, or without end.\n" +
  "If it ends, the claim can have a larger stack. In its header:  \\* Java-stack: 64m";

const UNHANDLED =
  "TLC can't handle this part of the specification: it reads  Init /\\ [][Next]_vars  and fairness, as  WF_vars(A)";

/** Java's traces and TLC's standard phrases mean nothing to a person. */
export function tidy(text: string): string {
  let rest = text;
  for (const noise of NOISE) rest = rest.replace(noise, "");
  // A location at a line's end is shown with the source; inside a sentence it has to stay.
  return withoutJava(rest)
    .replace(/^The (.+) of (\S+) is equal to (TRUE|FALSE)$/m, "the $1 $2 is $3, whatever the state")
    .replace(/^TLC cannot handle this conjunct of the spec:$/m, UNHANDLED)
    .replace(/[ \n]line \d+, col \d+ to line \d+, col \d+ of module \w+\.?$/gm, "")
    .trim();
}

/** The nested expressions of message 2103, the outermost first. */
function readStack(text: string): SourceLocation[] {
  return text
    .split("\n")
    .filter((line) => /^\d+\. /.test(line))
    .flatMap((line) => findLocation(line) ?? []);
}
