import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { BadInputError, Interrupted } from "../../../spec/tlc/base/errors.js";
import { createScratch } from "../../../spec/tlc/base/scratch.js";
import { asEnvironmental } from "../../../spec/tlc/base/system-error.js";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { root } from "../../base/root.js";
import { exitCodeOf, showFailure } from "../cli/shared/failure.js";
import { allPages } from "./all-pages.js";
import { buildSite, prepareSite, type SiteRequest, vitepress } from "./build.js";

interface Options {
  readonly base: string;
  readonly dev?: boolean;
}

/** `npm run docs`: the documentation site. It is no command of the package: who installs that has no documents to build. */
async function main({ base, dev }: Options, signal: AbortSignal): Promise<void> {
  if (!/^\/(?:[\w.~-]+\/)*$/.test(base))
    throw new BadInputError(
      `--base takes a path with a slash at both ends, such as /quiesce/, not "${base}"`,
    );
  const started = performance.now();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  await mkdir(join(root, "build"), { recursive: true });
  const scratch = await createScratch("docs", join(root, "build"));
  try {
    say("docs: what TLC has said, commands and types");
    const { pages, pictures, missing } = await allPages(
      root,
      await findTools({ signal }),
      scratch.path,
      signal,
    );
    if (missing > 0)
      say(`docs: ${missing} counterexamples are not at hand; their pages give the command that finds them`);
    const request: SiteRequest = { root, pages, pictures, base, scratch: scratch.path, signal, onStage: say };
    if (dev === true) {
      await prepareSite(request, join(scratch.path, "out"));
      return await vitepress("dev", request, (text) => process.stdout.write(text));
    }
    const out = join(root, "build", "docs");
    const { inspected, ...built } = await buildSite(request, out);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(
      `build/docs: ${built.pages} pages, ${built.links} links, ${inspected.diagrams.length} diagrams, ` +
        `${(built.bytes / 1e6).toFixed(1)} MB, in ${seconds} s\nServe it with:  npx vite preview --outDir build/docs${
          base === "/" ? "" : ` --base ${base}`
        }\n`,
    );
  } finally {
    await scratch.remove();
  }
}

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });

const program = new Command("docs")
  .description(
    "Builds the documentation site into build/docs, from the documents and from what TLC has said.",
  )
  .option("--base <path>", "where it will be served", "/")
  .option("--dev", "serve it at once instead, without search")
  .addHelpText("after", "\nExamples:\n  npm run docs\n  npm run docs -- --base /quiesce/\n  npm run docs:dev")
  .action(async (options: Options) => {
    try {
      await main(options, interrupt.signal);
    } catch (error) {
      const shown = interrupt.signal.aborted ? new Interrupted() : asEnvironmental(error);
      showFailure(shown, false);
      process.exitCode = exitCodeOf(shown);
    }
  });
await program.parseAsync();
