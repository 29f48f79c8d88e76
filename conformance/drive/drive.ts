import { availableParallelism } from "node:os";
import { BadInputError, EnvironmentError } from "../../spec/tlc/base/errors.js";
import type { Plan } from "../contract/plan.js";
import type { ReplayFailure, ReplayResult } from "../contract/result.js";
import type { Words } from "./driver.js";
import { probesOf } from "./probes.js";
import { remainingPaths } from "./remaining.js";
import { type DriverCommand, Session, type SessionOver } from "./session.js";
import { Graph } from "./track.js";
import { type Counts, type Edges, SURE, type WalkOptions, walkPath } from "./walk.js";
import { wander } from "./wander.js";

/** How to drive an implementation. */
export interface DriveOptions {
  /** How many processes of the driver run side by side; by default one a processor, fewer for a small plan. */
  readonly processes?: number;
  readonly signal?: AbortSignal;
  /** A driver that owes an answer for this many milliseconds hangs. */
  readonly hangMs?: number;
  /** Whether the report of a hang has the stack of every thread, for which gdb reads all symbols of the host; it has. */
  readonly stacks?: boolean;
  /** Ends the run after this many milliseconds, with what has been found so far. */
  readonly limitMs?: number;
  readonly onProgress?: (done: Pick<Counts, "paths" | "steps">) => void;
}

const HANG_MS = 10_000;
const PATHS_A_PROCESS = 100;
const PROGRESS_MS = 200;

/**
 * Drives an implementation, through its driver's processes, along every path of the plan. Of several failures the one on
 * the path with the lowest index is reported. When it is interrupted, or at its time limit, it returns what has been done
 * so far.
 *
 * @throws EnvironmentError when no process can be started, BadInputError when they end without an answer
 */
export async function drive(
  plan: Plan,
  command: DriverCommand,
  options: DriveOptions = {},
): Promise<ReplayResult> {
  const run = new Run(plan, command, options);
  try {
    await run.along(plan);
    if (takesAll(plan)) await run.atEnds();
    // Where the specification leaves a choice, the implementation's may have led away from the paths.
    for (let idle = 0; idle < IDLE_ROUNDS && run.goesOn && run.hasLeft && takesAll(plan); ) {
      const paths = remainingPaths(plan, run.edges);
      if (paths.length === 0) break;
      const known = run.known;
      await run.along({ ...plan, paths });
      idle = run.known > known ? 0 : idle + 1;
    }
    if (run.goesOn && takesAll(plan)) await run.wander();
    return run.result();
  } finally {
    run.end();
  }
}

/** Whether the paths take all edges, as those of a part of a plan don't. */
function takesAll(plan: Plan): boolean {
  return new Set(plan.paths.flat()).size === plan.edges.length;
}

/** So many rounds may find out nothing new: what an implementation does may depend on its speed. */
const IDLE_ROUNDS = 3;

function count(list: Uint8Array): number {
  return list.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0);
}

/** All that the shards of a run share. */
class Run {
  readonly edges: Edges;
  readonly #graph: Graph;
  readonly #counts: Counts[] = [];
  readonly #sessions = new Set<Session>();
  readonly #unseen: Set<string>;
  readonly #stop = (): void => {
    this.#stopped = true;
    for (const session of this.#sessions) void session.close();
  };
  readonly #limit: NodeJS.Timeout | undefined;
  readonly #progress: NodeJS.Timeout;
  #stopped = false;
  #begun = 0;
  /** Paths that are none of the plan's: in initial states that no step leaves. */
  #ends = 0;
  /** When all paths had been followed: from then on a time limit cuts nothing off that a verdict rests on. */
  #followed = 0;
  /** What was done on walks, which are no paths of the plan either. */
  #wandered: Counts = none();
  #failure: ReplayFailure | undefined;

