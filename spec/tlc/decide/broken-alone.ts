import { readConfig, withOnlyProperty } from "../claim/config.js";
import type { Violation } from "../output/violation.js";
import { aloneLimitMs, Beside, hasHeld, namesIn, type RunAlone } from "./alone.js";

/** With more properties than this, nobody waits for each to be run. */
const MOST = 20;

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
  const place = new Beside(file, "alone", "left");
  const left =
    namesIn(await place.read()) ?? (run && (await runEach(config, properties, seconds, run, place)));
  const [name] = left ?? [];
  if (left === undefined || name === undefined) return violation;
  return left.length === 1 ? { ...violation, name } : { ...violation, oneOf: left };
}

/** The properties that do not hold alone, or of which that is not certain. */
async function runEach(
  config: string,
  properties: readonly string[],
  seconds: number,
  run: RunAlone,
  place: Beside,
): Promise<readonly string[]> {
  const left: string[] = [];
  let certain = true;
  for (const property of properties) {
    const outcome = await run(withOnlyProperty(config, property), aloneLimitMs(seconds));
    if (hasHeld(outcome)) continue;
    left.push(property);
    const kind = outcome.report.violated?.kind;
    certain &&= kind === "temporal" || kind === "action";
  }
  if (certain) await place.keep(left);
  return left;
}
