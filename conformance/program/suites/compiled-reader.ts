import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import {
  compileReadSides,
  SIDES,
  type Side,
  TOOLCHAINS,
  type Toolchain,
} from "../../../native/js/disassembly/compile.js";
import { hotPath, protocolOf, type Step } from "../../../native/js/disassembly/read-side.js";
import type { MutantRow } from "../../../native/js/mutants.js";
import { QuiesceError } from "../../../spec/tlc/base/errors.js";
import { run } from "../../../spec/tlc/base/process.js";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { specRoot } from "../../base/root.js";
import { checkModel } from "../../compiled/check.js";
import { type Model, readSideModel, wakeUpModel } from "../../compiled/model.js";
import { once } from "./once.js";
import { killed, MISSED, type Outcome, open, type SuiteContext } from "./suite.js";

const TIMEOUT_MS = 600_000;
const COUNTS = { readers: 1, sections: 2, updates: 2 };

/** Those that announce sections: qsbr's readers say something else. */
const ANNOUNCING = (Object.keys(SIDES) as Side[]).filter((side) => !SIDES[side].quiescent);

/** A program that a compiler has made, and what to ask about it. */
interface Made {
  readonly by: string;
  readonly models: readonly Model[];
}

/** Whether the lines that a mutant changes are compiled into the reader. */
export function isInlined({ file }: MutantRow): boolean {
  return /^include\/quiesce\/(?:reader|letters|atomic|membarrier|mb|local|shared)\.h$/.test(file);
}

const toolchains = once(async ({ signal }: SuiteContext): Promise<readonly Toolchain[]> => {
  const usable: Toolchain[] = [];
  for (const one of TOOLCHAINS) {
    const [compiler, ...options] = one.compiler;
    const asks = [
      run(compiler, [...options, "--version"], { signal }),
      run(one.objdump, ["--version"], { signal }),
    ];
    if ((await Promise.all(asks)).every(({ exitCode }) => exitCode === 0)) usable.push(one);
  }
  return usable;
});

/** What the headers as they are become: conformance/compiled has all of it decided. */
const sound = once(async (context: SuiteContext): Promise<ReadonlySet<string>> => {
  const made = await withScratch("suite", (folder) => programs(undefined, folder, context));
  return new Set(made.made.flatMap(({ models }) => models.map((model) => JSON.stringify(model))));
});

async function programs(
  change: MutantRow | undefined,
  folder: string,
  context: SuiteContext,
): Promise<{ readonly made: Made[]; readonly refused: string | undefined }> {
  const made: Made[] = [];
  let refused: string | undefined;
  const changes =
    change === undefined
      ? []
      : [
          {
            file: change.file.replace("include/quiesce/", ""),
            text: change.lines.join("\n"),
            become: change.become.join("\n"),
          },
        ];
  for (const toolchain of await toolchains(context)) {
    const { name, processor } = toolchain;
    const tell = (error: unknown): void => {
      if (!(error instanceof QuiesceError)) throw error;
      refused ??= `${name}: ${error.message}`;
    };
    let sides: Map<Side, Step[][]>;
    try {
      sides = await compileReadSides(toolchain, ["-O2"], await mkdtemp(join(folder, "side-")), changes);
    } catch (error) {
      tell(error);
      continue;
    }
    for (const side of ANNOUNCING) {
      const setting = {
        order: processor === "x64" ? ("tso" as const) : ("weak" as const),
        payer: SIDES[side].fences ? ("mb" as const) : ("membarrier" as const),
      };
      try {
        const steps = protocolOf(hotPath(sides.get(side) ?? []));
        made.push({
          by: `${side}, by ${name}`,
          models: [readSideModel(steps, setting, COUNTS), wakeUpModel(steps, setting)],
        });
      } catch (error) {
        tell(error);
      }
    }
  }
  return { made, refused };
}

/**
 * Compiles the reader of a mutant with every compiler, reads back in which order they have put its accesses, and has the
 * machine decide about what the unchanged headers don't become.
 */
export async function compiledReader(change: MutantRow, context: SuiteContext): Promise<Outcome> {
  const { signal, tools, progress } = context;
  const known = await sound(context);
  const { made, refused } = await withScratch("suite", (folder) => programs(change, folder, context));
  const decided = new Set<string>();
  let undecided: string | undefined;
  for (const { by, models } of made)
    for (const model of models) {
      const key = JSON.stringify(model);
      if (known.has(key) || decided.has(key)) continue;
      decided.add(key);
      progress.update([`The machine decides about ${by}`], `the machine decides about ${by}`);
      const found = await checkModel(
        model,
        { verdict: "holds" },
        { tools: await tools(), spec: specRoot, timeoutMs: TIMEOUT_MS, signal },
      );
      if (found.verdict === "violated") return killed(`the machine: ${found.reason ?? "violated"} (${by})`);
      if (!found.asDeclared) undecided ??= `the machine: ${found.reason ?? found.verdict} (${by})`;
    }
  if (undecided !== undefined) return open(undecided);
  return refused === undefined ? MISSED : open(`the compiled reader can't be read back: ${refused}`);
}
