import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "../artifact.js";
import { LIBRARY, SHARED } from "../build.js";
import { mutantTextOf } from "../mutants.js";
import { SOURCES } from "../root.js";
import type { Sanitizer } from "../test/program.js";
import { TRACED, TRACED_USES } from "../traced.js";

const TESTS = "tracepoint/traced/test";

/** The test programs of the traced side, and their own options. */
const PROGRAMS = {
  trace: [],
  processes: ["-rdynamic"],
  limits: [],
  memory: [],
  filters: [],
  hostile: [],
  accesses: ["-include", join(SOURCES, "test", "door.h")],
  /** No test by itself: filter-cross.test.ts. */
  lines: [],
} as const;

export type TracedProgram = keyof typeof PROGRAMS;

/** Both libraries as one, for a program that only its own files are compiled into. */
export function buildTraceLibrary(): Promise<string> {
  return build({
    name: "trace-library",
    ending: ".so",
    sources: [...LIBRARY, ...TRACED],
    options: ["-O2", "-fPIC", "-shared"],
    uses: ["tracepoint"],
  });
}

/** A row of native/tracepoint/traced/mutants.json: the traced side with one step changed, and the test that sees it. */
export interface TracedMutant {
  readonly name: string;
  readonly changes: string;
  readonly killer: { readonly program: TracedProgram; readonly test: string };
  readonly file: string;
  readonly lines: readonly string[];
  readonly become: readonly string[];
}

const TABLE = "tracepoint/traced/mutants.json";

/** All mutants of the traced side. */
export function listTracedMutants(): readonly TracedMutant[] {
  return JSON.parse(readFileSync(join(SOURCES, TABLE), "utf8")) as TracedMutant[];
}

export interface TracedOptions {
  readonly sanitizer?: Sanitizer | undefined;
  readonly mutant?: TracedMutant;
}

function sanitizing(sanitizer: Sanitizer | undefined): string[] {
  return sanitizer === undefined ? [] : [`-fsanitize=${sanitizer}`, "-fno-sanitize-recover=all"];
}

function nameOf(name: string, { sanitizer, mutant }: TracedOptions): string {
  return ["traced", name, sanitizer?.replace(",", "-"), mutant?.name]
    .filter((part) => part !== undefined)
    .join("-");
}

/**
 * Compiles a test program of the traced side with its sources, or with those of one of its mutants.
 *
 * @throws CompilerMissingError, CompileError, MutantError, Interrupted
 */
export async function buildTraced(
  program: TracedProgram,
  options: TracedOptions = {},
  how?: BuildOptions,
): Promise<string> {
  const { sanitizer, mutant } = options;
  const own = ["events", "second", program].map((name) => `${TESTS}/${name}.c`);
  return build(
    {
      name: nameOf(program, options),
      ending: "",
      sources: [...TRACED_USES, ...TRACED, "test/check.c", "test/door.c", ...own],
      options: [
        "-O2",
        "-g",
        ...PROGRAMS[program],
        ...sanitizing(sanitizer),
        ...(mutant === undefined ? [] : ["-DTEST_PATIENCE=2"]),
      ],
      libraries: ["-lm"],
      ...(mutant === undefined ? {} : { changed: await mutantTextOf(mutant, `native/${TABLE}`) }),
    },
    how,
  );
}

/** Compiles the library with tracepoints that the test of processes loads and unloads. */
export function buildPlugin(options: TracedOptions = {}, how?: BuildOptions): Promise<string> {
  return build(
    {
      name: nameOf("plugin", options),
      ending: ".so",
      sources: [`${TESTS}/plugin.c`],
      options: [...SHARED, ...sanitizing(options.sanitizer)],
    },
    how,
  );
}
