import {
  type BenchSide,
  buildBench,
  findLiburcu,
  findLttng,
  lackOf as lackInHeaders,
  runBench,
} from "../../../native/js/bench.js";
import type { Command } from "../../../native/js/bench-figures.js";
import { startLttng } from "../../../native/js/bench-lttng.js";
import { buildRust, CRATES, type Crate, rustCommand, rustIsBuilt } from "../../../native/js/bench-rust.js";
import { UsageError } from "../../../spec/tlc/base/errors.js";
import { type BenchFigures, figuresOf } from "./figures.js";
import { BUSY, machineOf } from "./machine.js";
import { measureAll } from "./measure.js";
import { MEASUREMENTS, type Measurement, type Side } from "./rows.js";
import { TRACE_MEASUREMENTS } from "./trace-rows.js";
import { runTraceBench } from "./trace-run.js";

export interface BenchRequest {
  /** Which rows; all of them without it. */
  readonly only?: string;
  readonly quick: boolean;
  readonly rounds?: number;
  readonly rust: boolean;
  /** Tracing's rows, beside LTTng-UST, instead of the library's beside liburcu. */
  readonly trace: boolean;
  readonly signal: AbortSignal;
  readonly onBuild: (what: string) => void;
  readonly onProgress: (told: { readonly round: number; readonly of: number; readonly name: string }) => void;
}

/** With --quick, all rounds together, and the last moment at which a program is started. It may take LIMIT_S. */
const QUICK_MS = { budget: 40_000, last: 41_000 };
const QUICK_ROUNDS = 3;
const ROUNDS = 5;
/** After so long, a run of a measuring program hangs. */
const LIMIT_S = { quick: 8, full: 60 };

/** The names of all rows. */
export function rowNames(trace = false): string[] {
  return (trace ? TRACE_MEASUREMENTS : MEASUREMENTS).flatMap(({ rows }) => rows.map(({ name }) => name));
}

/**
 * Whether a row is among those that --only asks for: the pattern is in its name, whatever the case; "*" stands for
 * anything.
 *
 * @throws UsageError where no row is
 */
export function wantedRows(only: string | undefined, names = rowNames()): (name: string) => boolean {
  const parts = (only ?? "").split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(parts.join(".*"), "i");
  const wanted = (name: string): boolean => pattern.test(name);
  if (!names.some(wanted)) {
    throw new UsageError(`no row has "${only}" in its name`, {
      where: "--only",
      hint: `The rows:\n${names.map((name) => `  ${name}`).join("\n")}`,
    });
  }
  return wanted;
}

