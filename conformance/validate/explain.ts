import type { Trace, TraceState } from "../../spec/tlc/output/trace.js";
import { parseValue, printValue } from "../../spec/tlc/value/value.js";
import type { Value } from "../../spec/tlc/value/value-tree.js";
import { countEvents, type Observed, type RecordedEvent } from "../record/recording.js";
import { type Binding, type BoundLane, literal } from "./bind.js";
import { orderOf } from "./boxes.js";
import type { Source } from "./module.js";
import { readSaid, runTrace, type ValidateOptions } from "./validate.js";

/** What a recording has next where nothing explains it any further. */
export interface NextEvent {
  readonly lane: string;
  /** Its place among the lane's events, from 0. */
  readonly index: number;
  readonly event: RecordedEvent;
  /** Could the thread have taken such a step there, whatever was observed? */
  readonly possible: boolean;
  /** Such a step was possible, but not with the parameters that were recorded. */
  readonly otherwise?: true;
  /** What was observed otherwise than the specification has it. */
  readonly words: readonly {
    readonly name: string;
    readonly observed: Observed;
    readonly expected: string;
  }[];
  /** The steps that the specification allowed the thread. */
  readonly allowed: readonly string[];
}

/** Where and why a recording is no behaviour. */
export interface Explanation {
  /** How many of its events the longest explained prefix has, in all and of each lane. */
  readonly explained: number;
  readonly prefix: readonly number[];
  readonly next: readonly NextEvent[];
  /** How the specification got there; the last steps of it. */
  readonly trace?: Trace;
  /** The lane whose step led to each state of the trace; undefined: none's, or it is the first state. */
  readonly takers?: readonly (string | undefined)[];
}

/** So many steps in front of the end are kept. */
const SHOWN = 12;

/** TLC's output is read up to so many lines. */
const MOST_LINES = 15_000;

/**
 * Finds out how far a recording can be explained, and what comes then: two runs of TLC, with the boxes as they are.
 * Undefined when a limit keeps it from being found out.
 */
export async function explain(source: Source, options: ValidateOptions): Promise<Explanation | undefined> {
  const { binding } = options.specification;
  const { recording } = source;
  const every = Math.ceil(countEvents(recording) / MOST_LINES);
  const width = Number.POSITIVE_INFINITY;
  const search = await runTrace([source], { width, every, mostHidden: options.mostHidden }, options);
  if (search.exitCode !== 0) return undefined;
  const prefix = readSaid(search, [source]).prefix[0] ?? recording.lanes.map(() => 0);
  const { needs } = orderOf(recording, width);
  const next = recording.lanes.flatMap(({ name, events }, lane) => {
    const index = prefix[lane] as number;
    const need = needs[lane]?.[index] ?? [];
    const ready = index < events.count && need.every((count, other) => (prefix[other] as number) >= count);
    return ready ? [{ lane: name, index, event: events.at(index) }] : [];
  });
  const there = await runTrace(
    [source],
    {
      width,
      mostHidden: options.mostHidden,
      more: (lanes) => thereModule(prefix, lanes, next, binding),
    },
    options,
    ["INVARIANT QsvNotThere"],
  );
  const said = readThere(there.report.printed);
  const { trace } = there.report;
  return {
    explained: prefix.reduce((sum, count) => sum + count, 0),
    prefix,
    next: next.map(({ lane, index, event }) => {
      const allowed = said.allowed.filter(([of]) => of === lane).map(([, step]) => step);
      const words = Object.entries(event.words ?? {});
      const expected = said.would.get(lane) ?? [];
      // What the step would lead to is said of the step with its parameters, and what is allowed of any such step.
      const otherwise = event.with !== undefined &&
        allowed.includes(event.step) &&
        !said.would.has(lane) && { otherwise: true as const };
      return {
        ...{ lane, index, event, allowed, ...otherwise },
        possible: expected.length > 0 || allowed.includes(event.step),
        words: words.flatMap(([name, observed], i) => {
          const value = expected[i];
          return value === undefined || value === literal(observed)
            ? []
            : [{ name, observed, expected: value }];
        }),
      };
    }),
    ...(trace !== undefined && readable(trace, source)),
  };
}

