import type { Command } from "commander";
import { block, code, plain } from "../markdown/markdown.js";
import type { SitePage } from "./place.js";

const PATH = "reference/commands.md";

/** What every command says about itself with `--help`: none can be forgotten, and the page can't say anything else. */
export function commandsPage(program: Command): SitePage {
  const all = [...withSubcommands(program, [])];
  const parts = [
    "# Commands",
    "What each command says with `--help`, of this version. Exit codes are at the end of the first.",
    ...all.flatMap(({ command, words }) => [`## ${words.join(" ")}`, block("text", helpOf(command))]),
  ];
  const index = all.map(({ command, words }) => {
    const name = words.join(" ");
    return `- [${code(name)}](#${name.replaceAll(" ", "-")}): ${summary(command)}`;
  });
  parts.splice(2, 0, index.join("\n"));
  return { path: PATH, from: PATH, text: `${parts.join("\n\n")}\n` };
}

/** A command and all below it, in the order of `--help`. */
function* withSubcommands(
  command: Command,
  before: readonly string[],
): Generator<{ readonly command: Command; readonly words: readonly string[] }> {
  const words = [...before, command.name()];
  yield { command, words };
  for (const one of command.commands) yield* withSubcommands(one, words);
}

/** All that `--help` writes: what is added after the options is written by listeners, and not part of helpInformation. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (some) => (text += some),
    getOutHelpWidth: () => 100,
    outputError() {},
  });
  command.outputHelp();
  return text.trimEnd();
}

function summary(command: Command): string {
  return plain(command.description().replace(/\.$/, ""));
}
