import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "../artifact.js";
import { SHARED } from "../build.js";
import { MutantError } from "../errors.js";
import { mutantTextOf } from "../mutants.js";
import { SOURCES } from "../root.js";
import { TRACED, TRACED_USES } from "../traced.js";

/** A row of a driver's table of mutants: tracing with one step changed. */
export interface DriverMutant {
  readonly name: string;
  /** What the change does, in a sentence. */
  readonly changes: string;
  /** The claim of spec/tracing whose paths show it. */
  readonly claim: string;
  readonly file: string;
  readonly lines: readonly string[];
  readonly become: readonly string[];
}

interface Driver {
  /** Below native/drive. */
  readonly source: string;
  readonly table: string;
  readonly title: string;
  readonly sources: readonly string[];
  readonly options: readonly string[];
}

/** Of the controller, what applies rules; the driver hears what it says. */
const APPLYING = ["apply", "directory", "event", "grace", "guard", "limit", "process", "rules"].map(
  (name) => `tracepoint/controller/${name}.c`,
);

/**
 * The drivers of tracing's specifications, native/drive/SOURCE. Of the library they have what the traced side and the
 * controller call: a driver has little room for variables of threads.
 */
const DRIVERS = {
  ring: {
    source: "traced_ring.c",
    table: "ring_mutants.json",
    title: "a traced thread's ring",
    sources: [...TRACED, ...TRACED_USES],
    options: ["-DQS_TRACE_STEPS"],
  },
  switching: {
    source: "switching.c",
    table: "switching_mutants.json",
    title: "switching",
    sources: [...TRACED, ...TRACED_USES, ...APPLYING],
    // Two configurations, as the claim has them, beside none and the number of half of a rule.
    options: [
      "-DQS_TRACE_SWITCH_STEPS",
      "-DQS_TRACE_CONFIGS=4u",
      "-D_DEFAULT_SOURCE",
      "-Wl,--wrap=qs_processes_list",
    ],
  },
} as const satisfies Readonly<Record<string, Driver>>;

/** Which specification: spec/tracing/ring/Ring or spec/tracing/switching/Switching. */
export type TracingDriver = keyof typeof DRIVERS;

/** All mutants of a driver, in the order of their table. */
export function listDriverMutants(driver: TracingDriver): readonly DriverMutant[] {
  return JSON.parse(readFileSync(join(SOURCES, "drive", DRIVERS[driver].table), "utf8")) as DriverMutant[];
}

/**
 * Compiles tracing with step points, as a driver of its specification.
 *
 * @param mutant the name of a row of the driver's table; without it, the code as it is
 * @returns the path of the compiled shared library
 * @throws MutantError when there is no such row
 */
export async function buildTracingDriver(
  driver: TracingDriver,
  mutant?: string,
  options?: BuildOptions,
): Promise<string> {
  const { source, sources, options: own }: Driver = DRIVERS[driver];
  return build(
    {
      name: mutant === undefined ? `traced-${driver}` : `traced-${driver}-${mutant}`,
      ending: ".so",
      sources: [`drive/${source}`, ...sources],
      options: [...SHARED, ...own, "-Wl,--no-undefined"],
      uses: ["test", "tracepoint"],
      ...(mutant === undefined ? {} : { changed: await driverMutantText(driver, mutant) }),
    },
    options,
  );
}

/**
 * The changed source of a driver's mutant, by its path below native/.
 *
 * @throws MutantError when there is no such row, or its lines aren't in the source any more
 */
export async function driverMutantText(
  driver: TracingDriver,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  return mutantTextOf(readMutant(driver, name), `native/drive/${DRIVERS[driver].table}`);
}

function readMutant(driver: TracingDriver, name: string): DriverMutant {
  const mutants = listDriverMutants(driver);
  const found = mutants.find((row) => row.name === name);
  if (found !== undefined) return found;
  throw new MutantError(`no mutant of ${DRIVERS[driver].title} is called "${name}"`, {
    hint: `The mutants are: ${mutants.map((row) => row.name).join(", ")}.`,
  });
}
