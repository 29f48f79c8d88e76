import type { NotLookedAt } from "../../../spec/tlc/base/walk.js";
import type { AskedClaims } from "../../../spec/tlc/claim/asked-claims.js";
import { type Claim, type ClaimProblem, readClaims } from "../../../spec/tlc/claim/claim.js";
import { type CheckEvent, type ClaimResult, checkClaims } from "../../../spec/tlc/decide/check.js";
import { findVacuity, type Vacuity } from "../../../spec/tlc/decide/vacuity.js";
import type { WorkerHost } from "../../../spec/tlc/distributed/worker-host.js";
import type { DistributedEvent } from "../../../spec/tlc/distributed/workers.js";
import { findTools, type Tools } from "../../../spec/tlc/tools/tools.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../../base/interrupted.js";
import type { Progress } from "../../base/terminal.js";
import { type Choice, chooseClaims, requireOwn } from "./choose.js";
import { commitOf } from "./commit.js";
import { type WrittenHeader, writeHeaders } from "./init.js";
import { readLedger, withDecided, writeLedger } from "./ledger.js";
import { SoFar } from "./so-far.js";

export interface CheckRequest extends Choice {
  /** The file in which to record when each claim was decided last, if it was as declared. */
  readonly recordIn?: string;
  readonly cache: boolean;
  /** Count the actions of large claims, too. */
  readonly strict?: boolean;
  readonly onlyList: boolean;
  /** Only the claims of the tour, those with the fewest states first. */
  readonly tour?: boolean;
  /** Called for each claim as soon as it is decided. */
  readonly onRow?: (row: CheckRow) => void;
  readonly parallel: number;
  readonly timeoutMs: number;
  /** Seconds for the whole check; without any, it may take as long as it takes. */
  readonly timeLimit?: number | undefined;
  readonly memoryMiB: number | undefined;
  /** Where TLC's distributed mode runs its workers; without any, it isn't used. */
  readonly workers?: readonly WorkerHost[];
  /** The port of its server (default: a free one). */
  readonly port?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** A claim's outcome, or, when claims are only listed, its declaration. */
export interface CheckRow {
  readonly claim: Claim;
  /** `unchecked` when claims are only listed, `undecided` when the check ended before it was decided. */
  readonly verdict: ClaimResult["verdict"] | "unchecked" | "undecided";
  readonly asDeclared: boolean;
  readonly states: number;
  readonly seconds: number;
  readonly fromCache: boolean;
  readonly reason?: string;
  readonly result?: ClaimResult;
}

export interface CheckSummary {
  readonly rows: readonly CheckRow[];
  /** How many claims of the full set were left out. */
  readonly leftOut: number;
  /** What was passed over while claims were looked for. */
  readonly notLookedAt: readonly NotLookedAt[];
  /** How many claims were asked for; a tour decides only some of them. */
  readonly asked?: number;
  /** Every claim that declares a verdict came out so, and every other one was decided. */
  readonly asDeclared: boolean;
  /** The files that are no claims, and why; the others were decided all the same. */
  readonly problems: readonly ClaimProblem[];
  /** The headers that were written, with `init`. */
  readonly written?: readonly WrittenHeader[];
  /** The check ended before all was decided. */
  readonly endedEarly?: EndedEarly;
  /** Actions that are never taken without being declared idle, and the reverse; not looked for when it ended early. */
  readonly vacuity: readonly Vacuity[];
  /** Total wall time. */
  readonly seconds: number;
  readonly tlc?: {
    readonly version: string;
    readonly jar: string;
    readonly sha256: string;
    readonly verified: boolean;
  };
  readonly tools?: Tools;
  readonly root: string;
}

/**
 * Reads the claims asked for and lets TLC decide them. A file that can't be read as a claim is reported and leaves the
 * others alone. When the check is interrupted, or its time is over, the summary has what was decided by then.
 *
 * @throws BadInputError for what was asked for and is not there, and when no file can be read
 */
export async function checkAll(request: CheckRequest): Promise<CheckSummary> {
  const { root, progress } = request;
  const { signal, ended } = withTimeLimit(request.signal, request.timeLimit);
  const read = chooseClaims(request, signal);
  if (request.onlyList) return listOnly(await read, root);
  const started = performance.now();
  const ready = await unlessInterrupted(signal, () => withTools(read, signal, progress));
  const { claims: asked, leftOut, notLookedAt, problems } = ready ?? (await read);
  if (request.recordIn !== undefined) requireOwn(asked, root, "--record");
  const claims = request.tour ? asked.filter(({ tour }) => tour) : asked;
  const soFar = new SoFar();
  const results = ready && (await decideAll(claims, ready.tools, { ...request, signal }, soFar));
  const endedEarly = results === undefined ? ended() : undefined;
  const rows = soFar.rows(claims, endedEarly);
  if (request.recordIn !== undefined) await record(request.recordIn, rows, request);
  const written = request.init && results ? await writeHeaders(results) : undefined;
  return {
    rows,
    // A tour leaves out most claims of either set, and says so itself.
    leftOut: request.tour ? 0 : leftOut,
    notLookedAt,
    asked: asked.length,
    asDeclared: rows.every(isFine),
    problems,
    ...(written && { written }),
    ...(endedEarly && { endedEarly }),
    vacuity: request.tour || results === undefined ? [] : await findVacuity(results, rowsOf),
    seconds: (performance.now() - started) / 1000,
    ...(ready && { tlc: tlcOf(ready.tools), tools: ready.tools }),
    root,
  };
}

/** Writes down which claims are decided as declared, and at which commit. */
async function record(
  file: string,
  rows: readonly CheckRow[],
  { root, signal }: Pick<CheckRequest, "root" | "signal">,
): Promise<void> {
  // What was decided before an interrupt counts, too.
  const commit = await commitOf(root, signal.aborted ? new AbortController().signal : signal);
  const at = { commit, date: new Date().toISOString().slice(0, 10) };
  const { claims } = await readClaims([], root);
  const decided = rows.filter(({ asDeclared }) => asDeclared);
  await writeLedger(file, await withDecided(await readLedger(file), decided, at, claims));
}

/** The results in the order of the claims; undefined when the signal ended it. */
async function decideAll(
  claims: readonly Claim[],
  tools: Tools,
  request: CheckRequest,
  soFar: SoFar,
): Promise<readonly ClaimResult[] | undefined> {
  const { signal, progress } = request;
  const watch = watchProgress(claims, progress);
  try {
    return await unlessInterrupted(signal, () =>
      checkClaims(claims, tools, {
        parallel: request.parallel,
        timeoutMs: request.timeoutMs,
        cache: request.cache,
        // A claim outside the tour may take an action that the tour never takes.
        coverage: request.tour ? "none" : request.strict ? "all" : "small",
        smallFirst: request.tour === true,
        signal,
        onEvent: (event) => {
          watch.event(event);
          const row = soFar.event(event);
          if (row !== undefined) request.onRow?.(row);
        },
        ...(request.memoryMiB !== undefined && { memoryMiB: request.memoryMiB }),
        ...(request.workers?.length && { distributed: distributedOf(request, request.workers) }),
      }),
    );
  } finally {
    watch.end();
  }
}

function tlcOf({ jar, abilities }: Tools) {
  return { version: abilities.version, jar: jar.path, sha256: jar.sha256, verified: jar.verified };
}

/** Looks for Java and TLC while the claims are read. Bad claims are reported first, and end the search. */
async function withTools<T>(
  read: Promise<T>,
  signal: AbortSignal,
  progress: Progress,
): Promise<T & { readonly tools: Tools }> {
  const stop = new AbortController();
  const tell = (text: string): void => progress.line(text);
  const found = findTools({ signal: AbortSignal.any([signal, stop.signal]), onFetch: tell, onNotice: tell });
  // Should both fail, the claims are the failure to report.
  found.catch(() => undefined);
  try {
    return { ...(await read), tools: await found };
  } catch (error) {
    stop.abort();
    await found.catch(() => undefined);
    throw error;
  }
}

/** All claims in a claim's file. */
async function rowsOf(claim: Claim): Promise<readonly Claim[]> {
  return (await readClaims([claim.file], claim.root, { undeclared: true })).claims;
}

/** How TLC's distributed mode is used, and what it reports to a person. */
function distributedOf({ port, progress }: CheckRequest, workers: readonly WorkerHost[]) {
  return {
    hosts: workers,
    ...(port !== undefined && { port }),
    onEvent(event: DistributedEvent): void {
      if (event.kind === "ready") {
        const { host, port } = event.server;
        const join = workers.some(({ kind }) => kind === "join");
        const how = join ? `; join it with:  quiesce worker ${host}:${port}` : "";
        progress.line(`TLC's server is at ${host}:${port}${how}`);
      } else if (event.kind === "again") {
        progress.line("Something goes wrong in the model. Running it here for the counterexample.");
      } else if (event.kind === "over") {
        progress.line(`TLC's server is starting over: ${event.reason}`);
      } else if (event.kind === "ended") {
        progress.line(`A worker on ${event.host} ended: ${event.reason}`);
      } else if (event.kind === "lost") {
        progress.line(`Lost a worker; others take over its work (${event.workers} left)`);
      }
    },
  };
}

/** Did a claim come out as declared or, where it declares nothing, come to a verdict? */
export function isFine({ claim, verdict, asDeclared }: CheckRow): boolean {
  const open = verdict === "inconclusive" || verdict === "undecided";
  return asDeclared || (claim.declared.verdict === "undeclared" && !open);
}

function listOnly({ claims, leftOut, notLookedAt, problems }: AskedClaims, root: string): CheckSummary {
  const rows = claims.map((claim) => ({
    claim,
    verdict: "unchecked" as const,
    asDeclared: true,
    states: claim.declared.states ?? 0,
    seconds: 0,
    fromCache: false,
  }));
  return { rows, leftOut, notLookedAt, asDeclared: true, problems, vacuity: [], seconds: 0, root };
}

/** Live lines while claims are checked: how many are done, which are running, and for how long. */
export function watchProgress(claims: readonly Claim[], progress: Progress) {
  const started = performance.now();
  const running = new Map<string, { since: number; states: number }>();
  let done = 0;
  const show = (): void => {
    const seconds = Math.round((performance.now() - started) / 1000);
    const head = `Claims  ${done} of ${claims.length}   ${seconds} s`;
    const width = Math.max(...[...running.keys()].map((id) => id.length));
    const lines = [...running].map(([id, { since, states }]) => {
      const age = ((performance.now() - since) / 1000).toFixed(1);
      return `  ${id.padEnd(width)}   ${age} s${states > 0 ? `   ${states.toLocaleString("en-US")} states` : ""}`;
    });
    progress.update([head, ...lines], head);
  };
  const timer = setInterval(show, 200);
  return {
    event(event: CheckEvent): void {
      if (event.kind === "finished") {
        running.delete(event.result.claim.id);
        done++;
      } else {
        if (event.kind === "resumed") {
          const states = event.states.toLocaleString("en-US");
          progress.line(`${event.claim.id}: resumed an interrupted run at ${states} states`);
        }
        const states = event.kind === "progress" ? event.progress.distinct : 0;
        const since = running.get(event.claim.id)?.since ?? performance.now();
        running.set(event.claim.id, { since, states });
      }
      show();
    },
    end(): void {
      clearInterval(timer);
      progress.done();
    },
  };
}
