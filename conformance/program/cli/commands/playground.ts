import type { Command } from "commander";
import { writeOutput } from "../../../base/output-file.js";
import type { CommandContext } from "../shared/context.js";

/** `quiesce playground`: a page in which litmus tests are decided while somebody types. */
export function addPlayground(program: Command, _context: CommandContext): void {
  program
    .command("playground")
    .description("write a page that decides litmus tests while you type, and needs no server")
    .option("--output <file>", "where to write it", "playground.html")
    .addHelpText("after", HELP)
    .action(async ({ output }: { readonly output: string }) => {
      const { playground } = await import("../../playground/page.js");
      writeOutput(output, playground(), "the page");
      process.stderr.write(`Written: ${output}. Open it in a browser; it loads nothing, and asks nobody.\n`);
    });
}

const HELP = `
One file, to open from a disk or to put on any server. What a test can end with under each memory order is decided in the
page by the axioms of quiesce litmus --engine axioms, and shown with a run that does it, or with the circle that forbids it. A
link carries the test. The protocol behind rcu_read_lock() and its like may lose one of its letters, to show what breaks.

Examples:
  quiesce playground
  quiesce playground --output public/litmus.html

Exit codes: 0 written; 2 usage error, or the file can't be written; 3 the page can't be made.`;
