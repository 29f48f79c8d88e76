import { build } from "../../native/js/artifact.js";
import { buildKernelProgram, LIAR_SOURCES } from "./program.js";
import { type KernelRun, runKernelProgram } from "./run.js";

/** The liar changes registers, which it knows how to do on this processor. */
export const canLie = process.platform === "linux" && process.arch === "x64";

/** The program and the liar, compiled. */
export interface Liar {
  readonly liar: string;
  readonly program: string;
}

export async function buildLiar(): Promise<Liar> {
  const { file } = await buildKernelProgram();
  const liar = await build({ name: "liar", ending: "", sources: LIAR_SOURCES, options: ["-O2"] });
  return { liar, program: file };
}

/** Runs the program with `options` on a membarrier that lies as `lie` says. */
export function runLying(
  { liar, program }: Liar,
  lie: readonly string[],
  options: readonly string[] = ["--no-ordering"],
  signal?: AbortSignal,
): Promise<KernelRun> {
  return runKernelProgram(program, { through: [liar, ...lie], options, ...(signal && { signal }) });
}
