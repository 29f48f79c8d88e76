import { setTimeout as pause } from "node:timers/promises";
import { type Plan, startOf, stepText } from "../contract/plan.js";
import type { DifferentWord, FailureKind, ReplayFailure } from "../contract/result.js";
import type { Words } from "./driver.js";
import { type Item, itemsOf, messageOf, type Probe, type Probes } from "./items.js";
import type { Answer } from "./messages.js";
import { type Session, SessionOver } from "./session.js";
import { meant } from "./strange.js";
import type { Graph } from "./track.js";

/** How far a driver has come, counted as it goes. */
export interface Counts {
  paths: number;
  steps: number;
  probes: number;
  left: number;
}

/** What is known of each edge of the graph, from all paths so far. */
export interface Edges {
  /** 1: the implementation has taken it. */
  readonly taken: Uint8Array;
  /** How often it could have, and did something else that the specification allows; up to SURE. */
  readonly declined: Uint8Array;
  /** By state: how often it was there, and went on by itself before it could be asked for anything; up to SURE. */
  readonly passed: Uint8Array;
}

/** What happened so often is a choice that the implementation makes, and not one slow moment of a busy machine. */
export const SURE = 2;

/** What a walk needs besides its path. */
export interface WalkOptions {
  readonly graph: Graph;
  readonly session: Session;
  readonly counts: Counts;
  readonly edges: Edges;
  readonly probes: Probes;
  /** Told the names of the words that the driver shows. */
  readonly onWords: (words: Words) => void;
}

/** How long what should happen by itself is looked for, and how often at least: a machine that stops has not looked. */
const PATIENCE = { ms: 3000, looks: 50 };
/** The same where only the path depends on it, and no verdict. */
const HOPE_MS = 20;

/** What went wrong, and where; `move` as in ReplayFailure. */
class Failed extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly words: readonly DifferentWord[] = [],
  ) {
    super(message);
  }
}

/** The path was left: what the implementation did is allowed, but isn't what the path has. */
class Left extends Error {}

/** Drives one path. Returns what went wrong, if anything did; the session is of no use after that. */
export async function walkPath(path: number, options: WalkOptions): Promise<ReplayFailure | undefined> {
  const { graph, session, counts } = options;
  const { plan } = graph;
  const items = itemsOf(path, graph, options.probes);
  const edges = plan.paths[path] ?? [];
  const walk = new Walk(options, startOf(plan, path));
  let move = -1;
  let probe: Probe | undefined;
  try {
    // Where the specification leaves no choice, nothing that is asked for depends on an answer.
    const sent = graph.settled ? session.ask(items.map((item) => messageOf(item, plan, path))) : undefined;
    for (const [i, item] of items.entries()) {
      move = item.move;
      probe = item.what === "probe" ? item.probe : undefined;
      if (sent === undefined && item.what === "probe" && !walk.isForbidden(item.probe)) continue;
      if (sent === undefined && (item.what === "step" || item.what === "end"))
        await walk.comeTo(edges, item.move);
      const [answer] = sent === undefined ? session.ask([messageOf(item, plan, path)]) : [sent[i]];
      await walk.take(item, (await answer) as Answer);
    }
    for (const edge of edges) options.edges.taken[edge] = 1;
    counts.paths++;
    return undefined;
  } catch (error) {
    if (error instanceof Left) {
      counts.left++;
      const [answer] = session.ask([{ do: "end" }]);
      return answer?.then(
        () => undefined,
        (over: unknown) => failureAt(over, plan, path, move, probe, session),
      );
    }
    return failureAt(await blamed(error, session), plan, path, move, probe, session);
  }
}

/** What a driver says in answer to another question than ours would look like a fault of the implementation. */
async function blamed(error: unknown, session: Session): Promise<unknown> {
  if (!(error instanceof Failed) || !MISLED.has(error.kind)) return error;
  const miscount = await session.miscount(true);
  return miscount === undefined ? error : new Failed("driver", miscount);
}

