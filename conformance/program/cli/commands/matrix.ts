import { resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import type { Tools } from "../../../../spec/tlc/tools/tools.js";
import { programCommand } from "../../../base/command.js";
import { withTimeLimit } from "../../../base/interrupted.js";
import { writeOutput } from "../../../base/output-file.js";
import { root, specRoot } from "../../../base/root.js";
import { colour, createProgress, type Progress } from "../../../base/terminal.js";
import type { DecidedMatrix } from "../../necessity/decide.js";
import type { CellRun } from "../../report/matrix-runs.js";
import { type CommandContext, EXIT, printJson, printSchema } from "../shared/context.js";
import { type AskedReport, reporterOption } from "../shared/reporter-option.js";
import { Reports } from "../shared/reports.js";
import { jsonLinesOption, parallelOption, timeLimitOption, timeoutOption } from "../shared/run-options.js";

interface MatrixOptions {
  readonly flavour: readonly string[];
  readonly face: string;
  readonly cell?: string;
  readonly markdown?: boolean;
  readonly svg?: boolean;
  readonly output?: string;
  readonly parallel?: number;
  readonly timeout?: number;
  readonly timeLimit?: number;
  readonly cache: boolean;
  readonly json?: boolean;
  readonly reporter?: readonly AskedReport[];
  readonly jsonLines?: boolean;
  readonly schema?: boolean;
}

/** `quiesce matrix`: what breaks when a letter or a step is left out, by flavour and memory order. */
export function addMatrix(program: Command, context: CommandContext): void {
  program
    .command("matrix")
    .description("the barrier necessity matrix: what breaks first when a letter or a step is left out")
    .option(
      "--flavour <name>",
      "only this flavour (may be repeated)",
      (name: string, list: string[]) => [...list, name],
      [],
    )
    .option(
      "--face <name>",
      "whole: a letter is left out altogether; compiler: it still holds the compiler, but not the processor",
      "whole",
    )
    .option("--cell <name>", "show the counterexample of one cell, such as number.membarrier.A.tso")
    .option("--markdown", "print the matrix as a page of Markdown")
    .option("--svg", "print the matrix as an SVG picture, a heat map")
    .option("--output <file>", "write --markdown or --svg there instead of to standard output")
    .option("--no-cache", "ignore cached results and let TLC decide everything")
    .addOption(parallelOption())
    .addOption(timeoutOption())
    .addOption(timeLimitOption())
    .option("--json", "print every cell as JSON on standard output")
    .addOption(jsonLinesOption("cell"))
    .addOption(reporterOption())
    .option("--schema", "print the JSON schema for --json and exit")
    .addHelpText("after", HELP)
    .action(async (options: MatrixOptions) => {
      if (options.schema) return printSchema("matrix");
      const { watchProgress } = await import("../../check/live.js");
      const { findTools } = await import("../../../../spec/tlc/tools/tools.js");
      const { cellName, FACES, FLAVOURS } = await import("../../necessity/cells.js");
      const { decideMatrix, matrixClaims } = await import("../../necessity/decide.js");
      const { matricesOf } = await import("../../necessity/matrix.js");

      const { cellJsonFor, summaryJson, toJson } = await import("../../necessity/json.js");

      const forms = [options.json, options.jsonLines, options.markdown, options.svg].filter(
        (given) => given === true,
      );
      if (forms.length > 1)
        throw new UsageError("--json, --json-lines, --markdown and --svg can't be combined");
      if (options.jsonLines && options.cell !== undefined)
        throw new UsageError("--json-lines and --cell can't be combined");
      if (options.output !== undefined && options.markdown !== true && options.svg !== true)
        throw new UsageError("--output needs --markdown or --svg");
      const unknown = options.flavour.find((name) => !FLAVOURS.some((f) => f === name));
      if (unknown !== undefined)
        throw new UsageError(`there is no flavour ${unknown}`, {
          hint: `The flavours are ${FLAVOURS.join(", ")}.`,
        });
      // The name of a cell says which face it is on: number.membarrier.E-compiler.tso.
      const ofCell = options.cell?.split(".")[2]?.endsWith("-compiler") ? "compiler" : undefined;
      const face = FACES.find((name) => name === (ofCell ?? options.face));
      if (face === undefined)
        throw new UsageError(`the matrix has no face ${options.face}`, {
          hint: `The faces are ${FACES.join(" and ")}.`,
        });
      const inCell = FLAVOURS.filter((f) => options.cell?.split(".")[1] === f);
      const wanted = FLAVOURS.filter((f) => options.flavour.length === 0 || options.flavour.includes(f));
      const flavours = inCell.length > 0 ? inCell : wanted;

      const { signal } = context;
      if (options.reporter !== undefined && (options.cell ?? options.markdown ?? options.svg) !== undefined)
        throw new UsageError("--reporter can't be combined with --cell, --markdown or --svg");
      const reports = new Reports(options);
      const started = performance.now();
      const progress = await createProgress(reports.machine && !process.stderr.isTTY);
      const tools = await findTools({ signal, onFetch: (text) => progress.line(text) });
      const claims = await matrixClaims(specRoot, flavours, face);
      const watch = watchProgress(claims, progress);
      const decided = await decideMatrix(claims, tools, {
        signal,
        face,
        cache: options.cache,
        ...(options.parallel !== undefined && { parallel: options.parallel }),
        ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
        timeLimit: options.timeLimit,
        onEvent: watch.event,
        onFlavour: (result) => {
          if (!reports.wantsLines || !("cells" in result)) return;
          progress.done();
          for (const cell of result.cells.map(cellJsonFor(specRoot))) reports.line("cell", cell);
        },
      }).finally(() => watch.end());
      if (signal.aborted) context.exitCode = EXIT.interrupted;
      else if (!decided.asExpected || decided.undecided.size > 0) context.exitCode = EXIT.notAsDeclared;

      if (options.cell !== undefined) {
        const { explainCell, findCell } = await import("../../necessity/single.js");
        const cell = findCell(decided.cells, options.cell);
        const text = await explainCell(cell, specRoot, tools, signal);
        if (options.json)
          printJson({ cell: cellName(cell), breaks: cell.broken?.breaks, counterexample: text });
        else process.stdout.write(`${text}\n`);
        return;
      }
      const matrices = matricesOf(decided);
      if (options.markdown || options.svg) {
        const { drawMarkdown, drawSvg, fromRoot } = await import("../../pages/matrix-pages.js");
        const from = fromRoot(root, resolve(options.output ?? "matrix"));
        const text = options.svg
          ? drawSvg(matrices, specRoot, from, face === "whole" ? "matrix" : "compiler")
          : drawMarkdown(matrices, specRoot, from, "Made by `quiesce matrix --markdown`.", face);
        // A file is whole or absent.
        if (options.output !== undefined && decided.endedEarly)
          process.stderr.write(`quiesce: ${options.output} is not written: ${decided.endedEarly}\n`);
        else if (options.output === undefined) process.stdout.write(text);
        else writeOutput(options.output, text, "the matrix");
        return;
      }
      reports.line("summary", summaryJson(decided));
      const { matrixResults } = await import("../../report/of-matrix.js");
      const spent = (): number => (performance.now() - started) / 1000;
      const runs = reports.wantsRuns
        ? await runsOf(decided, tools, progress, { ...options, signal, spent: spent() })
        : undefined;
      if (signal.aborted) context.exitCode = EXIT.interrupted;
      await reports.finish(() => matrixResults(decided, specRoot, spent(), runs), {
        text: () => textOf(decided),
        json: () => toJson(decided, specRoot),
      });
    });
}

/** The counterexamples of the cells that break, for a format that shows runs; those that there was time for. */
async function runsOf(
  { cells }: DecidedMatrix,
  tools: Tools,
  progress: Progress,
  options: Pick<MatrixOptions, "cache" | "parallel" | "timeout" | "timeLimit"> & {
    readonly signal: AbortSignal;
    /** Seconds since the command began. */
    readonly spent: number;
  },
): Promise<ReadonlyMap<string, CellRun>> {
  const { cellRuns } = await import("../../report/matrix-runs.js");
  const { watchProgress } = await import("../../check/live.js");
  const { cache, parallel, timeout, timeLimit, spent } = options;
  const left = timeLimit === undefined ? undefined : Math.max(0, timeLimit - spent);
  const { signal } = withTimeLimit(options.signal, left);
  let watch: ReturnType<typeof watchProgress> | undefined;
  return await cellRuns(cells, specRoot, tools, {
    signal,
    cache,
    ...(parallel !== undefined && { parallel }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    onRun: (claims) => {
      watch = watchProgress(claims, progress);
    },
    onEvent: (event) => watch?.event(event),
  }).finally(() => watch?.end());
}

/** For a person: the matrix of each algorithm, then what is not as it should be. */
async function textOf(decided: DecidedMatrix): Promise<string> {
  const { cellName } = await import("../../necessity/cells.js");
  const { brokenAsItIs, matricesOf } = await import("../../necessity/matrix.js");
  const { showLegend, showMatrix, showRows } = await import("../../necessity/show.js");
  const { COMPILER_PAGE, MATRIX_PAGE } = await import("../../necessity/place.js");
  const { readRowWords } = await import("../../necessity/words.js");
  const matrices = matricesOf(decided);
  const cross = colour.red("✗");
  const halves = decided.cells.some((c) => c.face);
  return [
    `${matrices.map(showMatrix).join("\n")}${showLegend(matrices)}\n\n${showRows(matrices, readRowWords(specRoot))}\n`,
    ...brokenAsItIs(decided.cells).map(
      (cell) => `${cross} ${cellName(cell)}: it breaks although nothing is left out`,
    ),
    ...[...decided.undecided].map(([flavour, reason]) => `${cross} ${flavour} is not decided: ${reason}`),
    ...(!decided.asExpected && decided.undecided.size === 0
      ? [
          `${cross} differs from spec/rcu/necessity/${halves ? "NecessityCompilerExpected" : "NecessityExpected"}.tla`,
        ]
      : []),
    `A counterexample:  ${programCommand()} matrix --cell number.membarrier.${halves ? "E-compiler" : "A"}.tso`,
    `All of them:       ${halves ? COMPILER_PAGE : MATRIX_PAGE}\n`,
  ].join("\n");
}

const HELP = `
Leaving out a letter removes its fence and what it means to the compiler; a step that is left out is not taken.
number is our algorithm, phase is liburcu's. The columns are memory orders: sc reorders nothing, weak the most.

When it is interrupted (Ctrl-C), or --time-limit is over, the flavours decided by then are shown; --output then writes
nothing.

Examples:
  quiesce matrix                                   all flavours and algorithms
  quiesce matrix --flavour membarrier              one flavour
  quiesce matrix --cell number.membarrier.A.tso    the counterexample of a cell
  quiesce matrix --cell phase.mb.first-scan.weak
  quiesce matrix --face compiler                   what the processor alone would break
  quiesce matrix --cell number.membarrier.E-compiler.tso    the counterexample of a cell of that face
  quiesce matrix --svg --output matrix.svg         a heat map
  quiesce matrix --reporter html=matrix.html       a page whose cells lead to their counterexamples, step by step

Exit codes: 0 as NecessityExpected.tla says, or, on the face compiler, NecessityCompilerExpected.tla, both in
spec/rcu/necessity; 1 different, or not certain; 2 usage error; 3 Java or TLC's jar is missing; 130 interrupted.`;
