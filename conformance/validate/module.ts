import { modelName } from "../plan/observed.js";
import type { RecordedEvent, Recording } from "../record/recording.js";
import { type Binding, type BoundLane, literal, operatorOf, placeOf } from "./bind.js";
import { type BoxOrder, orderOf, type Width } from "./boxes.js";

/** A recording with the name of its file, for messages. */
export interface Source {
  readonly file: string;
  readonly recording: Recording;
}

/** A module in which TLC decides about recordings, and the names that its configuration asks for. */
export interface TraceModule {
  readonly name: string;
  readonly text: string;
  readonly lanes: readonly BoundLane[];
}

/** The generated module's name. */
export const TRACE_MODULE = "QuiesceRecorded";

/** What the generated module prints: a recording is explained, or so far; hidden steps were cut short. */
export const SAYS = { explained: "qsv explained", progress: "qsv progress", cut: "qsv cut" } as const;

/** So many hidden steps may stand in front of a recorded one. */
export const MOST_HIDDEN = 12;

export interface TraceOptions {
  readonly binding: Binding;
  /** The name of the specification's module. */
  readonly module: string;
  /** How the specification begins, and its steps that are no thread's. */
  readonly init: string;
  readonly width: Width;
  readonly mostHidden?: number;
  /** Report progress in steps of so many events (default: a hundredth of the recording). */
  readonly every?: number;
  /** Definitions for looking at one recording more closely (explain.ts). */
  readonly more?: (lanes: readonly BoundLane[]) => string;
}

/**
 * The module that asks whether recordings are behaviours of a specification. It extends the specification by two
 * variables: which recording it is (all are decided in one run), and how many of each thread's events have been
 * explained. An event may be taken when all that have surely happened before it have been: a box against a box. A
 * step of the specification that is hidden may be taken at any time.
 */
export function traceModule(sources: readonly Source[], options: TraceOptions): TraceModule {
  const { binding, module, width } = options;
  const laneNames = [...new Set(sources.flatMap(({ recording }) => recording.lanes.map(({ name }) => name)))];
  const lanes = laneNames.map((name) => binding.lane(name, sources[0]?.file ?? ""));
  const coded = lanes.map((lane) => new Coded(binding, lane));
  const orders = sources.map(({ recording }) => orderOf(recording, width));
  const traces = sources.map((source, run) => traceOf(source, orders[run] as BoxOrder, laneNames, coded));
  const hidden = hiddenSteps(binding);
  const most = options.mostHidden ?? MOST_HIDDEN;
  const zeros = `<<${lanes.map(() => 0).join(", ")}>>`;
  const text = [
    `---- MODULE ${TRACE_MODULE} ----`,
    `EXTENDS ${module}, TLC, Integers`,
    ...(binding.models.size === 0 ? [] : [`CONSTANTS ${[...binding.models].map(modelName).join(", ")}`]),
    `VARIABLES qsvRun, qsvAt${hidden.length > 0 ? ", qsvHidden" : ""}`,
    ...[...binding.words.values()].map(({ name, value, each }) =>
      each === undefined
        ? `${operatorOf(name)} == ${value}`
        : `${operatorOf(name)}(${each.name}) == ${value}`,
    ),
    ...lanes.flatMap(({ of }) => (of === undefined ? [] : [`ASSUME ${of.thread} \\in (${of.kind.set})`])),
    `QsvTrace == <<\n${traces.join(",\n")}>>`,
    `QsvLength == <<${sources.map(({ recording }) => tuple(counts(recording, laneNames))).join(", ")}>>`,
    `QsvRequired == <<${orders
      .map(({ required }, run) => tuple(spread(required, sources[run] as Source, laneNames)))
      .join(", ")}>>`,
    `QsvEvery == ${tuple(sources.map(({ recording }) => options.every ?? Math.max(1, Math.floor(total(recording) / 100))))}`,
    `ASSUME \\A qsvI \\in 1..${sources.length} : TLCSet(qsvI, 0) /\\ TLCSet(${sources.length} + qsvI, FALSE)`,
    "ASSUME TLCSet(0, FALSE)",
    `QsvInit == ${options.init} /\\ qsvRun \\in 1..${sources.length} /\\ qsvAt = ${zeros}${hidden.length > 0 ? " /\\ qsvHidden = 0" : ""}`,
    ...coded.map((lane, i) => lane.definitions(i + 1, lanes.length, hidden.length > 0)),
    ...hidden.map(
      (action, i) =>
        `QsvHidden${i + 1} == qsvHidden < ${most} /\\ ${action} /\\ qsvHidden' = qsvHidden + 1 /\\ UNCHANGED <<qsvRun, qsvAt>>`,
    ),
    `QsvNext ==\n${[
      ...lanes.map((_, i) => `  \\/ QsvLane${i + 1}`),
      ...hidden.map((_, i) => `  \\/ QsvHidden${i + 1}`),
    ].join("\n")}`,
    `QsvSum == ${lanes.map((_, i) => `qsvAt[${i + 1}]`).join(" + ")}`,
    `QsvExplained == ${lanes.map((_, i) => `qsvAt[${i + 1}] >= QsvRequired[qsvRun][${i + 1}]`).join(" /\\ ")}`,
    // A recording that is explained is not looked at any further.
    "QsvGoesOn ==",
    "  /\\ IF QsvSum >= TLCGet(qsvRun) + QsvEvery[qsvRun]",
    `     THEN TLCSet(qsvRun, QsvSum) /\\ PrintT(<<"${SAYS.progress}", qsvRun, qsvAt>>) ELSE TRUE`,
    ...(hidden.length === 0
      ? []
      : [
          `  /\\ IF qsvHidden = ${most} /\\ ~TLCGet(0) THEN TLCSet(0, TRUE) /\\ PrintT(<<"${SAYS.cut}">>) ELSE TRUE`,
        ]),
    `  /\\ IF TLCGet(${sources.length} + qsvRun) THEN FALSE`,
    `     ELSE IF QsvExplained THEN TLCSet(${sources.length} + qsvRun, TRUE) /\\ PrintT(<<"${SAYS.explained}", qsvRun>>) /\\ FALSE`,
    "     ELSE TRUE",
    ...(options.more === undefined ? [] : [options.more(lanes)]),
    "====",
    "",
  ].join("\n");
  return { name: TRACE_MODULE, text, lanes };
}

