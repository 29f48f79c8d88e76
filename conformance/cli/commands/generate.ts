import type { Command } from "commander";
import { type CommandContext, EXIT, root } from "../context.js";
import { createProgress } from "../terminal.js";

/** `quiesce generate`: makes all generated files from the specification; `--check` only says which are stale. */
export function addGenerate(program: Command, context: CommandContext): void {
  program
    .command("generate")
    .description("make the generated files (step names, tests, the letters' table) from the specification")
    .option("--check", "write nothing; exit 1 when a file on disk differs")
    .addHelpText("after", "\nExamples:\n  quiesce generate\n  quiesce generate --check     in CI")
    .action(async ({ check }: { check?: boolean }) => {
      const { findTools } = await import("../../../spec/tlc/tools.js");
      const { generatedFiles, staleFiles, writeFiles } = await import("../../generate/generate.js");
      const { buildPlan } = await import("../../plan/build.js");
      const { storePlan } = await import("../../plan/store.js");
      const progress = await createProgress();
      const tools = await findTools({ signal: context.signal, onFetch: (text) => progress.line(text) });
      const built = await buildPlan({
        root,
        tools,
        signal: context.signal,
        onStage: (text) => progress.line(text),
      });
      const files = generatedFiles(root, built);
      const stale = staleFiles(root, files);
      if (check) {
        if (stale.length > 0) {
          context.exitCode = EXIT.notAsDeclared;
          process.stderr.write(
            `Stale, run \`npm run generate\` and commit:\n${stale.map((path) => `  ${path}\n`).join("")}`,
          );
        } else process.stdout.write(`${files.length} generated files are fresh\n`);
        return;
      }
      storePlan(root, built);
      writeFiles(root, files);
      process.stdout.write(
        stale.length === 0 ? "Nothing changed\n" : `Written:\n${stale.map((path) => `  ${path}\n`).join("")}`,
      );
    });
}
