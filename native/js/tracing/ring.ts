import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "../artifact.js";
import { SHARED } from "../build.js";
import { MutantError } from "../errors.js";
import { mutantTextOf } from "../mutants.js";
import { SOURCES } from "../root.js";
import { TRACED } from "../traced.js";

/** A row of native/drive/ring_mutants.json: the traced side with one step changed. */
export interface RingMutant {
  readonly name: string;
  /** What the change does, in a sentence. */
  readonly changes: string;
  /** The claim of spec/tracing whose paths show it. */
  readonly claim: string;
  readonly file: string;
  readonly lines: readonly string[];
  readonly become: readonly string[];
}

const TABLE = "native/drive/ring_mutants.json";

/** All of them, in the order of their table. */
export function listRingMutants(): readonly RingMutant[] {
  return JSON.parse(readFileSync(join(SOURCES, "drive", "ring_mutants.json"), "utf8")) as RingMutant[];
}

/**
 * The ring of a traced thread, with step points, as a driver of spec/tracing/Ring (native/drive/traced_ring.c). Of the
 * library it has what the traced side calls: a driver has little room for variables of threads.
 *
 * @param mutant the name of a row of native/drive/ring_mutants.json; without it, the code as it is
 * @returns the path of the compiled shared library
 * @throws MutantError when there is no such row
 */
export async function buildRingDriver(mutant?: string, options?: BuildOptions): Promise<string> {
  return build(
    {
      name: mutant === undefined ? "traced-ring" : `traced-ring-${mutant}`,
      ending: ".so",
      sources: ["drive/traced_ring.c", ...TRACED, "src/membarrier.c", "src/message.c"],
      options: [...SHARED, "-DQS_TRACE_STEPS", "-Wl,--no-undefined"],
      ...(mutant === undefined ? {} : { changed: await mutantTextOf(readRingMutant(mutant), TABLE) }),
    },
    options,
  );
}

function readRingMutant(name: string): RingMutant {
  const mutants = listRingMutants();
  const found = mutants.find((row) => row.name === name);
  if (found !== undefined) return found;
  throw new MutantError(`no mutant of a traced thread's ring is called "${name}"`, {
    hint: `The mutants are: ${mutants.map((row) => row.name).join(", ")}.`,
  });
}
