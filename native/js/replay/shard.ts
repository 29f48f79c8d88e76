import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { BadPlanError } from "../../../conformance/contract/walk.js";
import { beforeExit } from "../../../spec/tlc/base/last-rites.js";
import { killMarked, newMark } from "../../../spec/tlc/base/marked.js";
import type { DriveFailure, DriveResult } from "../addon.js";
import { NotBegunError, ReplayProcessError } from "../errors.js";
import type { Answer, Job } from "./job.js";
import { type Progress, ProgressFile } from "./progress.js";
import { sanitizerEnvironment, worthShowing } from "./sanitized.js";

const CHILD = createRequire(import.meta.url).resolve("quiesce/native/js/replay/child");
/** Of what the target says on its error output, so much is kept, and so much of that shown. In characters. */
const KEPT_MAX = 1 << 16;
const SAID_MAX = 2000;
/** The end of its output has the answer; a target may print without end. In characters. */
const OUTPUT_MAX = 1 << 20;

/** One process that drives its share of the paths. Whatever becomes of the target, it ends with a result. */
export class Shard {
  readonly #file = new ProgressFile();
  /** What only our own code in that process knows: its target may print what looks like an answer. */
  readonly #token = randomUUID();
  readonly #child: ChildProcess;
  /** In the environment of all that the target starts. */
  readonly #mark = newMark();
  #stdout = "";
  #stderr = "";
  #stuck = false;
  /**
   * What it has done, with the failure if there was one; the process is gone then, and all that its target has started.
   * Rejects with ReplayProcessError when it could not begin.
   */
  readonly ended: Promise<DriveResult>;

  /** @param plan descriptor of the file with the plan's arrays */
  constructor(job: Omit<Job, "token">, plan: number) {
    this.#child = spawn(
      process.execPath,
      ["--no-warnings", CHILD, JSON.stringify({ ...job, token: this.#token })],
      {
        // The places of the last two are PROGRESS_DESCRIPTOR and PLAN_DESCRIPTOR (job.ts).
        stdio: ["ignore", "pipe", "pipe", this.#file.descriptor, plan],
        env: { ...process.env, ...sanitizerEnvironment(job.options.target), ...this.#mark },
      },
    );
    this.#child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#stdout = (this.#stdout + chunk).slice(-OUTPUT_MAX);
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-KEPT_MAX);
    });
    const sweep = (): void => killMarked(this.#mark);
    const forget = beforeExit(sweep);
    // What a target has forked keeps the output open, and "close" would never come.
    this.#child.on("exit", sweep);
    this.ended = new Promise<DriveResult>((resolve, reject) => {
      this.#child.on("error", (cause) =>
        reject(new ReplayProcessError("no process can be started", { cause })),
      );
      this.#child.on("close", (code, signal) => {
        try {
          resolve(this.#outcome(code, signal, job.options.hangMs));
        } catch (error) {
          reject(error);
        }
      });
    }).finally(() => {
      forget();
      this.#file.close();
    });
  }

  progress(): Progress {
    return this.#file.read();
  }

  /** Paths with a higher index needn't be driven any more. */
  limit(path: number): void {
    this.#file.limit(path);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends a process that no longer answers at all; it counts as a hang. */
  giveUp(): void {
    this.#stuck = true;
    this.kill();
  }

  #outcome(code: number | null, signal: NodeJS.Signals | null, hangMs: number): DriveResult {
    const answer = parseAnswer(this.#stdout, this.#token);
    if (answer !== undefined && "result" in answer) return answer.result;
    if (answer?.refused)
      throw new BadPlanError(`the plan can't be followed: ${answer.error}`, {
        hint: "Drive a target of the plan's specification; where that has changed, the target has to follow it.",
      });
    if (answer !== undefined) throw new ReplayProcessError(answer.error, { where: "replay" });
    const { path, move, lane, step, paths, steps, probes } = this.#file.read();
    if (path < 0 && signal === null) {
      throw new NotBegunError("a driving process ended before it began", {
        hint: worthShowing(this.#stderr, SAID_MAX) || `It ended with exit code ${code}.`,
      });
    }
    const said = worthShowing(this.#stderr, SAID_MAX);
    const how = this.#stuck
      ? `the process no longer answered (${hangMs} ms)`
      : `the process ${signal ? `was ended by ${signal}` : `ended with exit code ${code}`}`;
    const failure: DriveFailure = {
      kind: this.#stuck ? "hang" : "crash",
      path: Math.max(0, path),
      move: path < 0 ? -1 : move,
      lane,
      step,
      message: said === "" ? how : `${how}; it said: ${said}`,
    };
    return { paths, steps, probes, seconds: 0, failure };
  }
}

/** The answer is the last line: what the target prints stands before it. */
function parseAnswer(text: string, token: string): Answer | undefined {
  try {
    const answer = JSON.parse(text.slice(text.lastIndexOf("\n") + 1)) as Answer;
    return answer.token === token ? answer : undefined;
  } catch {
    return undefined;
  }
}
