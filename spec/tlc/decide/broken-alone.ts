import { keep, readCached, readObject } from "../base/cache.js";
import { readConfig, withOnlyProperty } from "../claim/config.js";
import type { Violation } from "../output/violation.js";
import type { TlcOutcome } from "../run/outcome.js";

/** Runs TLC on the same model with another configuration, without looking for deadlock. */
export type RunAlone = (config: string, timeoutMs: number) => Promise<TlcOutcome>;

/** With more properties than this, nobody waits for each to be run. */
const MOST = 20;

/** A property alone takes about as long as all of them; one that takes much longer is left open. */
const LEAST_MS = 30_000;
const TIMES_AS_LONG = 4;

/**
 * Older builds of TLC say that some temporal property is violated, and not which. What holds alone is not it: each is run
 * alone, and where one remains, it is that. Where several remain, they are in `oneOf`. `file` is where the outcome is kept;
 * the answer is kept beside it. Without `run`, only what is kept is known.
 */
export async function nameByElimination(
  violation: Violation,
  config: string,
  {
    file,
    seconds,
    run,
  }: { readonly file: string | undefined; readonly seconds: number; readonly run?: RunAlone },
): Promise<Violation> {
  const { properties } = readConfig(config);
  const nameless = violation.kind === "temporal" && violation.name === undefined;
  if (!nameless || violation.location !== undefined || violation.oneOf !== undefined) return violation;
  if (properties.length < 2 || properties.length > MOST) return violation;
  const place = file?.replace(/\.json$/, ".alone.json");
  const left = (await recallLeft(place)) ?? (run && (await runEach(config, properties, seconds, run, place)));
  const [name] = left ?? [];
  if (left === undefined || name === undefined) return violation;
  return left.length === 1 ? { ...violation, name } : { ...violation, oneOf: left };
}

async function recallLeft(place: string | undefined): Promise<readonly string[] | undefined> {
  const kept =
    place === undefined ? undefined : readObject((await readCached(place))?.toString("utf8") ?? "");
  const left: unknown = kept?.["left"];
  return Array.isArray(left) && left.every((one) => typeof one === "string") ? left : undefined;
}

/** The properties that do not hold alone, or of which that is not certain. */
async function runEach(
  config: string,
  properties: readonly string[],
  seconds: number,
  run: RunAlone,
  place: string | undefined,
): Promise<readonly string[]> {
  const left: string[] = [];
  let certain = true;
  for (const property of properties) {
    const limit = Math.max(LEAST_MS, TIMES_AS_LONG * seconds * 1000);
    const { exitCode, timedOut, report } = await run(withOnlyProperty(config, property), limit);
    const holds = exitCode === 0 && !timedOut && report.success && report.statistics?.queue === 0;
    if (holds) continue;
    left.push(property);
    certain &&= report.violated?.kind === "temporal" || report.violated?.kind === "action";
  }
  if (place !== undefined && certain) await keep(place, JSON.stringify({ left }));
  return left;
}