/** The verdicts that an answer to another question may lead to. */
const MISLED: ReadonlySet<FailureKind> = new Set(["state", "refused", "taken", "unmapped"]);

function failureAt(
  error: unknown,
  plan: Plan,
  path: number,
  move: number,
  probe: Probe | undefined,
  session: Session,
): ReplayFailure {
  const known =
    error instanceof Failed
      ? error
      : error instanceof SessionOver
        ? new Failed(error.kind, error.message)
        : // Values are compared by functions that call themselves, level by level.
          error instanceof RangeError
          ? new Failed("driver", "it shows a value with too many levels to be compared")
          : undefined;
  if (known === undefined) throw error;
  const [, lane = 0, step = 0] = plan.edges[plan.paths[path]?.[move] ?? -1] ?? [];
  const asked = probe ?? { lane, step };
  const isMove = probe !== undefined || (move >= 0 && move < (plan.paths[path]?.length ?? 0));
  const { said } = session;
  return {
    kind: known.kind,
    path,
    move,
    lane: asked.lane,
    step: isMove ? stepText(plan.steps[asked.step] ?? { name: "?", with: {} }) : "",
    message: said === "" ? known.message : `${known.message}; it said: ${said}`,
    ...(known.words.length > 0 && { words: known.words }),
    ...(probe !== undefined && { probe }),
    ...(plan.paths[path]?.length === 0 && { start: startOf(plan, path) }),
  };
}

function note(list: Uint8Array, i: number): void {
  list[i] = Math.min(SURE, (list[i] ?? 0) + 1);
}

/** Only that a lane is still in its call tells it from what it must have come to: see SharedLibraryDriver. */
function isBusyStill({ name, expected, actual }: DifferentWord): boolean {
  return /^busy\b|^busy\d/.test(name) && expected === 0 && actual === 1;
}

/** Where the specification could be, given all that has been seen on a path. */
class Walk {
  #states: Set<number>;
  /** How many moves of the path are known to have been made. */
  #made = 0;

  constructor(
    readonly options: WalkOptions,
    readonly start: number,
  ) {
    this.#states = options.graph.settle([start]);
  }

