import type { Command } from "commander";
import { type CommandContext, cores, EXIT, root, specRoot } from "../context.js";
import { colour, createProgress } from "../terminal.js";

/** `quiesce start`: the main job, what `npm start` runs: the claims, then the conformance of both implementations. */
export function addStart(program: Command, context: CommandContext): void {
  program
    .command("start")
    .description("the main job: check all claims, then the conformance of both implementations")
    .option("--no-cache", "answer nothing from memory: run TLC for every claim")
    .addHelpText(
      "after",
      "\nExamples:\n  quiesce start\n  npm start                  the same, after setting everything up",
    )
    .action(async ({ cache }: { cache: boolean }) => {
      const { signal } = context;
      const started = performance.now();
      const { checkAll } = await import("../../check/run.js");
      const { showSummary, showUnexpected } = await import("../../check/show.js");
      const { showVacuity } = await import("../../check/show-vacuity.js");
      const { examine } = await import("../../doctor/examine.js");
      const { headline } = await import("../../doctor/show.js");
      const { loadPlan } = await import("../../plan/store.js");
      const { conform } = await import("../../replay/conform.js");
      const { showConformance } = await import("../../replay/report.js");
      const { TARGET_NAMES } = await import("../../replay/target-names.js");
      const progress = await createProgress();
      process.stdout.write(`${headline(await examine(signal))}\n\n`);
      const summary = await checkAll({
        paths: [],
        root: specRoot,
        full: false,
        cache,
        onlyList: false,
        parallel: cores(),
        timeoutMs: 600_000,
        memoryMiB: undefined,
        signal,
        progress,
      });
      process.stdout.write(
        `${showSummary(summary)}\n${await showUnexpected(summary, { explain: false, signal })}\n`,
      );
      process.stdout.write(showVacuity(summary.vacuity));
      const stored = await loadPlan({ root, signal, onBuild: (text) => progress.line(text) });
      const results = await conform(stored, { targets: TARGET_NAMES, signal, progress });
      process.stdout.write(`${showConformance(stored, results)}\n\n`);

      const claims = summary.rows.filter((row) => !row.asDeclared).length;
      const targets = results.filter(({ conforms }) => !conforms).length;
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      if (claims + targets === 0) {
        process.stdout.write(`${colour.green("All as declared.")}   ${seconds} s\n${NEXT}\n`);
        return;
      }
      context.exitCode = EXIT.notAsDeclared;
      process.stdout.write(
        `${colour.red(`Not as declared: ${claims} claims, ${targets} implementations.`)}   ${seconds} s\n`,
      );
    });
}

const NEXT = `
Go on with:  npx quiesce check rcu/Urcu-not-raised --explain    a counterexample
             npx quiesce conform --mutants                      what the tests would notice
             npx quiesce --help                                 the rest`;
