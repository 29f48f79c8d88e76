import { PLAIN_COMMAND } from "../../../spec/tlc/run/plain.js";
import type { Tools } from "../../../spec/tlc/tools/tools.js";
import { hardware } from "../../base/hardware.js";
import { colour } from "../../base/terminal.js";
import type { Pair, Speed } from "./measure.js";

/** The least, the median and the greatest of some numbers. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return { min: sorted[0] ?? 0, median, max: sorted.at(-1) ?? 0 };
}

/** What was measured, on what: the documented form of `speed --json`. */
export function figuresOf(speed: Speed, tools: Tools, parallel: number) {
  const { rounds, pairs, asked, endedEarly } = speed;
  const quiesce = spread(rounds.map((round) => round.quiesce));
  const plain = spread(rounds.map((round) => round.plain));
  const sum = (of: (pair: Speed["pairs"][number]) => number) =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  const side = (seconds: Spread, who: "quiesce" | "plain") => ({
    seconds,
    distinctStates: sum((pair) => pair[who].states),
    statesPerSecond: Math.round(sum((pair) => pair[who].generated) / seconds.median),
  });
  return {
    agree: pairs.every(({ problem }) => problem === undefined),
    interrupted: endedEarly !== undefined,
    ...(endedEarly && { endedBy: endedEarly }),
    claims: pairs.length,
    asked,
    machine: {
      ...hardware(),
      java: tools.java.version,
      tlc: tools.abilities.version,
    },
    parallel,
    plainCommand: PLAIN_COMMAND,
    rounds,
    ratio: spread(rounds.map((round) => round.quiesce / round.plain)),
    quiesce: side(quiesce, "quiesce"),
    plain: side(plain, "plain"),
    pairs: pairs.map(pairJson),
  };
}

/** A claim decided both ways. */
export function pairJson({ claim, quiesce, plain, problem }: Pair) {
  return { id: claim.id, quiesce, plain, ...(problem !== undefined && { problem }) };
}

export type SpeedFigures = ReturnType<typeof figuresOf>;

/** The figures as a person reads them. */
export function showFigures(figures: SpeedFigures): string {
  const { machine, quiesce, plain, ratio } = figures;
  const several = figures.rounds.length > 1;
  const one = (n: number, digits: number): string => n.toFixed(digits);
  const range = ({ min, median, max }: Spread, digits: number): string =>
    several ? `${one(median, digits)} (${one(min, digits)} to ${one(max, digits)})` : one(median, digits);
  const rate = (n: number): string => n.toLocaleString("en-US");
  const rows = [
    ["", several ? "seconds, median" : "seconds", "states generated a second"],
    ["Quiesce", range(quiesce.seconds, 1), rate(quiesce.statesPerSecond)],
    ["plain TLC", range(plain.seconds, 1), rate(plain.statesPerSecond)],
    ["ratio", range(ratio, 2), ""],
  ];
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const table = rows.map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("   ")}`.trimEnd(),
  );
  const wrong = figures.pairs.flatMap(({ id, problem }) =>
    problem === undefined ? [] : [`${colour.red("✗")} ${colour.bold(id)}   ${problem}`],
  );
  const rounds = several ? `   ${figures.rounds.length} rounds` : "";
  return [
    `${colour.bold("Speed")}   ${figures.claims} claims decided both ways${rounds}`,
    ...(figures.interrupted
      ? [colour.red(`  ${figures.endedBy}: these are what was measured by then, of ${figures.asked} claims`)]
      : []),
    ...table,
    `  Quiesce: no cache, ${figures.parallel} run${figures.parallel === 1 ? "" : "s"} of TLC in parallel`,
    `  plain TLC: one run after another, ${figures.plainCommand}`,
    `  on ${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryMiB / 1024)} GiB, Java ${machine.java}, TLC ${machine.tlc}`,
    ...(wrong.length === 0
      ? ["  Both agree: every verdict, and every count of states where nothing is violated."]
      : ["", ...wrong]),
  ].join("\n");
}