  isForbidden({ lane, step }: Probe): boolean {
    return this.options.graph.allowing(this.#now(), lane, step).size === 0;
  }

  /**
   * Where it could be when it is asked: what happens by itself may have happened since it was looked at, or happens in
   * the call, as a lease expires when somebody asks for it.
   */
  #now(): Set<number> {
    return this.options.graph.settle(this.#states);
  }

  /**
   * Before a move: waits a little for the state that the path has there, if something has to happen by itself until then.
   * What has not been seen by then may still happen when the move is asked for. Throws Left where it can't.
   */
  async comeTo(path: readonly number[], move: number): Promise<void> {
    const { graph, edges } = this.options;
    const since = performance.now();
    const last = path[move - 1];
    const state = last === undefined ? this.start : (graph.plan.edges[last]?.[3] ?? 0);
    // A path may end where something urgent has yet to happen.
    const there = move === path.length ? [...graph.settle([state]), state] : [state];
    while (!there.some((one) => this.#states.has(one))) {
      if (!graph.hides || performance.now() - since > HOPE_MS) {
        if (move < path.length && this.#now().has(state)) return;
        this.#decline(path.slice(this.#made, move));
        throw new Left();
      }
      await pause(1);
      const answer = await this.#look();
      const now = graph.showing(graph.settle(this.#states), answer);
      if (now.size > 0) this.#states = now;
    }
    for (const edge of path.slice(this.#made, move)) edges.taken[edge] = 1;
    this.#made = move;
  }

  /**
   * Of the moves that should have been made, the first that can't have been: the specification left a choice there. If
   * all have been, the implementation didn't stay where they lead to.
   */
  #decline(moves: readonly number[]): void {
    const { graph, edges } = this.options;
    let state = this.start;
    for (const edge of moves) {
      state = graph.plan.edges[edge]?.[3] ?? 0;
      if ([...graph.settle([state])].some((one) => this.#states.has(one))) continue;
      note(edges.declined, edge);
      return;
    }
    note(edges.passed, state);
  }

  /** What the answer to an item says of where the specification is. Throws Failed. */
  async take(item: Item, answer: Answer): Promise<void> {
    if (answer.kind === "broken") throw new Failed("driver", answer.why);
    if (answer.kind === "failed") throw new Failed("driver", `the driver says: ${answer.why}`);
    if (item.what === "begin" || item.what === "end") {
      const to = item.what === "begin" ? "to begin" : "at the end";
      if (answer.kind === "unknown" || answer.refused)
        throw new Failed("driver", `it answers "${answer.kind === "unknown" ? "unknown" : "refused"}" ${to}`);
    }
    if (answer.kind === "unknown") throw new Failed("unmapped", "the driver knows no such step");
    const { graph, counts, onWords } = this.options;
    const [strange] = graph.strange(answer.words);
    if (strange !== undefined)
      throw new Failed(
        "driver",
        `it shows "${strange}", which is no word of the contract${meant(strange, graph.plan)}`,
      );
    if (item.what === "end") return;
    onWords(answer.words);
    if (item.what === "probe") {
      if (!answer.refused)
        throw new Failed("taken", "it takes a step that the specification does not allow here");
      await this.#see(this.#states, answer.words);
      counts.probes++;
      return;
    }
    if (item.what === "begin") return this.#see(this.#states, answer.words);
    const [, lane, step, to] = graph.plan.edges[item.edge] ?? [0, 0, 0, 0];
    if (answer.refused) {
      const refusing = [...this.#now()].filter((state) => graph.after([state], lane, step).size === 0);
      if (refusing.length === 0)
        throw new Failed("refused", "it refuses a step that the specification allows");
      await this.#see(refusing, answer.words);
      if (!this.#states.has(to)) return;
      // What happened by itself has led to where the step would have.
      note(this.options.edges.declined, item.edge);
      throw new Left();
    } else {
      const after = graph.after(this.#now(), lane, step);
      if (after.size === 0)
        throw new Failed("taken", "it takes a step that the specification does not allow here");
      await this.#see(after, answer.words);
      counts.steps++;
    }
  }

  /** Takes what can be seen to tell states apart; where something happens by itself, looks again until it has happened. */
  async #see(states: Iterable<number>, words: Words): Promise<void> {
    const { graph } = this.options;
    const possible = graph.settle(states);
    const since = performance.now();
    let seen = words;
    for (let wait = 1, looks = 0; ; wait = Math.min(2 * wait, 50), looks++) {
      const fitting = graph.showing(possible, seen);
      if (fitting.size > 0) {
        this.#states = fitting;
        return;
      }
      if (!graph.hides || (looks >= PATIENCE.looks && performance.now() - since > PATIENCE.ms)) break;
      await pause(wait);
      seen = await this.#look();
    }
    const different = graph.difference(possible, seen);
    const restless = graph.showing(graph.restless(states), seen);
    if (restless.size === 0 && !different.every(isBusyStill))
      throw new Failed("state", "the state is not the specification's", different);
    const threads = await this.options.session.threads();
    const what = graph.urgentIn(restless.size > 0 ? restless : graph.restless(states));
    const overdue = `what must happen by itself has not happened for ${PATIENCE.ms} ms${what === "" ? "" : `: ${what}`}`;
    throw new Failed("hang", threads === "" ? overdue : `${overdue}\n${threads}`, different);
  }

  async #look(): Promise<Words> {
    const [answer] = this.options.session.ask([{ do: "look" }]);
    const looked = (await answer) as Answer;
    if (looked.kind === "words") return looked.words;
    throw new Failed("driver", looked.kind === "unknown" ? "it can't look again" : looked.why);
  }
}
