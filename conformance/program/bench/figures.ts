import type { Hardware } from "../../base/hardware.js";
import { type Spread, spread } from "../speed/figures.js";
import type { Measured, MeasuredAll, MeasureResult } from "./measure.js";
import type { Aim, Group, RowPlan } from "./rows.js";

/** The machine that it was measured on, and what was installed there. */
export interface Machine extends Hardware {
  readonly kernel: string;
  readonly compiler: string;
  /** Its version; null where it is not installed. */
  readonly liburcu: string | null;
  /** What part of its processors others used before the measuring began, from 0 to 1. */
  readonly busy: number;
}

/** A further column of a row. */
export interface Other extends Spread {
  readonly side: string;
}

/** A row of the table. */
export interface Row {
  readonly name: string;
  readonly group: Group;
  readonly unit: string;
  readonly ours: Spread | null;
  readonly theirs: Spread | null;
  /** Whose code they are. */
  readonly sides: { readonly ours: string; readonly theirs: string | null };
  readonly others: readonly Other[];
  /** Our median by theirs; or by that of the row named in `against`. */
  readonly ratio: number | null;
  readonly against: string | null;
  readonly aim: ShownAim | null;
  /** Null where that can't be said. */
  readonly met: boolean | null;
  /** Measurements that differ in one number. */
  readonly family: { readonly name: string; readonly of: string; readonly at: number } | null;
  /** Why there is no figure of ours. */
  readonly note?: string;
  /** A measuring program that failed. */
  readonly problem?: string;
}

export interface ShownAim extends Aim {
  readonly text: string;
}

/** The documented form of `bench --json`. */
export interface BenchFigures {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly aims: { readonly met: number; readonly missed: number; readonly unknown: number };
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
}

/** "<= 0.75 of theirs", as the issue says it. */
export function aimText({ of, atMost, atLeast }: Aim): string {
  const bound = atMost !== undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  return of === "first" ? `the same (${bound})` : bound;
}

/** Whether a figure reaches its aim; null where there is no figure or no aim. */
export function meets(aim: Aim | undefined, ours: number | undefined, ratio: number | null): boolean | null {
  const value = aim?.of === "ours" ? ours : ratio;
  if (aim === undefined || value === undefined || value === null) return null;
  return value <= (aim.atMost ?? Infinity) && value >= (aim.atLeast ?? -Infinity);
}

/** The figures of a row on one side, over all runs; null where there are none. */
function figuresOfSide(measured: Measured | undefined, { key }: RowPlan): Spread | null {
  const values = (measured?.runs ?? []).flatMap((run) => run[key] ?? []);
  return values.length === 0 ? null : spread(values);
}

/** The rows of everything that was measured. */
export function rowsOf(measured: readonly MeasuredAll[]): Row[] {
  const first = new Map<string, { readonly name: string; readonly ours: Spread | null }>();
  return measured.flatMap((all) =>
    all.measurement.rows.map((plan) => {
      const { family } = all.measurement;
      const row = rowOf(all, plan, family && first.get(`${family.name} ${plan.key}`));
      if (family && !first.has(`${family.name} ${plan.key}`)) first.set(`${family.name} ${plan.key}`, row);
      return row;
    }),
  );
}

function rowOf(
  all: MeasuredAll,
  plan: RowPlan,
  first: { readonly name: string; readonly ours: Spread | null } | undefined,
): Row {
  const { measurement } = all;
  const ours = figuresOfSide(all.ours, plan);
  const theirs = figuresOfSide(all.theirs, plan);
  const base = plan.aim?.of === "first" ? (first?.ours ?? null) : theirs;
  const ratio = ours !== null && base !== null && base.median > 0 ? ours.median / base.median : null;
  const others = all.others.flatMap((other) => {
    const figures = figuresOfSide(other, plan);
    return figures === null ? [] : [{ side: other.side, ...figures }];
  });
  const note = all.ours.lack ?? (ours === null ? "it can't be measured here" : undefined);
  const problem = [all.ours, all.theirs, ...all.others].flatMap((side) =>
    side?.problem === undefined ? [] : [`${side.side}: ${side.problem}`],
  );
  return {
    name: plan.name,
    group: measurement.group,
    unit: plan.unit,
    ours,
    theirs,
    sides: { ours: measurement.ours, theirs: measurement.theirs ?? null },
    others,
    ratio: plan.count && (base?.median ?? 0) < LEAST_COUNT ? null : ratio,
    against: plan.aim?.of === "first" ? (first?.name ?? null) : null,
    aim: plan.aim === undefined ? null : { ...plan.aim, text: aimText(plan.aim) },
    met: meets(plan.aim, ours?.median, ratio),
    family: measurement.family ?? null,
    ...(note !== undefined && problem.length === 0 && { note }),
    ...(problem.length > 0 && { problem: problem.join("; ") }),
  };
}

/** Interrupts fewer than this are other programs'. */
const LEAST_COUNT = 0.01;

/** What was measured, on what. */
export function figuresOf(
  { measured, rounds, seconds }: MeasureResult,
  more: { readonly machine: Machine; readonly quick: boolean; readonly notes: readonly string[] },
  wanted: (name: string) => boolean = () => true,
): BenchFigures {
  const rows = rowsOf(measured).filter(({ name }) => wanted(name));
  const aimed = rows.filter(({ aim }) => aim !== null);
  const count = (met: boolean | null): number => aimed.filter((row) => row.met === met).length;
  return {
    machine: more.machine,
    quick: more.quick,
    rounds,
    seconds,
    aims: { met: count(true), missed: count(false), unknown: count(null) },
    notes: more.notes,
    rows,
  };
}
