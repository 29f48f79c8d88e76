import type { Tools } from "../tools/tools.js";
import { type ResidentAnswer, ResidentProcess, type ResidentRun } from "./resident-process.js";

/** The environment variable that, when it is 1, gives each run of TLC a Java process of its own. */
export const PLAIN_START = "QUIESCE_PLAIN_START";

/** So many processes that were of no use are enough: with this Java, or this jar, it does not work. */
const FUTILE = 5;

/** A run, and what the process must be like that makes it. */
export interface ResidentRequest extends ResidentRun {
  readonly heapMiB: number;
  readonly coverage: boolean;
}

/**
 * Java processes that stay from one run of TLC to the next. There are as many of a kind as have been needed at once; they
 * are started when they are needed, and end when they are closed.
 */
export class Residents {
  readonly #idle = new Map<string, ResidentProcess[]>();
  readonly #all = new Set<ResidentProcess>();
  #closed = false;
  /** Processes, one after another, that did not outlive their first run. */
  #futile = 0;
  #believed = 0;

  private constructor(
    private readonly tools: Tools,
    private readonly classes: string,
    private readonly once: boolean,
  ) {}

  /**
   * Undefined where there can be none, or where they are not wanted: see PLAIN_START. With `once`, each makes one run only:
   * it is there sooner than one that stays, and gone sooner than a plain start of TLC.
   */
  static of(
    tools: Tools,
    env: Readonly<Record<string, string | undefined>> = process.env,
    once = false,
  ): Residents | undefined {
    if (tools.resident === undefined || env[PLAIN_START] === "1") return undefined;
    return new Residents(tools, tools.resident, once);
  }

  /** Runs whose outcome was good enough to need no plain start. */
  get believed(): number {
    return this.#believed;
  }

  async run(request: ResidentRequest): Promise<ResidentAnswer> {
    if (this.#futile >= FUTILE) return { kind: "failed" };
    const { heapMiB, coverage } = request;
    const kind = `${heapMiB} ${coverage}`;
    const known = this.#take(kind);
    const process = known ?? (await this.#start(heapMiB, coverage));
    const answer = await process.run(request);
    if (answer.kind === "ended") this.#believed++;
    if (!process.gone) this.#futile = 0;
    else if (known === undefined && !this.once) this.#futile++;
    if (process.gone || this.#closed) {
      await process.end();
      this.#all.delete(process);
    } else this.#idle.set(kind, [...(this.#idle.get(kind) ?? []), process]);
    return answer;
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((process) => process.end()));
    this.#all.clear();
    this.#idle.clear();
  }

  #take(kind: string): ResidentProcess | undefined {
    const idle = this.#idle.get(kind) ?? [];
    // The one that was used last: what it needs is still in the processor's caches.
    for (let process = idle.pop(); process !== undefined; process = idle.pop()) {
      if (!process.gone) return process;
      this.#all.delete(process);
    }
    return undefined;
  }

  async #start(heapMiB: number, coverage: boolean): Promise<ResidentProcess> {
    const process = await ResidentProcess.start({
      tools: this.tools,
      classes: this.classes,
      heapMiB,
      coverage,
      once: this.once,
    });
    this.#all.add(process);
    return process;
  }
}

/** Gives `work` processes that stay, where there can be any, and ends them afterwards, whatever happens. */
export async function withResidents<T>(
  tools: Tools,
  work: (residents: Residents | undefined) => Promise<T>,
  once = false,
): Promise<T> {
  const residents = Residents.of(tools, process.env, once);
  try {
    return await work(residents);
  } finally {
    await residents?.close();
  }
}