  constructor(
    readonly plan: Plan,
    readonly command: DriverCommand,
    readonly options: DriveOptions,
  ) {
    const { signal, limitMs, onProgress } = options;
    this.#graph = new Graph(plan);
    this.#unseen = new Set(plan.words);
    const unknown = (): Uint8Array => new Uint8Array(plan.edges.length);
    this.edges = { taken: unknown(), declined: unknown(), passed: new Uint8Array(plan.states.length) };
    if (signal?.aborted) this.#stop();
    signal?.addEventListener("abort", this.#stop, { once: true });
    this.#limit = limitMs === undefined ? undefined : setTimeout(this.#stop, limitMs);
    this.#progress = setInterval(
      () => onProgress?.({ paths: this.#sum("paths"), steps: this.#sum("steps") }),
      PROGRESS_MS,
    );
  }

  /** How much has been found out about the edges and states. */
  get known(): number {
    const { taken, declined, passed } = this.edges;
    return [taken, declined, passed].reduce((sum, list) => list.reduce((all, one) => all + one, sum), 0);
  }

  get #isCut(): boolean {
    return this.#stopped && (this.#followed === 0 || this.options.signal?.aborted === true);
  }

  get goesOn(): boolean {
    return !this.#stopped && this.#failure === undefined;
  }

  /** Whether a path was left, and with it the edges that were yet to come on it. */
  get hasLeft(): boolean {
    return this.#sum("left") > 0;
  }

  /** Drives the paths of a plan that has the same graph, in several processes at once. */
  async along(plan: Plan): Promise<void> {
    const most = this.options.processes ?? availableParallelism();
    const stride = Math.max(1, Math.min(most, Math.ceil(plan.paths.length / PATHS_A_PROCESS)));
    const graph = plan === this.plan ? this.#graph : this.#graph.along(plan);
    const probes = plan === this.plan ? probesOf(graph) : () => [];
    const shards = Array.from({ length: stride }, (_, first) =>
      this.#shard({ graph, probes, first, stride }),
    );
    for (const outcome of await Promise.allSettled(shards))
      if (outcome.status === "rejected" && !this.#stopped) throw outcome.reason;
  }

  /** Initial states that no step leaves are on no path: an implementation has to begin in them, and refuse, all the same. */
  async atEnds(): Promise<void> {
    const { plan } = this;
    const ends = plan.initial.filter((state) => this.#graph.leaving(state).length === 0);
    for (const state of ends) {
      if (!this.goesOn) return;
      const alone = { ...plan, initial: [state], paths: [[]] };
      const graph = this.#graph.along(alone);
      await this.#shard({ graph, probes: probesOf(graph), first: 0, stride: 1 });
      this.#ends++;
    }
  }

  /** Walks beyond the paths, one after the other in one process: what is left over from one meets the next. */
  async wander(): Promise<void> {
    const { paths, probes } = wander(this.#graph);
    if (paths.length === 0) return;
    this.#followed = performance.now();
    const counts = this.#wandered;
    const graph = this.#graph.along({ ...this.plan, paths });
    await this.#shard({ graph, probes, first: 0, stride: 1, counts });
  }

  async #shard({ graph, probes, first, stride, counts = this.#counted() }: Share): Promise<void> {
    const session = new Session(this.command, this.options.hangMs ?? HANG_MS, this.options.stacks);
    this.#sessions.add(session);
    const { edges } = this;
    const onWords = (words: Words): void => {
      if (this.#begun === 0) this.#begun = performance.now();
      for (const name of this.#unseen.size > 0 ? Object.keys(words) : []) this.#unseen.delete(name);
    };
    const { paths } = graph.plan;
    try {
      for (let path = first; path < paths.length && !this.#stopped; path += stride) {
        if (path > (this.#failure?.path ?? Number.POSITIVE_INFINITY)) return;
        if (this.#isBarred(paths[path] ?? [])) continue;
        const failure = await walkPath(path, { graph, session, counts, edges, probes, onWords });
        if (failure === undefined) continue;
        // What a stopped session leaves behind looks like a crash, and is none.
        if (!this.#stopped || failure.kind !== "crash") this.#note(failure, graph.plan, session);
        return;
      }
      // It may have said too much after all that it was asked for; and it may have to put something away.
      await session.miscount();
      const { over } = session;
      if (over?.kind !== "driver" || this.#stopped) return;
      const path = Math.max(0, paths.length - 1);
      const failure = { path, move: paths[path]?.length ?? 0, lane: 0, step: "" };
      this.#note({ kind: "driver", ...failure, message: over.message }, graph.plan, session);
    } finally {
      await session.close();
      this.#sessions.delete(session);
    }
  }

  #counted(): Counts {
    const counts = none();
    this.#counts.push(counts);
    return counts;
  }

  /** What has been found out since the path was made stands in its way. The paths of the plan are walked all the same. */
  #isBarred(path: readonly number[]): boolean {
    const { plan, edges } = this;
    if (plan.paths.includes(path)) return false;
    return path.some((edge, move) => {
      const [from, , step] = plan.edges[edge] ?? [0, 0, 0];
      return (
        edges.declined[edge] === SURE ||
        (move > 0 && edges.passed[from] === SURE && plan.steps[step]?.hidden === undefined)
      );
    });
  }

  /** Keeps a failure on a path of this plan, unless there is one on an earlier path. */
  #note(failure: ReplayFailure, plan: Plan, { over }: Session): void {
    if (this.#failure !== undefined && this.#failure.path <= failure.path) return;
    this.#failure = failure;
    this.#failed = plan;
    this.#how = over;
  }

  #failed: Plan | undefined;
  /** How the session ended that met the failure. */
  #how: SessionOver | undefined;

  /** @throws EnvironmentError when no process could be started, BadInputError when none has answered */
  result(): ReplayResult {
    const failure = this.#failure;
    if (failure?.kind === "crash" && this.#begun === 0) this.#requireStart(failure);
    const left = this.#sum("left");
    const declined = count(this.edges.declined) + count(this.edges.passed);
    const untaken = this.goesOn && left > 0 ? remainingPaths(this.plan, this.edges).length : 0;
    const along = this.#failed?.paths[failure?.path ?? -1];
    return {
      paths: Math.max(0, this.#sum("paths") - this.#ends),
      steps: this.#sum("steps"),
      probes: this.#sum("probes"),
      ...(this.#wandered.steps > 0 ? { wandered: this.#wandered.steps } : {}),
      ...(left > 0 ? { left, taken: count(this.edges.taken), declined, untaken } : {}),
      ...(this.#unseen.size > 0 && this.#begun > 0 ? { unseen: [...this.#unseen] } : {}),
      seconds: this.#begun === 0 ? 0 : ((this.#followed || performance.now()) - this.#begun) / 1000,
      ...(failure !== undefined
        ? {
            failure: {
              ...failure,
              ...(along && { along }),
              ...(this.#followed > 0 && { walk: true as const }),
            },
          }
        : {}),
      ...(this.#isCut ? { interrupted: true as const } : {}),
    };
  }

  /** One that ends in good order before its first answer has not got as far as its implementation. */
  #requireStart({ message }: ReplayFailure): void {
    const { command, args, shown } = this.command;
    const calling = `It was called as:  ${shown ?? [command, ...args].join(" ")}`;
    if (this.#how?.ended === "not started")
      throw new EnvironmentError(`the driver can't be started: ${message}`, { hint: calling });
    if (this.#how?.ended === "exit code")
      throw new BadInputError(`the driver has answered nothing: ${message}`, {
        hint: `${calling}\nIt has to answer each line that it reads: conformance/drive/PROTOCOL.md`,
      });
  }

  end(): void {
    clearInterval(this.#progress);
    clearTimeout(this.#limit);
    this.options.signal?.removeEventListener("abort", this.#stop);
  }

  #sum(key: keyof Counts): number {
    return this.#counts.reduce((total, one) => total + one[key], 0);
  }
}

function none(): Counts {
  return { paths: 0, steps: 0, probes: 0, left: 0 };
}

interface Share {
  readonly graph: Graph;
  readonly probes: WalkOptions["probes"];
  readonly first: number;
  readonly stride: number;
  readonly counts?: Counts;
}
