import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Recipe } from "../../native/js/artifact.js";
import { CompileError } from "../../native/js/errors.js";
import { SOURCES } from "../../native/js/root.js";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { planSource } from "./plan.js";
import { PLAN_FILE, sourceOfPlan } from "./render.js";

/** What the program needs of the library: the door to the system call, and what that says before it gives up. */
const OF_LIBRARY = ["src/membarrier.c", "src/message.c"] as const;

/** The program's own sources, below native/. */
export const KERNEL_SOURCES: readonly string[] = [...filesOf("kernel"), ...OF_LIBRARY];

/** Those of the liar, which tests put in front of it. */
export const LIAR_SOURCES: readonly string[] = [...filesOf("kernel/liar"), ...OF_LIBRARY];

function filesOf(folder: string): string[] {
  return readdirSync(join(SOURCES, folder))
    .filter((name) => name.endsWith(".c"))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

/** The compiled program. */
export interface KernelProgram {
  readonly file: string;
  /** It needs nothing but itself; false where there is no static C library. */
  readonly isStatic: boolean;
}

/**
 * Compiles the walking program, statically where that is possible.
 *
 * @throws CompilerMissingError, CompileError, Interrupted
 */
export async function buildKernelProgram(options: BuildOptions = {}): Promise<KernelProgram> {
  const recipe: Recipe = { name: "kernel", ending: "", sources: KERNEL_SOURCES, options: ["-O2"] };
  try {
    const linked = { ...recipe, name: "kernel-static", options: [...recipe.options, "-static"] };
    return { file: await build(linked, options), isStatic: true };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return { file: await build(recipe, options), isStatic: false };
  }
}

/**
 * Fails when the plan that is compiled in was made from another specification.
 *
 * @throws BadInputError
 */
export async function requireFreshPlan(root: string): Promise<void> {
  const made = sourceOfPlan(readFileSync(join(root, PLAN_FILE), "utf8"));
  if (made === (await planSource(root))) return;
  throw new BadInputError("the plan was made from another state of the specification", {
    where: PLAN_FILE,
    hint: "Make it again:  npm run generate",
  });
}