/** The configuration for a trace module: the specification's constants, and nothing else of it. */
export function traceConfig(constants: string, more: readonly string[] = []): string {
  return ["INIT QsvInit", "NEXT QsvNext", "CHECK_DEADLOCK FALSE", constants, ...more, ""].join("\n");
}

/** The actions and the observations of a lane, by small numbers. */
class Coded {
  readonly #actions = new Map<string, number>();
  readonly #words = new Map<string, number>();

  constructor(
    private readonly binding: Binding,
    private readonly lane: BoundLane,
  ) {}

  event(event: RecordedEvent, where: string): string {
    const action = place(this.#actions, this.binding.action(event, this.lane, where));
    const words = Object.entries(event.words ?? {}).map(
      ([key, value]) => `<<${place(this.#words, this.binding.word(key, where))}, ${literal(value)}>>`,
    );
    return `${action}, <<${words.join(", ")}>>`;
  }

  /** The definition of the lane's step in the generated module. */
  definitions(number: number, lanes: number, hides: boolean): string {
    const cases = (map: ReadonlyMap<string, number>, of: string, then: (text: string) => string): string =>
      map.size === 0
        ? "FALSE"
        : `CASE ${[...map].map(([text, code]) => `${of} = ${code} -> ${then(text)}`).join("\n       [] ")}`;
    const others = Array.from({ length: lanes }, (_, i) => i + 1).filter((other) => other !== number);
    const needs = others.map((other) => `/\\ qsvAt[${other}] >= qsvE[3][${other}] `).join("");
    return [
      `QsvSees${number}(qsvW) ==\n  ${cases(this.#words, "qsvW[1]", (text) => `${text}' = qsvW[2]`)}`,
      `QsvTakes${number}(qsvE) ==\n  ${cases(this.#actions, "qsvE[1]", (text) => text)}`,
      `QsvLane${number} ==`,
      `  /\\ qsvAt[${number}] < QsvLength[qsvRun][${number}]`,
      `  /\\ LET qsvE == QsvTrace[qsvRun][${number}][qsvAt[${number}] + 1]`,
      `     IN TRUE ${needs}/\\ QsvTakes${number}(qsvE)`,
      `        /\\ \\A qsvI \\in DOMAIN qsvE[2] : QsvSees${number}(qsvE[2][qsvI])`,
      `  /\\ qsvAt' = [qsvAt EXCEPT ![${number}] = @ + 1]`,
      `  /\\ UNCHANGED qsvRun${hides ? " /\\ qsvHidden' = 0" : ""}`,
    ].join("\n");
  }
}

function place(map: Map<string, number>, text: string): number {
  const known = map.get(text) ?? map.size + 1;
  map.set(text, known);
  return known;
}

/** Hidden steps, in every way in which they can be taken. */
function hiddenSteps(binding: Binding): string[] {
  return binding.contract.steps.flatMap(({ name, hidden }) =>
    hidden !== false ? [binding.actionOf(name, undefined)] : [],
  );
}

const tuple = (values: readonly (number | string)[]): string => `<<${values.join(", ")}>>`;

const total = (recording: Recording): number =>
  recording.lanes.reduce((sum, { events }) => sum + events.count, 0);

/** How many events each of the module's lanes has in a recording. */
function counts(recording: Recording, names: readonly string[]): number[] {
  return names.map((name) => recording.lanes.find((lane) => lane.name === name)?.events.count ?? 0);
}

/** Numbers by the recording's own lanes, in the order of the module's. */
function spread(own: readonly number[], { recording }: Source, names: readonly string[]): number[] {
  return names.map((name) => own[recording.lanes.findIndex((lane) => lane.name === name)] ?? 0);
}

function traceOf(source: Source, order: BoxOrder, names: readonly string[], coded: readonly Coded[]): string {
  const { recording, file } = source;
  const lanes = names.map((name, i) => {
    const lane = recording.lanes.findIndex((one) => one.name === name);
    const events = recording.lanes[lane]?.events;
    if (events === undefined) return "<<>>";
    const texts: string[] = [];
    for (let event = 0; event < events.count; event++) {
      const where = placeOf(file, recording, lane, event);
      const needs = tuple(spread(order.needs[lane]?.[event] ?? [], source, names));
      texts.push(`<<${coded[i]?.event(events.at(event), where)}, ${needs}>>`);
    }
    return `<<${texts.join(",\n")}>>`;
  });
  return `<<${lanes.join(",\n")}>>`;
}
