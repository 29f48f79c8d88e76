import { placeOf } from "../litmus/show.js";
import { totalsOf } from "./figures.js";
import type { SiliconFile, SiliconSummary } from "./run.js";
import type { MutantSummary } from "./run-mutants.js";
import { nameOf } from "./show.js";

/** The documented form of a run's results (schema/silicon.schema.json). */
export function siliconJson(summary: SiliconSummary): unknown {
  const { order, seed, interrupted, seconds, files } = summary;
  return {
    processor: process.arch,
    order,
    seed,
    interrupted,
    seconds,
    compilers: totalsOf(summary).map(({ compiler, ...totals }) => ({
      name: nameOf(compiler),
      version: compiler.version,
      ...totals,
    })),
    files: files.map(fileJson),
  };
}

function fileJson(one: SiliconFile): unknown {
  const { file } = one;
  if (one.kind === "refused") {
    const { message, position, hint } = one.error;
    return { file, error: { kind: "refused", message, where: placeOf(one), ...position, hint } };
  }
  const { name, quantifier } = one.test.litmus;
  if (one.kind === "not run") return { file, name, quantifier, notRun: one.reason };
  return {
    file,
    name,
    quantifier,
    results: one.results.map(({ compiler, judged }) => ({ compiler: nameOf(compiler), ...judged })),
  };
}

/** The same for mutants. */
export function mutantsJson(summary: MutantSummary): unknown {
  const { refused, results, ...figures } = summary;
  return {
    processor: process.arch,
    ...figures,
    refused: refused.map(fileJson),
    results: results.map(({ file, test, mutant, compiler, judged, shown }) => ({
      file,
      name: test.litmus.name,
      mutant: mutant.name,
      ...mutant.at,
      compiler: nameOf(compiler),
      shown,
      ...judged,
    })),
  };
}
