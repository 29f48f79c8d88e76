import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "./artifact.js";
import { findLiburcu } from "./bench.js";
import { LIBRARY, SHARED } from "./build.js";
import { type MutantRow, mutantTextOf, readMutant } from "./mutants.js";
import { SOURCES } from "./root.js";

/** What a claim of spec/rcu/library may ask of a library: its constant Offers. */
export type Offer =
  | "register"
  | "read"
  | "qsbr"
  | "offline"
  | "synchronize"
  | "call"
  | "barrier"
  | "poll"
  | "fork"
  | "stop"
  | "end";

/** An RCU library in one of its flavours, as native/drive/library.c drives it. */
export interface RcuLibrary {
  readonly name: string;
  readonly title: string;
  readonly of: "quiesce" | "liburcu";
  /** Its header, below native/bench. */
  readonly side: string;
  readonly options: readonly string[];
  readonly libraries: readonly string[];
  /** Its readers say when they are outside of every section. */
  readonly qsbr: boolean;
}

function ours(
  flavour: string,
  side = `side_quiesce_${flavour}.h`,
  options: readonly string[] = [],
): RcuLibrary {
  return {
    name: `quiesce-${flavour}`,
    title: `ours, ${flavour}`,
    of: "quiesce",
    side,
    options,
    libraries: [],
    qsbr: flavour === "qsbr",
  };
}

function liburcu(flavour: string): RcuLibrary {
  return {
    name: `liburcu-${flavour}`,
    title: `liburcu, ${flavour}`,
    of: "liburcu",
    side: `side_liburcu_${flavour}.h`,
    options: [],
    libraries: [`-lurcu-${flavour}`],
    qsbr: flavour === "qsbr",
  };
}

/** The libraries that can be driven: a new one needs a row here, and a header in native/bench and native/drive. */
export const LIBRARIES: readonly RcuLibrary[] = [
  ours("membarrier"),
  ours("global", "side_quiesce.h", ["-DSIDE_FLAVOUR=QS_GLOBAL"]),
  ours("signal", "side_quiesce.h", ["-DSIDE_FLAVOUR=QS_SIGNAL"]),
  ours("mb"),
  ours("qsbr"),
  liburcu("memb"),
  liburcu("mb"),
  liburcu("bp"),
  liburcu("qsbr"),
];

/** A library, or what drives it, with something changed: lines of a file below native/ that others take the place of. */
export interface LibraryMutant extends Omit<MutantRow, "killer"> {
  /** Names of libraries that it is made of. */
  readonly libraries: readonly string[];
  /** The claim of spec/rcu/library that notices it, by the end of its name: "readers". */
  readonly claim: string;
  /** How. */
  readonly verdict: "state" | "hang" | "crash" | "driver" | "refused" | "taken";
}

/** A row of the table: with the change itself, or with the name of one of native/mutants.json. */
type Row = Pick<LibraryMutant, "libraries" | "claim" | "verdict"> &
  (Pick<MutantRow, "name" | "changes" | "file" | "lines" | "become"> | { readonly mutant: string });

/** All of native/drive/mutants.json, in its order. */
export function listLibraryMutants(): readonly LibraryMutant[] {
  const rows = JSON.parse(readFileSync(join(SOURCES, "drive", "mutants.json"), "utf8")) as Row[];
  return rows.map((row) => {
    if (!("mutant" in row)) return row;
    const { mutant, ...rest } = row;
    const { killer: _, ...change } = readMutant(mutant);
    return { ...change, ...rest };
  });
}

export interface LibraryOptions extends BuildOptions {
  readonly mutant?: LibraryMutant;
}

/**
 * Compiles the driver of a library, unless that is done already.
 *
 * @returns the path of the shared library, as native/drive/driver.h has it
 * @throws CompilerMissingError, CompileError, Interrupted
 */
export async function buildLibraryDriver(
  { name, of, side, options, libraries }: RcuLibrary,
  { mutant, ...building }: LibraryOptions = {},
): Promise<string> {
  return build(
    {
      name: `library-${name}${mutant === undefined ? "" : `-${mutant.name}`}`,
      ending: ".so",
      sources: ["drive/library.c", ...(of === "quiesce" ? LIBRARY : [])],
      uses: ["bench"],
      options: [...SHARED, `-DSIDE="../bench/${side}"`, `-DLIBRARY="library_${of}.h"`, ...options],
      libraries,
      ...(mutant === undefined
        ? {}
        : { changed: await mutantTextOf(mutant, "native/drive/mutants.json or native/mutants.json") }),
    },
    building,
  );
}

const OURS: readonly Offer[] = [
  ...(["register", "read", "offline", "synchronize", "call", "barrier", "poll"] as const),
  ...(["fork", "stop", "end"] as const),
];

/**
 * What a library offers on this machine; undefined where it isn't installed.
 *
 * @throws CompilerMissingError, Interrupted
 */
export async function offersOf(
  library: RcuLibrary,
  options?: BuildOptions,
): Promise<ReadonlySet<Offer> | undefined> {
  const flavour: readonly Offer[] = library.qsbr ? ["qsbr"] : [];
  if (library.of === "quiesce") return new Set([...OURS, ...flavour]);
  const version = await liburcuVersion(options);
  if (version === undefined) return undefined;
  const polls = isAtLeast(version, [0, 14]);
  return new Set([...OURS.filter((offer) => offer !== "poll" || polls), ...flavour]);
}

let asked: Promise<string | undefined> | undefined;

/** The version of liburcu, asked for once. */
export function liburcuVersion(options?: BuildOptions): Promise<string | undefined> {
  asked ??= findLiburcu(options).catch((error: unknown) => {
    asked = undefined;
    throw error;
  });
  return asked;
}

/** Is the version ("0.13.2") at least this one? An unknown one is not. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(first) > major || (Number(first) === major && Number(second) >= minor);
}