/** Builds what is to be measured, and measures it. */
export async function bench(request: BenchRequest): Promise<BenchFigures> {
  const { quick, signal, onBuild, trace } = request;
  const wanted = wantedRows(request.only, rowNames(trace));
  const measurements = (trace ? TRACE_MEASUREMENTS : MEASUREMENTS)
    .filter(({ rows }) => rows.some(({ name }) => wanted(name)))
    .map((measurement) => (quick ? withoutOtherFlavours(measurement) : measurement));
  const notes: string[] = [];
  const liburcu = await findLiburcu({ signal });
  if (liburcu === undefined && !trace) notes.push(NO_LIBURCU);
  const hasLttng = trace && (await findLttng({ signal, onBuild }));
  const rust = await rustFor(request, notes);
  const lackOf = (side: Side): string | undefined => {
    if (isCrate(side)) return rust ? undefined : "without --rust";
    if (side === "trace-lttng") return session === undefined ? "LTTng is not installed" : undefined;
    if (side.startsWith("liburcu-")) return liburcu === undefined ? "liburcu is not installed" : undefined;
    return lackInHeaders(side);
  };
  const session = hasLttng ? await startLttng(signal) : undefined;
  if (trace && session === undefined) notes.push(NO_LTTNG);
  if (session !== undefined)
    notes.push(
      `Beside ${session.version}; what is recorded to memory overwrites the oldest, what is written to disk loses the newest.`,
    );
  try {
    return await measured();
  } finally {
    await session?.end();
  }

  async function measured(): Promise<BenchFigures> {
    const programs = await buildAll(measurements, lackOf, (program, side) =>
      buildBench(program, side, { signal, onBuild }),
    );
    const machine = await machineOf(liburcu);
    if (machine.busy > BUSY) notes.push(busyNote(machine.busy));
    if (machine.cores < 2) notes.push("There is only one processor, so readers and updaters share it.");
    const result = await measureAll({
      measurements,
      quick,
      rounds: request.rounds ?? (quick ? QUICK_ROUNDS : ROUNDS),
      budgetMs: quick ? QUICK_MS.budget : Infinity,
      lastMs: quick ? QUICK_MS.last : Infinity,
      signal,
      lackOf,
      run: (side, measurement) => {
        const command = isCrate(side)
          ? rustCommand(side, measurement.program)
          : programs.get(`${measurement.program} ${side}`);
        if (command === undefined) throw new Error(`${measurement.program} is not built for ${side}`);
        const options = {
          ...(quick ? measurement.quick : measurement.options),
          limit: quick ? LIMIT_S.quick : LIMIT_S.full,
        };
        return trace
          ? runTraceBench(command, { side, measurement, options, session, signal })
          : runBench(command, options, signal);
      },
      onProgress: request.onProgress,
    });
    return figuresOf(result, { machine, quick, notes }, wanted);
  }
}

const NO_LTTNG =
  "LTTng-UST is not installed, so these are our figures alone (Debian, Ubuntu: sudo apt-get install liblttng-ust-dev lttng-tools).";

const NO_LIBURCU =
  "liburcu is not installed, so these are our figures alone (Debian, Ubuntu: sudo apt-get install liburcu-dev; " +
  "installed elsewhere: set CPATH and LIBRARY_PATH).";

function busyNote(busy: number): string {
  return `The machine is busy: others use ${Math.round(busy * 100)} % of it, so the figures are rough. Measure again when it is quiet.`;
}

function isCrate(side: Side): side is Crate {
  return (CRATES as readonly string[]).includes(side);
}

/** In a hurry, liburcu's other flavours are measured only where ours is the same flavour. */
function withoutOtherFlavours(measurement: Measurement): Measurement {
  const others = (measurement.others ?? []).filter((side) => isCrate(side));
  return { ...measurement, others };
}

/** Whether the libraries in Rust are measured, too. In a hurry, nothing is built for that. */
async function rustFor({ rust, quick, signal, onBuild }: BenchRequest, notes: string[]): Promise<boolean> {
  if (!rust) return false;
  if (quick && !(await rustIsBuilt())) {
    notes.push("Without crossbeam-epoch and seize: with --quick they are not built. Run once without it.");
    return false;
  }
  if (await buildRust({ signal, onBuild })) return true;
  notes.push(
    "Without crossbeam-epoch and seize: cargo was not found (Debian, Ubuntu: sudo apt-get install cargo).",
  );
  return false;
}

const AT_ONCE = 2;

/** Each program once for each side that has it, two at a time. */
async function buildAll(
  measurements: readonly Measurement[],
  lackOf: (side: Side) => string | undefined,
  build: (program: Measurement["program"], side: BenchSide) => Promise<Command>,
): Promise<Map<string, Command>> {
  const programs = new Map<string, Command>();
  const waiting = new Map<string, () => Promise<Command>>();
  for (const { program, ours, theirs, others = [] } of measurements) {
    for (const side of [ours, ...(theirs === undefined ? [] : [theirs]), ...others]) {
      if (isCrate(side) || lackOf(side) !== undefined) continue;
      waiting.set(`${program} ${side}`, () => build(program, side));
    }
  }
  const queue = [...waiting];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      programs.set(next[0], await next[1]());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return programs;
}
