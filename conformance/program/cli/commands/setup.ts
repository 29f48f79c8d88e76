import type { Command } from "commander";
import { root } from "../../../base/root.js";
import { createProgress } from "../../../base/terminal.js";
import type { CommandContext } from "../shared/context.js";

/**
 * `quiesce setup`: what `npm start` and `npm test` do first, after the packages: the addon, TLC's jar, the paths. The
 * tests (--all) drive all replayed claims, the tour fewer.
 */
export function addSetup(program: Command, context: CommandContext): void {
  program
    .command("setup", { hidden: true })
    .description(
      "build the addon, fetch TLC's jar, and cover the specification's graph; skips what is up to date",
    )
    .option("--all", "cover the graphs of all replayed claims")
    .action(async ({ all }: { readonly all?: boolean }) => {
      const { buildAddon } = await import("../../../../native/js/build.js");
      const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
      const { loadPlans } = await import("../../../plan/store.js");
      const { replayedClaims, TOURED_CLAIMS } = await import("../../../plan/replayed.js");
      const progress = await createProgress();
      await buildAddon({
        signal: context.signal,
        onBuild: () => progress.line("set-up: building the addon"),
      });
      const tools = await findTools({
        signal: context.signal,
        onFetch: (text) => progress.line(`set-up: ${text}`),
      });
      await loadPlans(
        { root, tools, signal: context.signal, onBuild: (text) => progress.line(`set-up: ${text}`) },
        all ? replayedClaims() : TOURED_CLAIMS,
      );
    });
}
