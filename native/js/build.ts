import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "./artifact.js";
import { listMutants, mutantText, readMutant } from "./mutants.js";
import { NODE_API_HEADERS, SOURCES } from "./root.js";

/** The library's own sources: all that its folder holds, as for CMake. */
export const LIBRARY = readdirSync(join(SOURCES, "src"))
  .filter((name) => name.endsWith(".c"))
  .toSorted()
  .map((name) => `src/${name}`);

const DRIVER = ["baton", "driver", "failure", "moves", "paths", "plan"].map((name) => `replay/${name}.c`);

const ADDON = ["library", "membarrier", "module", "napi", "process", "replay"].map(
  (name) => `addon/${name}.c`,
);

const SHARED = ["-O2", "-g", "-fPIC", "-shared", "-fvisibility=hidden"];

export const TARGET_SOURCES = [
  ...LIBRARY,
  ...[
    "observed_calls",
    "target_number",
    "number_hidden",
    "number_observe",
    "number_operations",
    "number_world",
  ].map((name) => `replay/${name}.c`),
];

/** The target looks at the library's system calls from outside: native/replay/observed_calls.h. */
export const TARGET_OPTIONS = ["-DQS_STEPS", "-Wl,--wrap=syscall", "-Wl,--no-undefined"];

/**
 * The Node addon: the library as anybody would build it, and the replay driver. Needs a C compiler and the package
 * node-api-headers, and downloads nothing.
 *
 * @returns the path of the compiled .node file
 */
export function buildAddon(options?: BuildOptions): Promise<string> {
  return build(
    {
      name: "addon",
      ending: ".node",
      sources: [...LIBRARY, ...DRIVER, ...ADDON],
      options: [...SHARED, "-isystem", NODE_API_HEADERS],
    },
    options,
  );
}

/**
 * The library with step points, as a target of the replay driver (native/replay/target.h).
 *
 * @param mutant the name of a row of native/mutants.json; without it, the library as it is
 * @returns the path of the compiled shared library
 */
export async function buildTarget(mutant?: string, options?: BuildOptions): Promise<string> {
  return build(
    {
      name: mutant === undefined ? "target" : `target-${mutant}`,
      ending: ".so",
      sources: TARGET_SOURCES,
      options: [...SHARED, ...TARGET_OPTIONS],
      ...(mutant === undefined ? {} : { changed: await mutantText(readMutant(mutant)) }),
    },
    options,
  );
}

const AT_ONCE = 2;

/** Builds the targets of all mutants that aren't built yet, two at a time; `onDone` hears of each. */
export async function buildMutants(options?: BuildOptions, onDone?: (name: string) => void): Promise<void> {
  const names = listMutants().map(({ name }) => name);
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      await buildTarget(name, options);
      onDone?.(name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
