import { join } from "node:path";
import { throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { withScratch } from "../../../spec/tlc/base/scratch.js";
import { root } from "../../base/root.js";
import { type CompiledTest, compileTest } from "../../litmus/compile.js";
import { readTest } from "../../litmus/files.js";
import type { Order } from "../../litmus/model.js";
import { runProgram } from "../../silicon/child.js";
import { findCompilers } from "../../silicon/compilers.js";
import type { MachineResult } from "../../silicon/machine.js";
import { programOf } from "../../silicon/program.js";
import { judgeTally, keyOf, orderOf } from "../../silicon/verdict.js";
import { Workshop } from "../../silicon/workshop.js";
import { compiledReader, isInlined } from "./compiled-reader.js";
import { askAbout } from "./machine.js";
import { once } from "./once.js";
import { RCU_TESTS, rcuLitmus } from "./rcu-litmus.js";
import { isLibrarys, isShareds } from "./replay.js";
import { litmusMutants, type Row } from "./rows.js";
import { killed, MISSED, type Outcome, open, type Part, type Suite, type SuiteContext } from "./suite.js";
import { filesOf, otherSources, sourcesOf, specificationTexts } from "./texts.js";

/** A mutant ends as soon as it is seen. */
const MILLISECONDS = 10_000;
const SILENCE_MS = 60_000;

/** What the machine allows a test without a barrier, and forbids it with it, by the mutant's name. */
type Fresh = ReadonlyMap<string, Answer>;
type Answer = { readonly machine: MachineResult; readonly fresh: ReadonlySet<string> } | string;

/** All at once: TLC answers many tests in one run. */
const freshUnder = (order: Order): ((context: SuiteContext) => Promise<Fresh>) =>
  once(async (context: SuiteContext) => {
    const mutants = await litmusMutants();
    const tests: CompiledTest[] = [];
    const originals = new Map<string, number>();
    for (const { file } of mutants) {
      if (originals.has(file)) continue;
      const read = await readTest(join(root, file));
      if (!("test" in read)) throw new Error(`${file}: ${read.refused.message}`);
      originals.set(file, tests.push(read.test) - 1);
    }
    const first = tests.length;
    tests.push(...mutants.map(({ mutant }) => compileTest(mutant.litmus)));
    const answers = await askAbout(tests, order, context);
    return new Map(
      mutants.map(({ name, file }, n): [string, Answer] => {
        const [before, after] = [answers[originals.get(file) ?? -1], answers[first + n]];
        if (before === undefined || after === undefined) return [name, "it did not run"];
        if ("message" in before) return [name, before.message];
        if ("message" in after) return [name, after.message];
        const old = new Set(before.outcomes.map(keyOf));
        const fresh = new Set(after.outcomes.map(keyOf).filter((key) => !old.has(key)));
        return [name, { machine: after, fresh }];
      }),
    );
  });

const HERE = orderOf(process.arch) ?? "weak";
const freshHere = freshUnder(HERE);
const freshSomewhere = HERE === "weak" ? freshHere : freshUnder("weak");

async function onSilicon(row: Row, file: string, context: SuiteContext): Promise<Outcome | undefined> {
  const { subject, name } = row;
  if (subject.kind !== "litmus") return undefined;
  const found = (await freshHere(context)).get(name);
  if (found === undefined || typeof found === "string") return open(found ?? "the machine was not asked");
  // This processor keeps in order what the barrier would.
  if (found.fresh.size === 0) return undefined;
  const { signal } = context;
  const test = compileTest(subject.mutant.litmus);
  return withScratch("suite", async (folder) => {
    const workshop = new Workshop(folder, signal);
    let rounds = 0;
    for (const compiler of await findCompilers(undefined, signal)) {
      const program = await workshop.build(file, programOf(test), compiler);
      const limits = { milliseconds: MILLISECONDS, rounds: 0, seed: 7, silenceMs: SILENCE_MS };
      let shown = 0;
      const { tally } = await runProgram(program, limits, signal, (last) => {
        const { outcomes } = judgeTally(test, found.machine, { tally: last, end: { kind: "ended" } });
        shown = outcomes.reduce((sum, one) => sum + (found.fresh.has(keyOf(one.outcome)) ? one.count : 0), 0);
        return shown > 0;
      });
      throwIfInterrupted(signal);
      rounds += tally.rounds;
      if (shown > 0)
        return killed(`seen ${shown} times in ${tally.rounds} rounds, compiled by ${compiler.command[0]}`);
    }
    return { ...MISSED, how: `never seen on this processor in ${rounds} rounds` };
  });
}

const ofTest = (row: Row): { readonly file: string; readonly text: unknown } | undefined =>
  row.subject.kind === "litmus"
    ? { file: row.subject.file, text: [row.subject.mutant.name, filesOf([row.subject.file])] }
    : undefined;

/** What the processor and compilers make of it, judged by the machine. */
export const litmus: Suite = {
  name: "litmus",
  about:
    "of the library: litmus tests with RCU run on this processor, their sections and grace periods the mutant's; and " +
    "where a header is inlined, the machine decides about the order that each compiler gives the reader's accesses. Of a " +
    "litmus test: it runs on this processor without the barrier, where the machine allows an outcome then that it forbids " +
    "otherwise",
  version: 1,
  timed: true,
  part(row): Part | undefined {
    const { subject } = row;
    const own = ofTest(row);
    if (own !== undefined)
      return {
        depends: async () => [own.text, otherSources("silicon"), await sourcesOf(), HERE],
        run: (context) => onSilicon(row, own.file, context),
      };
    if (!isLibrarys(row) || isShareds(row)) return undefined;
    const change = subject.kind === "native" ? subject.change : undefined;
    return {
      depends: async () => [change ?? [], filesOf(RCU_TESTS), otherSources("silicon"), await sourcesOf()],
      async run(context) {
        const compiled =
          change !== undefined && isInlined(change) ? await compiledReader(change, context) : MISSED;
        if (compiled.verdict === "killed") return compiled;
        const ran = await rcuLitmus(change, context);
        return ran.verdict === "killed" || compiled.verdict === "missed" ? ran : compiled;
      },
    };
  },
};

/** The machine that reorders most: what it allows a litmus test without a barrier. */
export const machine: Suite = {
  name: "machine",
  about:
    "of a litmus test: under the weakest order, the machine allows an outcome without the barrier that it forbids " +
    "otherwise",
  version: 1,
  part(row) {
    const own = ofTest(row);
    if (own === undefined) return undefined;
    return {
      depends: async () => [own.text, specificationTexts()],
      async run(context) {
        const found = (await freshSomewhere(context)).get(row.name);
        if (found === undefined || typeof found === "string")
          return open(found ?? "the machine was not asked");
        const [first] = found.fresh;
        if (first === undefined) return MISSED;
        const values = (JSON.parse(first) as [string, unknown][]).map(
          ([place, value]) => `${place}=${value}`,
        );
        return killed(`the machine allows ${values.join(" ")}`);
      },
    };
  },
};
