import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Claim } from "../../../../spec/tlc/claim/claim.js";
import type { Tools } from "../../../../spec/tlc/tools/tools.js";
import { requireClone } from "../../../base/clone.js";
import { decidedFile, root, specRoot } from "../../../base/root.js";
import { createProgress, type Progress } from "../../../base/terminal.js";
import type { CollectOptions } from "../../pages/collect.js";
import type { GeneratedFile } from "../../pages/generate.js";
import type { Pages } from "../../pages/pages.js";
import { type CommandContext, EXIT } from "../shared/context.js";

interface GenerateOptions {
  readonly check?: boolean;
  readonly pages?: boolean;
  readonly full?: boolean;
}

/** `quiesce generate`: makes all generated files from the specification; `--check` only lists the stale ones. */
export function addGenerate(program: Command, context: CommandContext): void {
  program
    .command("generate")
    .description(
      "make the generated files (step names, tests, the plan that walks membarrier, the table of letters, the pages of the claims and of the matrix) from the specification, and the C reference from the headers",
    )
    .option("--check", "write nothing; exit 1 when a file on disk differs")
    .option("--no-pages", "skip the pages of the claims and of the matrix's cells")
    .option(
      "--full",
      "also run TLC for counterexamples of the full set that are not kept anywhere (takes long)",
    )
    .addHelpText(
      "after",
      "\nFor a clone of the repository, whose files it writes. TLC runs for counterexamples that are neither in the cache nor kept, on a page or as data, and still right; with --check, it does not run." +
        "\n\nExamples:\n  quiesce generate\n  quiesce generate --check     in CI",
    )
    .action(async ({ check, pages: wantsPages, full }: GenerateOptions) => {
      requireClone("generate");
      const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
      const { requireClaims } = await import("../../../../spec/tlc/claim/asked-claims.js");
      const { generatedFiles, leftOverManual, staleFiles, writeFiles } = await import(
        "../../pages/generate.js"
      );
      const { refinementFiles } = await import("../../pages/refinements.js");
      const { replayedClaims } = await import("../../../plan/replayed.js");
      const { loadPlans } = await import("../../../plan/store.js");
      const { buildKernelPlan } = await import("../../../kernel/plan.js");
      const { kernelFiles } = await import("../../../kernel/render.js");
      const claims = await requireClaims([], specRoot);
      const progress = await createProgress();
      const tools = await findTools({ signal: context.signal, onFetch: (text) => progress.line(text) });
      const options = { tools, signal: context.signal, onStage: (text: string) => progress.line(text) };
      // A stored plan is what would be made again: it is named after the hash of all that it is made from.
      const plans = await loadPlans(
        { root, tools, signal: context.signal, onBuild: options.onStage },
        replayedClaims("Urcu"),
      );
      const kernel = kernelFiles(await buildKernelPlan(root, options));
      const made = [
        ...generatedFiles(root, plans, claims),
        ...(await refinementFiles(root, specRoot, claims)),
        ...kernel,
      ];
      const run = check ? "nothing" : full ? "full" : "ci";
      const pages = wantsPages ? await allPages(claims, made, run, tools, context.signal, progress) : [];
      const files = [...made, ...pages.flatMap((some) => some.files)];
      const leftOver = [...pages.flatMap((some) => some.leftOver), ...leftOverManual(root, files)];
      const stale = [
        ...staleFiles(root, files),
        ...leftOver.map((path) => `${path} (nothing generates this file)`),
        ...(check ? pages.flatMap(({ due }) => due) : []),
      ];
      if (check) {
        if (stale.length > 0) {
          context.exitCode = EXIT.notAsDeclared;
          process.stderr.write(
            `Stale, run \`npm run generate\` and commit:\n${stale.map((path) => `  ${path}\n`).join("")}`,
          );
        } else process.stdout.write(`${files.length} generated files are up to date\n`);
        return;
      }
      writeFiles(root, files);
      // After what replaces them is whole: a counterexample may have moved from one of these to another file.
      for (const path of leftOver) rmSync(join(root, path));
      process.stdout.write(
        stale.length === 0 ? "Nothing changed\n" : `Written:\n${stale.map((path) => `  ${path}\n`).join("")}`,
      );
    });
}

/**
 * The pages of the claims that a document leads to, those of the matrix's cells and the picture of a grace period; the
 * runs of these are short.
 */
async function allPages(
  claims: readonly Claim[],
  made: readonly GeneratedFile[],
  run: "nothing" | "ci" | "full",
  tools: Tools,
  signal: AbortSignal,
  progress: Progress,
): Promise<(Pages & { readonly due: readonly string[] })[]> {
  const { readLedger } = await import("../../check/ledger.js");
  const { watchProgress } = await import("../../check/live.js");
  const { linkedPages } = await import("../../pages/linked.js");
  const { makePages } = await import("../../pages/pages.js");
  const { makeGracePicture } = await import("../../pages/grace-picture.js");
  const { makeCellPages } = await import("../../pages/cell-pages.js");
  const watched = async (make: (watching: Watching) => Promise<Pages>): Promise<Pages> => {
    let watch: ReturnType<typeof watchProgress> | undefined;
    try {
      return await make({
        onRun: (running) => {
          watch = watchProgress(running, progress);
        },
        onEvent: (event) => watch?.event(event),
      });
    } finally {
      watch?.end();
    }
  };
  const request = { root, tools, signal };
  const ledger = await readLedger(decidedFile);
  const ofCells = await watched((watching) =>
    makeCellPages({ ...request, ...watching, spec: specRoot, mayRun: () => run !== "nothing" }),
  );
  const grace = await watched((watching) =>
    makeGracePicture({ ...request, ...watching, spec: specRoot, mayRun: () => run !== "nothing" }),
  );
  const linked = await linkedPages(root, [...made, ...ofCells.files, ...grace.files]);
  const isShown = (path: string): boolean => linked.has(path);
  const ofClaims = await watched((watching) =>
    makePages({ ...request, ...watching, claims, ledger, isShown, run }),
  );
  const due = ({ id }: Claim): string => `TLC's result for ${id}`;
  return [
    // A claim of the full set may lack its counterexample for now; one of the ci set is decided on each push anyway.
    { ...ofClaims, due: ofClaims.missing.filter(({ set }) => set === "ci").map(due) },
    { ...ofCells, due: ofCells.missing.map(due) },
    { ...grace, due: grace.missing.map(due) },
  ];
}

type Watching = Required<Pick<CollectOptions, "onEvent" | "onRun">>;
