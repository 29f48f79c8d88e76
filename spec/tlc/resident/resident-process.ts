import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createScratch, type Scratch } from "../base/scratch.js";
import { jvmArguments } from "../tools/jvm.js";
import { runJava } from "../tools/run-java.js";
import type { Tools } from "../tools/tools.js";
import { AnswerReader } from "./answer-reader.js";

/** What is the same for all runs of one process. */
export interface ResidentOptions {
  readonly tools: Tools;
  /** The folder of the compiled classes (see resident-classes.ts). */
  readonly classes: string;
  readonly heapMiB: number;
  /** Its runs count actions: TLC keeps that in final fields. */
  readonly coverage: boolean;
  /** It is for one run only, and starts as quickly as TLC itself does. */
  readonly once: boolean;
}

/** One run of TLC. All paths are absolute. */
export interface ResidentRun {
  readonly libraries: readonly string[];
  /** TLC's arguments; the module is given by its name. */
  readonly arguments: readonly string[];
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly onOutput: (chunk: string) => void;
}

/** `failed`: what was said of the run so far is worth nothing. After anything but `ended` the process is gone. */
export type ResidentAnswer =
  | { readonly kind: "ended"; readonly exitCode: number }
  | { readonly kind: "failed" | "timed out" | "aborted" };

/** A Java process that runs TLC again and again, one run at a time, each as if it were the first (Resident.java). */
export class ResidentProcess {
  readonly #stop = new AbortController();
  readonly #scratch: Scratch;
  readonly #over: Promise<void>;
  #gone = false;
  #write: (text: string) => void = () => undefined;
  #onStdout: (chunk: string) => void = () => undefined;

  private constructor(options: ResidentOptions, scratch: Scratch) {
    this.#scratch = scratch;
    const { tools, classes, heapMiB, coverage, once } = options;
    const main = jvmArguments(
      {
        ...tools,
        temporary: join(scratch.path, "tmp"),
        heapMiB,
        // Also in the long run: the optimising compiler takes more time than it saves with small models.
        short: true,
        // Java starts more slowly where packages are opened.
        more: once ? [] : ["--add-opens=java.base/java.lang=ALL-UNNAMED", ...GIVES_BACK, ...NEVER_COMPILED],
        jar: { path: [tools.jar.path, classes].join(delimiter) },
      },
      "quiesce.Resident",
      [tools.jar.path, ...(coverage ? ["coverage"] : []), ...(once ? ["once"] : [])],
    );
    this.#over = runJava(tools.java, main, {
      cwd: scratch.path,
      graceMs: 0,
      signal: this.#stop.signal,
      onStart: (write) => {
        this.#write = write;
      },
      onStdout: (chunk) => this.#onStdout(chunk),
    }).then(
      () => this.#forget(),
      () => this.#forget(),
    );
  }

  static async start(options: ResidentOptions): Promise<ResidentProcess> {
    const scratch = await createScratch("resident");
    await mkdir(join(scratch.path, "tmp"));
    return new ResidentProcess(options, scratch);
  }

  /** No run can be made by it any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Runs TLC once. One run at a time. */
  async run(request: ResidentRun): Promise<ResidentAnswer> {
    const word = randomBytes(16).toString("hex");
    const reader = new AnswerReader(word);
    let ended: (answer: ResidentAnswer) => void = () => undefined;
    const answer = new Promise<ResidentAnswer>((resolve) => {
      ended = resolve;
    });
    this.#onStdout = (chunk) => {
      const output = reader.push(chunk);
      if (output !== "") request.onOutput(output);
      if (reader.ending === undefined) return;
      const { exitCode, errorBytes, left } = reader.ending;
      if (left !== "clean") this.#gone = true;
      ended(isBelieved(exitCode) && errorBytes === 0 ? { kind: "ended", exitCode } : { kind: "failed" });
    };
    void this.#over.then(() => ended({ kind: "failed" }));
    const onAbort = (): void => ended({ kind: "aborted" });
    request.signal?.addEventListener("abort", onAbort, { once: true });
    if (request.signal?.aborted) onAbort();
    const limit =
      request.timeoutMs === undefined
        ? undefined
        : setTimeout(() => ended({ kind: "timed out" }), request.timeoutMs);
    const words = [word, request.libraries.join(delimiter), ...request.arguments];
    this.#write(`${words.map(encodeURIComponent).join(" ")}\n`);
    try {
      const given = await answer;
      if (given.kind !== "ended") this.#gone = true;
      return given;
    } finally {
      clearTimeout(limit);
      request.signal?.removeEventListener("abort", onAbort);
      this.#onStdout = () => undefined;
      if (this.#gone) await this.end();
    }
  }

  /** Ends the process; its folder is gone, too, when this returns. */
  async end(): Promise<void> {
    this.#gone = true;
    this.#stop.abort();
    await this.#over;
  }

  async #forget(): Promise<void> {
    this.#gone = true;
    await this.#scratch.remove();
  }
}

/** After a large run the heap goes back to the system at once, not in steps (see KEPT in Resident.java). */
const GIVES_BACK = ["-XX:-ShrinkHeapInSteps", "-XX:MaxHeapFreeRatio=50"] as const;

/**
 * The time at which TLC started is in a final field that is set anew for each run (Resident.java). Compiled code would
 * have it as a constant.
 */
const NEVER_COMPILED = [
  "-XX:CompileCommand=quiet",
  "-XX:CompileCommand=exclude,tlc2.module.TLC::TLCGetStringValue",
] as const;

/**
 * The answers of a run that went as it should: all is fine, or an assumption, an invariant, a property is
 * violated or a deadlock is reached (EC.ExitStatus). Whatever goes wrong otherwise, a plain start of TLC is to say, not a process that stays.
 */
export function isBelieved(exitCode: number): boolean {
  return exitCode === 0 || (exitCode >= 10 && exitCode <= 14);
}
