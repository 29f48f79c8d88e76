import type { Command } from "commander";
import { buildAddon } from "../../../native/build.js";
import { findTools } from "../../../spec/tlc/tools.js";
import { loadPlan } from "../../plan/store.js";
import { type CommandContext, root } from "../context.js";
import { createProgress } from "../terminal.js";

/** `quiesce setup`: what `npm start` and `npm test` do first, after the packages: the addon, TLC's jar, the paths. */
export function addSetup(program: Command, context: CommandContext): void {
  program
    .command("setup", { hidden: true })
    .description(
      "build the addon, fetch TLC's jar, and cover the specification's graph; skips what is up to date",
    )
    .action(async () => {
      const progress = createProgress();
      await buildAddon({
        signal: context.signal,
        onBuild: () => progress.line("set-up: building the addon"),
      });
      const tools = await findTools({
        signal: context.signal,
        onFetch: (text) => progress.line(`set-up: ${text}`),
      });
      await loadPlan({
        root,
        tools,
        signal: context.signal,
        onBuild: (text) => progress.line(`set-up: ${text}`),
      });
    });
}
