import { relative } from "node:path";
import type { NotLookedAt } from "../../../spec/tlc/base/walk.js";
import type { AskedClaims } from "../../../spec/tlc/claim/asked-claims.js";
import { type Claim, type ClaimProblem, readClaims } from "../../../spec/tlc/claim/claim.js";
import { type ClaimResult, checkClaims } from "../../../spec/tlc/decide/check.js";
import { findOutOfStep, type OutOfStep } from "../../../spec/tlc/decide/translations.js";
import { findVacuity, type Vacuity } from "../../../spec/tlc/decide/vacuity.js";
import type { WorkerHost } from "../../../spec/tlc/distributed/worker-host.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { type EndedEarly, unlessInterrupted, withTimeLimit } from "../../base/interrupted.js";
import type { Progress } from "../../base/terminal.js";
import { type Choice, chooseClaims, requireOwn } from "./choose.js";
import { type WrittenHeader, writeHeaders } from "./init.js";
import { distributedOf, watchProgress } from "./live.js";
import { Recorder } from "./recorder.js";
import { SoFar } from "./so-far.js";
import { withTools } from "./tools.js";

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
  /** Instead of what headers and settings say. */
  readonly timeoutMs?: number | undefined;
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
  /** Modules whose PlusCal translation is not of their algorithm; not looked for when the check ended early. */
  readonly translations: readonly OutOfStep[];
  /** Total wall time. */
  readonly seconds: number;
  readonly tlc?: {
    readonly version: string;
    readonly jar: string;
    readonly sha256: string;
    readonly verified: boolean;
  };
  readonly tools?: Tools;
  /** The file of settings that counted. */
  readonly settings?: string;
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
  const ready = await unlessInterrupted(signal, () => withTools(read, signal, progress, request.settings));
  const { claims: asked, leftOut, notLookedAt, problems } = ready ?? (await read);
  if (request.recordIn !== undefined) requireOwn(asked, root, "--record");
  const claims = request.tour ? asked.filter(({ tour }) => tour) : asked;
  const soFar = new SoFar();
  const recorder =
    request.recordIn !== undefined && ready ? await beginRecord(request.recordIn, root, signal) : undefined;
  const onRow = (row: CheckRow): void => {
    recorder?.row(row);
    request.onRow?.(row);
  };
  const results =
    ready && !signal.aborted
      ? await decideAll(claims, ready.tools, { ...request, signal, onRow }, soFar).catch(
          async (error: unknown) => {
            // What failed is what to report; what was decided by then is kept if it can be.
            await recorder?.end().catch(() => undefined);
            throw error;
          },
        )
      : undefined;
  await recorder?.end();
  const endedEarly = results === undefined ? ended() : undefined;
  const rows = soFar.rows(claims, endedEarly);
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
    translations: ready && results ? await translationsOf(results, ready.tools, { ...request, signal }) : [],
    seconds: (performance.now() - started) / 1000,
    ...(ready && { tlc: tlcOf(ready.tools), tools: ready.tools }),
    ...(request.settings && { settings: request.settings.file }),
    root,
  };
}

async function beginRecord(file: string, root: string, signal: AbortSignal): Promise<Recorder | undefined> {
  return await unlessInterrupted(signal, () => Recorder.begin(file, root, signal));
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
        override: {
          ...(request.timeoutMs !== undefined && { timeoutMs: request.timeoutMs }),
          ...(request.memoryMiB !== undefined && { memoryMiB: request.memoryMiB }),
        },
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

/** PlusCal in the specifications that were checked, not in libraries. An interrupt leaves it out. */
async function translationsOf(
  results: readonly ClaimResult[],
  tools: Tools,
  { parallel, signal }: CheckRequest,
): Promise<readonly OutOfStep[]> {
  const modules = results.flatMap(({ claim, algorithms = [] }) =>
    algorithms.filter(({ path }) => !relative(claim.root, path).startsWith("..")),
  );
  return (await unlessInterrupted(signal, () => findOutOfStep(modules, tools, { parallel, signal }))) ?? [];
}

/** All claims in a claim's file. */
async function rowsOf(claim: Claim): Promise<readonly Claim[]> {
  return (
    await readClaims([claim.file], claim.root, {
      undeclared: true,
      ...(claim.libraries && { libraries: claim.libraries }),
    })
  ).claims;
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
  return {
    rows,
    leftOut,
    notLookedAt,
    asDeclared: true,
    problems,
    vacuity: [],
    translations: [],
    seconds: 0,
    root,
  };
}