/** At the end of the explained prefix, TLC says what each thread may do, and what the next steps would lead to. */
function thereModule(
  prefix: readonly number[],
  lanes: readonly BoundLane[],
  next: readonly { readonly lane: string; readonly event: RecordedEvent }[],
  binding: Binding,
): string {
  const may = lanes.flatMap(({ name, of }) =>
    binding.contract.steps.flatMap(({ name: step, lane, parameters, hidden }) => {
      if (hidden !== false || (lane === undefined) !== (of === undefined)) return [];
      const set = parameters.find((one) => one.name === lane)?.set;
      const isOne = of === undefined ? "TRUE" : `${of.thread} \\in (${set})`;
      return [
        `IF ${isOne} /\\ ENABLED (${binding.actionOf(step, of?.thread)}) THEN {<<${literal(name)}, "${step}">>} ELSE {}`,
      ];
    }),
  );
  const would = next.map(({ lane, event }) => {
    const bound = lanes.find(({ name }) => name === lane);
    if (bound === undefined) return "TRUE";
    const words = Object.keys(event.words ?? {}).map((key) => `${binding.word(key, "")}'`);
    const shown = `PrintT(<<"qsv would", ${literal(lane)}, <<${words.join(", ")}>>>>)`;
    return `(ENABLED (${binding.action(event, bound, "")} /\\ ${shown}) \\/ TRUE)`;
  });
  return [
    `QsvTarget == <<${prefix.join(", ")}>>`,
    "QsvNotThere ==",
    "  qsvAt = QsvTarget =>",
    `    /\\ PrintT(<<"qsv allowed", UNION {${may.join(",\n      ")}}>>)`,
    ...would.map((text) => `    /\\ ${text}`),
    "    /\\ FALSE",
  ].join("\n");
}

function readThere(printed: readonly string[]): {
  allowed: (readonly [string, string])[];
  would: Map<string, string[]>;
} {
  const allowed: (readonly [string, string])[] = [];
  const would = new Map<string, string[]>();
  const textOf = (value: Value | undefined): string => (value?.kind === "string" ? value.value : "");
  for (const text of printed.filter((line) => line.includes('"qsv '))) {
    const value = parseValue(text);
    if (value.kind !== "sequence") continue;
    const [what, first, second] = value.elements;
    if (textOf(what) === "qsv allowed" && first?.kind === "set") {
      for (const pair of first.elements)
        if (pair.kind === "sequence") allowed.push([textOf(pair.elements[0]), textOf(pair.elements[1])]);
    }
    if (textOf(what) === "qsv would" && second?.kind === "sequence")
      would.set(textOf(first), second.elements.map(printValue));
  }
  return { allowed, would };
}

/** The last steps, under the names that the recording has for them, and without what was added to the specification. */
function readable(
  { states, end }: Trace,
  { recording }: Source,
): Required<Pick<Explanation, "trace" | "takers">> {
  const counts = (state: TraceState): number[] => {
    const at = state.variables.get("qsvAt");
    return at?.kind === "sequence"
      ? at.elements.map((one) => (one.kind === "integer" ? Number(one.value) : 0))
      : [];
  };
  const takers: (string | undefined)[] = [];
  const named = states.map((state, i): TraceState => {
    const variables = new Map([...state.variables].filter(([name]) => !name.startsWith("qsv")));
    const before = states[i - 1];
    const lane =
      before === undefined ? -1 : counts(state).findIndex((count, k) => count !== counts(before)[k]);
    const event = recording.lanes[lane]?.events.at((counts(state)[lane] ?? 1) - 1);
    takers.push(recording.lanes[lane]?.name);
    const { action: _unnamed, ...rest } = state;
    const action = event === undefined ? state.action : { name: event.step };
    return { ...rest, variables, ...(i > 0 && action !== undefined && { action }) };
  });
  return { trace: { states: named.slice(-SHOWN - 1), end }, takers: takers.slice(-SHOWN - 1) };
}
