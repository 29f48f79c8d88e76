import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "./artifact.js";
import { mutantText, type NativeTarget, readMutant } from "./mutants.js";
import { NODE_API_HEADERS, SOURCES } from "./root.js";

/** The library's own sources: all that its folder holds, as for CMake. */
export const LIBRARY = readdirSync(join(SOURCES, "src"))
  .filter((name) => name.endsWith(".c"))
  .toSorted()
  .map((name) => `src/${name}`);

const DRIVER = ["baton", "driver", "failure", "match", "moves", "paths", "plan"].map(
  (name) => `replay/${name}.c`,
);

const ADDON = ["drive", "library", "membarrier", "module", "napi", "process", "replay"].map(
  (name) => `addon/${name}.c`,
);

/** For what is loaded at run time. */
export const SHARED = ["-O2", "-g", "-fPIC", "-shared", "-fvisibility=hidden"];

const NUMBER = [
  "target_number",
  "number_calls",
  "number_hidden",
  "number_observe",
  "number_operations",
  "number_world",
];

/** What each replay target is made of, beside the library and what looks at its system calls. */
const TARGETS: Readonly<
  Record<NativeTarget, { readonly sources: readonly string[]; readonly flavour?: string }>
> = {
  number: { sources: [...NUMBER, "number_sections"] },
  "number-global": { sources: [...NUMBER, "number_sections"], flavour: "QS_GLOBAL" },
  "number-mb": { sources: [...NUMBER, "number_sections"], flavour: "QS_MB" },
  "number-signal": { sources: [...NUMBER, "number_sections"], flavour: "QS_SIGNAL" },
  "number-qsbr": { sources: [...NUMBER, "number_quiescent"], flavour: "QS_QSBR" },
  phase: { sources: ["target_phase", "phase_read", "phase_synchronize"] },
};

export function targetSources(target: NativeTarget = "number"): string[] {
  return [...LIBRARY, ...["observed_calls", ...TARGETS[target].sources].map((name) => `replay/${name}.c`)];
}

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
      sources: [...LIBRARY, ...DRIVER, "drive/host.c", ...ADDON],
      options: [...SHARED, "-isystem", NODE_API_HEADERS],
    },
    options,
  );
}

/**
 * The library, or another algorithm, with step points, as a target of the replay driver (native/replay/target.h).
 *
 * @param mutant the name of a row of native/mutants.json; without it, the code as it is
 * @returns the path of the compiled shared library
 */
export async function buildTarget(
  mutant?: string,
  options?: BuildOptions,
  target: NativeTarget = "number",
): Promise<string> {
  const name = target === "number" ? "target" : `target-${target}`;
  const { flavour } = TARGETS[target];
  return build(
    {
      name: mutant === undefined ? name : `${name}-${mutant}`,
      ending: ".so",
      sources: targetSources(target),
      options: [
        ...SHARED,
        ...TARGET_OPTIONS,
        ...(flavour === undefined ? [] : [`-DNUMBER_FLAVOUR=${flavour}`]),
      ],
      ...(mutant === undefined ? {} : { changed: await mutantText(readMutant(mutant, target)) }),
    },
    options,
  );
}

/**
 * A process that takes part in a domain in shared memory one step at a time (native/drive/shared_lane.c).
 *
 * @param mutant the name of a row of native/mutants.json; without it, the library as it is
 * @returns the path of the compiled program
 */
export async function buildSharedLane(mutant?: string, options?: BuildOptions): Promise<string> {
  return build(
    {
      name: mutant === undefined ? "shared-lane" : `shared-lane-${mutant}`,
      ending: "",
      sources: [...LIBRARY, "drive/shared_lane.c"],
      options: ["-O2", "-g", "-pthread", "-DQS_SHARED_STEPS", "-Wl,--wrap=syscall"],
      ...(mutant === undefined ? {} : { changed: await mutantText(readMutant(mutant)) }),
    },
    options,
  );
}
