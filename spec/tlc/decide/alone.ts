import { keep, readCached, readObject } from "../base/cache.js";
import type { ModuleFile } from "../claim/modules.js";
import type { TlcOutcome } from "../run/outcome.js";

/**
 * Runs TLC on a claim's model with another configuration, without looking for deadlock; with `front`, on a module that
 * stands in front of the model.
 */
export type RunAlone = (config: string, timeoutMs: number, front?: ModuleFile) => Promise<TlcOutcome>;

/** Such a run takes about as long as the claim's own; one that takes much longer is left open. */
const LEAST_MS = 30_000;
const TIMES_AS_LONG = 4;

/** How long it may take, in milliseconds, where the claim's own run took so many seconds. */
export function aloneLimitMs(seconds: number): number {
  return Math.max(LEAST_MS, TIMES_AS_LONG * seconds * 1000);
}

/** TLC has been through all states, and found nothing wrong. */
export function hasHeld({ exitCode, timedOut, report }: TlcOutcome): boolean {
  return exitCode === 0 && !timedOut && report.success && report.statistics?.queue === 0;
}

/** What is kept beside a claim's outcome: an answer that other runs have found, or a look at the model. */
export class Beside {
  readonly #file: string | undefined;

  /**
   * @param outcome where the outcome is kept; undefined: nothing is
   * @param ending what the answer's file has before `.json`
   * @param key the name of the answer in it
   */
  constructor(
    outcome: string | undefined,
    ending: string,
    readonly key: string,
  ) {
    this.#file = outcome?.replace(/\.json$/, `.${ending}.json`);
  }

  /** The answer, of any type: it comes from a file. Undefined: there is none. */
  async read(): Promise<unknown> {
    if (this.#file === undefined) return undefined;
    return readObject((await readCached(this.#file))?.toString("utf8") ?? "")?.[this.key];
  }

  /** If the cache can't be written, it is simply not kept. */
  async keep(answer: unknown): Promise<void> {
    if (this.#file !== undefined) await keep(this.#file, JSON.stringify({ [this.key]: answer }));
  }
}

/** An answer that is a list of names; undefined: it is none. */
export function namesIn(answer: unknown): readonly string[] | undefined {
  return Array.isArray(answer) && answer.every((one) => typeof one === "string") ? answer : undefined;
}
