import type { Command } from "commander";
import { Interrupted } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { root, specRoot } from "../../../base/root.js";
import { colour, createProgress } from "../../../base/terminal.js";
import type { CheckRow } from "../../check/run.js";
import { type CommandContext, EXIT } from "../shared/context.js";

/** The claim whose counterexample the tour shows: the reader's compiler barrier is missing. */
const SHOWN = "rcu/read-side/number-no-fence-a.tso";

/** `quiesce start`, what `npm start` runs: a tour of the claims, or all of them, then both implementations. */
export function addStart(program: Command, context: CommandContext): void {
  program
    .command("start")
    .description("a one-minute tour: the claims to know, a counterexample, both implementations at work")
    .option("--all", "decide every claim of the ci set, not just those of the tour")
    .option("--no-cache", "ignore cached results and run TLC for every claim")
    .addHelpText("after", HELP)
    .action(async ({ all = false, cache }: { all?: boolean; cache: boolean }) => {
      const { signal } = context;
      const started = performance.now();
      const { checkAll } = await import("../../check/run.js");
      const { showSummary, showUnexpected, titleOf } = await import("../../check/show.js");
      const { showVacuity } = await import("../../check/show-vacuity.js");
      const { showLetters, showStop } = await import("../../check/show-tour.js");
      const { explainClaim } = await import("../../counterexample/explain-claim.js");
      const { examine } = await import("../../doctor/examine.js");
      const { headline } = await import("../../doctor/show.js");
      const { replayedClaims, TOURED_CLAIMS } = await import("../../../plan/replayed.js");
      const { loadPlans } = await import("../../../plan/store.js");
      const { conform } = await import("../../../replay/conform.js");
      const { showConformance } = await import("../../../replay/report.js");
      const { LIBRARIES } = await import("../../../targets/targets.js");
      const progress = await createProgress();
      const print = (text: string): void => {
        progress.done();
        process.stdout.write(`${text}\n`);
      };
      print(`${headline(await examine(signal))}\n`);
      const summary = await checkAll({
        paths: [],
        root: specRoot,
        full: false,
        cache,
        onlyList: false,
        parallel: cores(),
        memoryMiB: undefined,
        tour: !all,
        ...(!all && { onRow: (row: CheckRow) => print(showStop(row)) }),
        signal,
        progress,
      });
      if (!all) print("");
      print(showSummary(summary));
      if (summary.endedEarly) throw new Interrupted();
      if (!all)
        print(`  this is a tour; to decide all ${summary.asked} claims, as CI does:  npx quiesce check`);
      print(await showUnexpected(summary, { explain: false, signal }));
      process.stdout.write(showVacuity(summary.vacuity));
      if (!all) {
        const shown = summary.rows.find(({ claim }) => claim.id === SHOWN);
        print(`${showLetters(specRoot)}\n`);
        if (shown?.result !== undefined && summary.tools !== undefined) {
          print(`A counterexample: ${titleOf(shown)}\n`);
          print(`${await explainClaim(shown.result, summary.tools, signal)}\n`);
        }
      }
      const loading = { root, signal, onBuild: (text: string) => progress.line(text) };
      const plans = await loadPlans(loading, all ? replayedClaims("Urcu") : TOURED_CLAIMS);
      const conformed = await conform(plans, { targets: LIBRARIES, signal, progress });
      print(`${showConformance(conformed)}\n`);

      const claims = summary.rows.filter((row) => !row.asDeclared).length;
      const failed = conformed.flatMap((one) => one.targets.filter(({ verdict }) => verdict !== "conforms"));
      const targets = new Set(failed.map(({ target }) => target)).size;
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      if (claims + targets === 0) {
        print(`${colour.green("All as declared.")}   ${seconds} s\n${NEXT}`);
        return;
      }
      context.exitCode = EXIT.notAsDeclared;
      print(`${colour.red(`Not as declared: ${claims} claims, ${targets} implementations.`)}   ${seconds} s`);
    });
}

const HELP = `
The tour decides the claims whose headers say \`Tour\`, at least one in every topic: those for each ordering point, store
buffering, both algorithms, membarrier's variants, and tracing across processes. It then shows one counterexample in full
and drives both implementations along the specification. Exit codes: 0 as declared; 1 not as declared, or not certain.

Examples:
  quiesce start              the tour
  quiesce start --all        every claim that CI decides (takes minutes)
  npm start                  the tour, after setting everything up`;

const NEXT = `
Go on with:  npx quiesce check                                  every claim that CI decides
             npx quiesce check rcu/Urcu-not-raised --explain    another counterexample
             npx quiesce conform --mutants                      which mutants the tests would notice
             npx quiesce --help                                 the rest`;
