import { join } from "node:path";
import { type BuildOptions, build } from "../artifact.js";
import { LIBRARY } from "../build.js";
import { run } from "../compiler.js";
import { mutantText, readMutant } from "../mutants.js";
import { SOURCES } from "../root.js";

/** The checker behind the door to atomics: it is included before all else. */
const DOOR = ["-include", join(SOURCES, "test", "door.h")];

/** The C programs of native/test: the files that each is made of, beside the library's, and its own options. */
const PROGRAMS = {
  library: {
    files: [
      "check",
      "fixture",
      "domains",
      "sections",
      "futex",
      "grace_periods",
      "freeing",
      "fork",
      "library",
    ],
    options: [],
  },
  accesses: {
    files: ["check", "fixture", "door", "letters", "interleavings", "accesses"],
    options: DOOR,
  },
  races: { files: ["check", "fixture", "door", "race", "races"], options: DOOR },
  counts: {
    files: ["check", "fixture", "door", "counts", "replay/observed_calls"],
    options: [...DOOR, "-Wl,--wrap=syscall"],
  },
  checked: { files: ["check", "checked"], options: [] },
  flavours: { files: ["check", "flavours"], options: [] },
  refused: { files: ["check", "refused"], options: [] },
  deferral: {
    files: ["check", "deferred", "leaving", "worker", "polling", "deferral_fork", "deferral"],
    options: [],
  },
  misuse: {
    files: ["check", "misuse", "misuse_arguments", "misuse_stalls", "misuse_forks"],
    options: [],
  },
  structures: { files: ["check", "structures"], options: [] },
  stress: { files: ["stress"], options: [] },
  shared: { files: ["check", "shared"], options: [] },
  kills: { files: ["check", "kills"], options: ["-DQS_SHARED_STEPS"] },
} as const;

export type ProgramName = keyof typeof PROGRAMS;

export type Flavour = "membarrier" | "global" | "signal" | "mb";

export type Sanitizer = "address,undefined" | "thread";

/** How a C test program of native/test/ is compiled together with the library. */
export interface ProgramOptions {
  /** The flavour of the domain that it makes; membarrier if there is none. */
  readonly flavour?: Flavour;
  /** Shared domains rely on GLOBAL_EXPEDITED. */
  readonly global?: boolean;
  readonly sanitizer?: Sanitizer;
  readonly mutant?: string;
}

/** What a program of native/test/ is compiled from, below native/, and with which options of its own. */
export function partsOf(
  name: ProgramName,
  { flavour = "membarrier", global }: Pick<ProgramOptions, "flavour" | "global"> = {},
): { sources: string[]; options: string[] } {
  const { files, options } = PROGRAMS[name];
  return {
    sources: [...LIBRARY, ...files.map((file) => (file.includes("/") ? `${file}.c` : `test/${file}.c`))],
    options: [
      ...options,
      `-DTEST_FLAVOUR=QS_${flavour.toUpperCase()}`,
      `-DTEST_SHARED_FLAGS=${global ? "QS_SHARED_GLOBAL" : "0u"}`,
    ],
  };
}

/** Compiles a program of native/test/ with the library's sources, or with those of one of its mutants. */
export async function buildProgram(
  name: ProgramName,
  options: ProgramOptions = {},
  how?: BuildOptions,
): Promise<string> {
  const { flavour = "membarrier", global, sanitizer, mutant } = options;
  const parts = partsOf(name, options);
  return build(
    {
      name: [
        "test",
        name,
        flavour,
        ...(global ? ["global"] : []),
        ...(sanitizer ? [sanitizer.replace(",", "-")] : []),
        mutant,
      ]
        .filter((part) => part !== undefined)
        .join("-"),
      ending: "",
      sources: parts.sources,
      options: [
        "-O2",
        "-g",
        ...parts.options,
        ...(sanitizer ? [`-fsanitize=${sanitizer}`, "-fno-sanitize-recover=all"] : []),
        ...(mutant === undefined ? [] : ["-DTEST_PATIENCE=20"]),
      ],
      ...(mutant === undefined ? {} : { changed: await mutantText(readMutant(mutant)) }),
    },
    how,
  );
}

/** What a program of the tests' kind (TAP) said. */
export interface TapReport {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly passed: string[];
  /** Names of the failed tests, and what was not so in them. */
  readonly failed: string[];
  readonly stderr: string;
}

/**
 * Runs a program of the tests' kind to its end.
 *
 * @param only the name of the one test to run; without it, all that the program has
 */
export async function runTap(file: string, abort?: AbortSignal, only?: string): Promise<TapReport> {
  const env = { ...process.env, ...(only !== undefined && { QUIESCE_TEST: only }) };
  return readTap(await run([file], abort, env));
}

/** What a program of the tests' kind has said. */
export function readTap(
  result: Omit<TapReport, "passed" | "failed"> & { readonly stdout: string },
): TapReport {
  const { code, signal, stdout, stderr } = result;
  const lines = stdout.split("\n");
  const names = (head: string): string[] =>
    lines.flatMap((line) => (line.startsWith(head) ? [line.slice(line.indexOf(" - ") + 3)] : []));
  return {
    code,
    signal,
    passed: names("ok "),
    failed: [...names("not ok "), ...lines.filter((line) => line.startsWith("# "))],
    stderr,
  };
}

/** True where the compiler has this sanitizer's library and its programs run. */
export async function sanitizes(sanitizer: Sanitizer): Promise<boolean> {
  try {
    const file = await build({
      name: `probe-${sanitizer.replace(",", "-")}`,
      ending: "",
      sources: ["test/nothing.c"],
      options: [`-fsanitize=${sanitizer}`],
    });
    return (await run([file])).code === 0;
  } catch {
    return false;
  }
}
