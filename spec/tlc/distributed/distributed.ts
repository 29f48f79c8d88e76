import { Interrupted } from "../base/errors.js";
import { type Config, readConfig } from "../claim/config.js";
import { EC } from "../output/codes.js";
import { readReport } from "../output/report.js";
import type { TlcOutcome } from "../run/outcome.js";
import { runTlc } from "../run/run.js";
import { freePort } from "./addresses.js";
import { type DistributedRun, runServer } from "./server.js";
import { READY } from "./workers.js";

/** How often the server is run before we give up. */
const ATTEMPTS = 3;
/** TLC's messages: temporal properties are checked; the first states are computed; one of them, or a path, is bad. */
const LIVENESS = EC.TLC_LIVE_IMPLIED;
const COMPUTING_INIT = EC.TLC_COMPUTING_INIT;
const WRONG: ReadonlySet<number> = new Set([
  EC.TLC_INITIAL_STATE,
  EC.TLC_BEHAVIOR_UP_TO_THIS_POINT,
  EC.TLC_STATE_PRINT2,
]);

/** Why a model can't be checked in distributed mode; undefined when its configuration allows it. */
export function notDistributable(config: Config): string | undefined {
  const unsupported = [
    ...(config.symmetry.length > 0 ? ["SYMMETRY"] : []),
    ...(config.constraints.length > 0 ? ["CONSTRAINT"] : []),
    ...(config.view === undefined ? [] : ["VIEW"]),
    ...(config.postconditions.length > 0 ? ["POSTCONDITION"] : []),
  ];
  if (unsupported.length === 0) return undefined;
  return `TLC's distributed mode does not treat ${unsupported.join(" and ")} as TLC on one machine does`;
}

/**
 * Runs TLC's distributed mode: the server here, workers on the hosts. It decides only that nothing is violated: when
 * something is, the server says neither what, nor whether it could be evaluated at all, so the model then runs again on
 * this machine, and the outcome is that run's. A worker that dies takes nothing with it: TLC gives its work to others,
 * and if it fails to do so, the server starts over. When no worker is left, the run ends without a result. When this
 * returns or throws, none of the processes is left.
 */
export async function runDistributed(model: DistributedRun): Promise<TlcOutcome> {
  const refused = notDistributable(readConfig(model.config));
  if (refused !== undefined) return inconclusive(refused);
  const started = performance.now();
  const alone = { ...model, workers: 1 };
  const first = await tryFirst(alone);
  if (first !== undefined) return first;
  // The same port each time, so that workers elsewhere find it again.
  const port = model.port ?? (await freePort());
  const reasons: string[] = [];
  while (reasons.length < ATTEMPTS) {
    const spent = performance.now() - started;
    const left = model.timeoutMs === undefined ? {} : { timeoutMs: Math.max(1, model.timeoutMs - spent) };
    const { outcome, failed } = await runServer({ ...model, ...left, port });
    if (outcome.messages.some(({ code }) => WRONG.has(code))) {
      model.onEvent?.({ kind: "again" });
      return await runTlc(alone);
    }
    const reason = failed?.reason ?? unfinished(outcome);
    if (reason === undefined) return outcome;
    if (failed?.alone) return inconclusive(reason, outcome.seconds);
    reasons.push(reason);
    if (reasons.length < ATTEMPTS) model.onEvent?.({ kind: "over", reason });
  }
  return inconclusive(`TLC's server failed ${ATTEMPTS} times: ${reasons.at(-1)}`);
}

/**
 * Why it may be worth starting over: the server ended, but not cleanly. It sometimes trips when a worker is lost, and
 * when it reports progress at the very moment that it is done (TLCServer.getNewStates).
 */
function unfinished({ messages, report, timedOut, exitCode }: TlcOutcome): string | undefined {
  if (timedOut || exitCode !== 0 || !messages.some(({ code }) => code === READY)) return undefined;
  if (report.success && report.statistics?.queue === 0) return undefined;
  return `the server failed: ${report.errors[0]?.message ?? "it left states unexamined"}`;
}

/**
 * Does what the server doesn't: checks assumptions, and says that it leaves temporal properties out. TLC on one machine
 * does both before it computes the first state; there it is stopped. Undefined when nothing prevents going on.
 */
async function tryFirst(model: DistributedRun): Promise<TlcOutcome | undefined> {
  const stop = new AbortController();
  const signal = model.signal === undefined ? stop.signal : AbortSignal.any([model.signal, stop.signal]);
  let begun = false;
  let liveness = false;
  try {
    const outcome = await runTlc({
      ...model,
      signal,
      short: true,
      onMessage({ code }) {
        if (code === LIVENESS) liveness = true;
        if (code !== COMPUTING_INIT) return;
        begun = true;
        stop.abort();
      },
    });
    // It ended before it could be stopped.
    return liveness ? inconclusive(NO_LIVENESS) : outcome;
  } catch (error) {
    if (!(error instanceof Interrupted) || !begun || model.signal?.aborted) throw error;
    return liveness ? inconclusive(NO_LIVENESS) : undefined;
  }
}

const NO_LIVENESS = "TLC's distributed mode does not check temporal properties (liveness)";

/** An outcome that decides nothing, with the reason. */
function inconclusive(message: string, seconds = 0): TlcOutcome {
  const report = { ...readReport([]), truncated: false, errors: [{ kind: "internal" as const, message }] };
  return { exitCode: 0, timedOut: false, messages: [], report, stderr: "", seconds };
}
