import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Interrupted, messageOf, throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { type RunOptions, run } from "../../../spec/tlc/base/process.js";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { TraceError, TraceInputError } from "./errors.js";
import { utf8 } from "./model/bytes.js";

/** An object that `quiesce-trace` prints: one a line, with one member that says what it is. */
export type Line = Readonly<Record<string, unknown>>;

export interface LinesRequest {
  readonly program: string;
  readonly args: readonly string[];
  /** What it reads to the end. */
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  /** After the signal it ends by itself, and what it has then is a result: it isn't interrupted. */
  readonly endsWithSignal?: boolean;
  readonly onLine: (line: Line) => void;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Ended by a signal, a recorder drains what is there and writes it; on a slow disk, that takes a while. */
const GRACE_MS = 60_000;

/**
 * Runs quiesce-trace and hears its lines.
 *
 * @throws TraceError, TraceInputError with what it says; Interrupted
 */
export async function runLines(request: LinesRequest): Promise<void> {
  const { program, args, input, signal, endsWithSignal = false, onLine, onWarning } = request;
  let rest = "";
  let failure: Failure | undefined;
  const options: RunOptions = {
    ...(signal && { signal }),
    graceMs: endsWithSignal ? GRACE_MS : 500,
    onStdout(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) hear(text);
    },
  };
  const result = await (input === undefined
    ? run(program, args, options)
    : withScratch("rules", async (folder) => {
        // What a process is given by us stays open until it ends; a file has an end.
        const file = join(folder, "input");
        await writeFile(file, input);
        const redirected = ["-c", 'exec "$@" <"$0"', file, program, ...args];
        return await run("/bin/sh", redirected, options);
      }));
  if (result.missing || result.failure !== undefined)
    throw new TraceError(`${program} can't be started${result.failure ? `: ${result.failure}` : ""}`);
  if (!endsWithSignal) throwIfInterrupted(signal);
  if (failure !== undefined) throw errorOf(failure, result.exitCode);
  if (result.exitCode !== 0) {
    if (signal?.aborted) throw new Interrupted();
    const how = result.signal === undefined ? `ended with ${result.exitCode}` : `died of ${result.signal}`;
    throw new TraceError(`${program} ${how}`, {
      hint: result.stderr.trim() || `Its words: ${args.join(" ")}`,
    });
  }

  function hear(text: string): void {
    const line = parseLine(text, program);
    if ("error" in line) failure = failureOf(line["error"]);
    else if ("warning" in line) {
      const { message, where, hint } = failureOf(line["warning"]);
      onWarning?.(
        [where === "" ? message : `${where}: ${message}`, hint].filter((part) => part !== "").join(". "),
      );
    } else onLine(line);
  }
}

interface Failure {
  readonly message: string;
  readonly where: string;
  readonly hint: string;
}

function failureOf(value: unknown): Failure {
  const told = isObject(value) ? value : {};
  const text = (name: string): string => (typeof told[name] === "string" ? utf8(told[name]) : "");
  return {
    message: text("message") || "it failed without a reason",
    where: text("where"),
    hint: text("hint"),
  };
}

function errorOf({ message, where, hint }: Failure, exitCode: number | undefined): Error {
  const details = { ...(where !== "" && { where }), ...(hint !== "" && { hint }) };
  return exitCode === 2 ? new TraceInputError(message, details) : new TraceError(message, details);
}

function parseLine(text: string, program: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TraceError(`${program} printed what is no JSON: ${messageOf(error)}`, {
      hint: text.slice(0, 200),
    });
  }
  if (!isObject(value))
    throw new TraceError(`${program} printed what is no object`, { hint: text.slice(0, 200) });
  return value;
}

export function isObject(value: unknown): value is Line {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members of a line; what isn't as it should be is the program's mistake, and said with the member's name. */
export class Members {
  constructor(
    private readonly line: Line,
    private readonly what: string,
  ) {}

  static of(value: unknown, what: string): Members {
    if (!isObject(value)) throw new TraceError(`quiesce-trace printed a ${what} that is no object`);
    return new Members(value, what);
  }

  number(name: string): number {
    const value = this.line[name];
    const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
    return typeof number === "number" ? number : this.lacks(name);
  }

  text(name: string): string {
    const value = this.line[name];
    return typeof value === "string" ? utf8(value) : this.lacks(name);
  }

  bool(name: string): boolean {
    const value = this.line[name];
    return typeof value === "boolean" ? value : this.lacks(name);
  }

  list(name: string): readonly unknown[] {
    const value = this.line[name];
    return Array.isArray(value) ? value : this.lacks(name);
  }

  private lacks(name: string): never {
    throw new TraceError(`quiesce-trace printed a ${this.what} without "${name}"`, {
      hint: "It may be of another version: build both from the same sources.",
    });
  }
}
