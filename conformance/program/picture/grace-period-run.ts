import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { TraceState } from "../../../spec/tlc/output/trace.js";
import { printValue, type Value } from "../../../spec/tlc/value/value.js";

/** How an updater makes sure that it sees who reads: the values of Payers' constant Variant, in the article's order. */
export const VARIANTS = ["fence", "signal", "all", "private", "grace"] as const;
export type Variant = (typeof VARIANTS)[number];

/** The lanes of the picture: the members of Payers' set Other, and the updater. */
export const LANES = ["updater", "reader", "sleeper", "stranger", "idle", "realtime"] as const;
export type Lane = (typeof LANES)[number];

/** What a step does, in the words of the picture. */
export const STEPS = {
  Lock: "lock",
  Use: "use",
  Unlock: "unlock",
  Fence: "fence",
  Drain: "seen",
  Wake: "woken",
  Disturb: "interrupt",
  TickOf: "tick",
  Publish: "replace",
  Ask: "ask",
  Raise: "raise",
  Scan: "scan",
  Free: "free",
} as const;
export type StepName = keyof typeof STEPS;

/** A step of a grace period, and what holds after it. */
export interface GraceStep {
  readonly name: StepName;
  readonly lane: Lane;
  /** The reader's section: which one, and the cell that it uses, if it is in one. */
  readonly section?: { readonly number: number; readonly cell: "old" | "new" | "none" };
  /** Are there announcements of the reader's that nobody sees yet? */
  readonly unseen: boolean;
  readonly asleep: boolean;
  /** For whom the updater waits. */
  readonly pending: readonly string[];
}

/** A grace period as TLC found it: what the picture of a variant is drawn from. */
export interface GraceRun {
  readonly variant: Variant;
  readonly steps: readonly GraceStep[];
  /** How often the updater has disturbed each. */
  readonly disturbed: ReadonlyMap<string, number>;
  /** The fences that the reader has run itself. */
  readonly fences: number;
}

/**
 * Reads a behaviour of module Payers.
 *
 * @throws BadInputError when it is not one
 */
export function readGraceRun(variant: Variant, states: readonly TraceState[]): GraceRun {
  const steps = states.slice(1).map((state, i): GraceStep => {
    const name = (Object.keys(STEPS) as StepName[]).find((one) => one === state.action?.name);
    if (name === undefined) throw notOne(`it has no step ${state.action?.name ?? "without a name"}`);
    const entered = integer(state, "entered");
    const holds = word(state, "holds");
    return {
      name,
      lane: laneOf(name, states[i] as TraceState, state),
      ...(word(state, "section") !== "out" && {
        section: { number: entered, cell: holds === "old" || holds === "new" ? holds : "none" },
      }),
      unseen: elements(state, "buffer").length > 0,
      asleep: word(state, "asleep") === "TRUE",
      pending: elements(state, "pending"),
    };
  });
  const last = states.at(-1);
  if (last === undefined) throw notOne("it has no states");
  const counts = variable(last, "disturbed");
  if (counts.kind !== "record") throw notOne("disturbed counts for nobody");
  const disturbed = new Map([...counts.fields].map(([who, count]) => [who, Number(printValue(count))]));
  return { variant, steps, disturbed, fences: integer(last, "fences") };
}

const READERS: ReadonlySet<StepName> = new Set(["Lock", "Use", "Unlock", "Fence", "Drain"]);
const OTHERS: ReadonlySet<StepName> = new Set(["Disturb", "TickOf"]);

function laneOf(name: StepName, before: TraceState, after: TraceState): Lane {
  if (READERS.has(name)) return "reader";
  if (name === "Wake") return "sleeper";
  if (!OTHERS.has(name)) return "updater";
  const left = elements(after, "pending");
  const gone = elements(before, "pending").filter((who) => !left.includes(who));
  const lane = LANES.find((one) => one === gone[0]);
  if (gone.length !== 1 || lane === undefined)
    throw notOne(`${name} is the step of ${gone.join(" and ") || "nobody"}`);
  return lane;
}

function variable(state: TraceState, name: string): Value {
  const value = state.variables.get(name);
  if (value === undefined) throw notOne(`state ${state.number} has no ${name}`);
  return value;
}

function word(state: TraceState, name: string): string {
  const value = variable(state, name);
  return value.kind === "string" ? value.value : printValue(value);
}

function integer(state: TraceState, name: string): number {
  const number = Number(word(state, name));
  if (!Number.isInteger(number)) throw notOne(`${name} is no number in state ${state.number}`);
  return number;
}

function elements(state: TraceState, name: string): string[] {
  const value = variable(state, name);
  if (value.kind !== "set" && value.kind !== "sequence") throw notOne(`${name} has no elements`);
  return [...value.elements].map((one) => (one.kind === "string" ? one.value : printValue(one)));
}

function notOne(problem: string): BadInputError {
  return new BadInputError(`this is not a behaviour of module Payers: ${problem}`, {
    hint: "The pictures of a grace period are drawn from the claims membarrier/costs/Payers-pictured.*",
  });
}
