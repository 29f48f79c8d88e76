import { claimsOf } from "../../../spec/tlc/claim/asked-claims.js";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import { type CheckEvent, type ClaimResult, checkClaims } from "../../../spec/tlc/decide/check.js";
import { findVacuity, type Vacuity } from "../../../spec/tlc/decide/vacuity.js";
import type { WorkerHost } from "../../../spec/tlc/distributed/worker-host.js";
import type { DistributedEvent } from "../../../spec/tlc/distributed/workers.js";
import { findTools, type Tools } from "../../../spec/tlc/tools/tools.js";
import type { Progress } from "../../base/terminal.js";

export interface CheckRequest {
  /** Folders, files or ids; none means all below `root`. */
  readonly paths: readonly string[];
  readonly root: string;
  readonly full: boolean;
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
  readonly verdict: ClaimResult["verdict"] | "unchecked";
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
  /** How many claims were asked for; a tour decides only some of them. */
  readonly asked?: number;
  readonly asDeclared: boolean;
  /** Actions that are never taken without being declared idle, and the reverse. */
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
 * Reads the claims asked for and lets TLC decide them.
 *
 * @throws BadInputError that lists every bad header: nothing is checked until all of them can be read
 */
export async function checkAll(request: CheckRequest): Promise<CheckSummary> {
  const { root, signal, progress } = request;
  const read = claimsOf(request.paths, root, request.full);
  if (request.onlyList) {
    const { claims, leftOut } = await read;
    return listOnly(claims, leftOut, root);
  }
  const started = performance.now();
  const { claims: asked, leftOut, tools } = await withTools(read, signal, progress);
  const claims = request.tour ? asked.filter(({ tour }) => tour) : asked;
  const watch = watchProgress(claims, progress);
  let results: readonly ClaimResult[];
  try {
    results = await checkClaims(claims, tools, {
      parallel: request.parallel,
      timeoutMs: request.timeoutMs,
      cache: request.cache,
      // A claim outside the tour may take an action that the tour never takes.
      coverage: request.tour ? "none" : request.strict ? "all" : "small",
      smallFirst: request.tour === true,
      signal,
      onEvent: (event) => {
        watch.event(event);
        if (event.kind === "finished") request.onRow?.(toRow(event.result));
      },
      ...(request.memoryMiB !== undefined && { memoryMiB: request.memoryMiB }),
      ...(request.workers?.length && { distributed: distributedOf(request, request.workers) }),
    });
  } finally {
    watch.end();
  }
  const rows = results.map(toRow);
  const { jar, abilities } = tools;
  return {
    rows,
    // A tour leaves out most claims of either set, and says so itself.
    leftOut: request.tour ? 0 : leftOut,
    asked: asked.length,
    asDeclared: rows.every((row) => row.asDeclared),
    vacuity: request.tour ? [] : await findVacuity(results, rowsOf),
    seconds: (performance.now() - started) / 1000,
    tlc: { version: abilities.version, jar: jar.path, sha256: jar.sha256, verified: jar.verified },
    tools,
    root,
  };
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
  return (await readClaims([claim.file], claim.root)).claims;
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

function toRow(result: ClaimResult): CheckRow {
  const { claim, verdict, asDeclared, states = 0, seconds, fromCache, reason } = result;
  return {
    claim,
    verdict,
    asDeclared,
    states,
    seconds,
    fromCache,
    ...(reason !== undefined && { reason }),
    result,
  };
}

function listOnly(claims: readonly Claim[], leftOut: number, root: string): CheckSummary {
  const rows = claims.map((claim) => ({
    claim,
    verdict: "unchecked" as const,
    asDeclared: true,
    states: claim.declared.states ?? 0,
    seconds: 0,
    fromCache: false,
  }));
  return { rows, leftOut, asDeclared: true, vacuity: [], seconds: 0, root };
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
