import type { Drawing, Pictured } from "../litmus/result.js";
import type { Edge, Event } from "./events.js";
import { writes } from "./lines.js";
import type { Rule } from "./rules.js";
import { FIRST, type State, UNKNOWN } from "./state.js";

/** The edges' names, as the literature has them; the others are called by the rule. */
const NAMES: ReadonlyMap<Edge["why"], string> = new Map<Rule | "read last", string>([
  ["data", "dep"],
  ["control", "ctrl"],
  ["same word", "po-loc"],
  ["own store", "dep;rf"],
  ["memory order", "po"],
  ["read from", "rf"],
  ["own stores first", "co"],
  ["read last", "co"],
  ["interrupt", "membarrier"],
  ["interrupt is precise", "po, compiled"],
]);

const isOurs = ({ word, line }: Event): boolean =>
  /^s?rcu\./.test(word ?? "") || (line?.kind === "interrupt" && line.letter !== undefined);

function edgeName({ events }: State["events"], { from, to, why }: Edge): string {
  const [a, b] = [events[from] as Event, events[to] as Event];
  if (isOurs(a) || isOurs(b)) return "rcu";
  if (why === "from read")
    return a.line !== undefined && writes(a.line) && a.line.kind === "store" ? "co" : "fr";
  if (["mb", "rmb", "wmb", "acquire fence"].includes(why)) return `fence ${why}`;
  return NAMES.get(why) ?? why;
}

function eventText(state: State, number: number): string {
  const { kind, word, line, thread } = state.events.events[number] as Event;
  const rcu = line?.kind === "interrupt" && line.letter !== undefined ? "synchronize_rcu" : "membarrier";
  if (kind === "interrupt begins") return `${rcu} begins`;
  if (kind === "interrupt is over") return `${rcu} has interrupted all`;
  if (kind === "interrupt is taken") return `P${thread} is interrupted`;
  if (kind === "last look") return `${word} at the end`;
  if (line?.kind === "branch") return "if";
  const value = (known: number | undefined, from: number | undefined): string =>
    known === 1 && from !== undefined ? `${from}` : "?";
  const read = value(...readBy(state, number));
  const stored = value(state.storedKnown[number], state.stored[number]);
  if (line?.kind === "swap") return `${word}: ${read} becomes ${stored}`;
  return line?.kind === "store" ? `W ${word}=${stored}` : `R ${word}=${read}`;
}

/** What an event reads, as far as is known from whom. */
function readBy(state: State, number: number): [known: number | undefined, value: number | undefined] {
  const source = state.source[number] as number;
  if (state.readKnown[number] === 1 || source === UNKNOWN)
    return [state.readKnown[number], state.read[number]];
  if (source === FIRST) return [1, state.events.readOf[number]?.first];
  return [state.storedKnown[source], state.stored[source]];
}

const place = (state: State, number: number): string => {
  const { thread } = state.events.events[number] as Event;
  const text = eventText(state, number);
  return thread === undefined || text.startsWith("P") ? text : `P${thread} ${text}`;
};

/** The circle that an execution would have; each event must come before the next. */
export function circlePicture(state: State, circle: readonly Edge[]): Pictured {
  const name = (edge: Edge): string => edgeName(state.events, edge);
  const arrows = circle.map((edge) => ({ ...edge, name: name(edge) }));
  const shown = [...new Set(circle.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const text = circle.map(
    (edge) => `${place(state, edge.from)}  --${name(edge)}-->  ${place(state, edge.to)}`,
  );
  return {
    text: ["Each must come before the next, and so before itself:", ...text.map((line) => `  ${line}`)],
    mermaid: diagram(state, shown, arrows),
    drawing: drawingOf("circle", state, shown, arrows),
  };
}

/** An execution, in the order in which all happens, and who reads from whom. */
export function executionPicture(state: State, row: readonly number[]): Pictured {
  const { events, reads } = state.events;
  const shown = row.filter((number) => {
    const { kind, line } = events[number] as Event;
    return kind === "line" && line?.kind !== "branch";
  });
  const edges = reads.flatMap(({ event, word, stores }) => {
    if ((events[event] as Event).kind !== "line") return [];
    const source = state.source[event] as number;
    const begin = source === FIRST ? -1 : row.indexOf(source);
    const next = row.find((number, at) => at > begin && number !== source && stores.includes(number));
    return [
      ...(source === FIRST ? [] : [{ from: source, to: event, name: "rf" }]),
      ...(next === undefined || word.includes("rcu.") ? [] : [{ from: event, to: next, name: "fr" }]),
    ];
  });
  const stores = shown.filter((number) => {
    const { line } = events[number] as Event;
    return line !== undefined && writes(line);
  });
  const co = stores.flatMap((store, n) => {
    const next = stores.slice(n + 1).find((other) => events[other]?.word === events[store]?.word);
    return next === undefined ? [] : [{ from: store, to: next, name: "co" }];
  });
  return {
    text: ["In this order it happens:", ...shown.map((number) => `  ${place(state, number)}`)],
    mermaid: diagram(state, shown, [...edges, ...co]),
    // A test whose threads do nothing has a run in which nothing happens.
    ...(shown.length > 0 && { drawing: drawingOf("execution", state, shown, [...edges, ...co]) }),
  };
}

/** An arrow between two events, by their numbers. */
interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Events are given in the order in which they happen, for an execution; and program order is added where it says more. */
function drawingOf(
  kind: Drawing["kind"],
  state: State,
  shown: readonly number[],
  arrows: readonly Arrow[],
): Drawing {
  const { events } = state.events;
  const threads = [...new Set(shown.flatMap((number) => events[number]?.thread ?? []))].sort((a, b) => a - b);
  const isLoose = shown.some((number) => events[number]?.thread === undefined);
  const laneOf = (number: number): number => {
    const thread = events[number]?.thread;
    return thread === undefined ? threads.length : threads.indexOf(thread);
  };
  const filled = new Map<number, number>();
  const rowOf = (number: number, place: number): number => {
    if (kind === "execution") return place;
    const row = filled.get(laneOf(number)) ?? 0;
    filled.set(laneOf(number), row + 1);
    return row;
  };
  const known = new Set(arrows.map(({ from, to }) => `${from} ${to}`));
  const order = threads.flatMap((thread) => {
    // Events that follow the lines, such as an interrupt's end, have no place in program order.
    const own = shown
      .filter((number) => events[number]?.thread === thread && events[number]?.place !== undefined)
      .sort((a, b) => (events[a]?.place ?? 0) - (events[b]?.place ?? 0));
    return own.slice(1).flatMap((to, n) => {
      const from = own[n] as number;
      return known.has(`${from} ${to}`) ? [] : [{ from, to, name: "po" }];
    });
  });
  const place = (number: number): number => shown.indexOf(number);
  return {
    kind,
    lanes: [...threads.map((thread) => `P${thread}`), ...(isLoose ? ["end"] : [])],
    events: shown.map((number, n) => ({
      lane: laneOf(number),
      row: rowOf(number, n),
      text: eventText(state, number),
    })),
    arrows: [...order, ...arrows].map(({ from, to, name }) => ({ from: place(from), to: place(to), name })),
  };
}

function diagram(state: State, shown: readonly number[], edges: readonly Arrow[]): string {
  const { events } = state.events;
  const all = [...new Set(shown)].sort((a, b) => a - b);
  const node = (number: number): string => `e${number}["${eventText(state, number)}"]`;
  const threads = [...new Set(all.flatMap((number) => events[number]?.thread ?? []))].sort((a, b) => a - b);
  const known = new Set(edges.map(({ from, to }) => `${from} ${to}`));
  const lines = threads.flatMap((thread) => {
    const own = all.filter((number) => events[number]?.thread === thread);
    const lined = own.filter((number) => events[number]?.kind === "line");
    return [
      `  subgraph P${thread}`,
      ...own.map((number) => `    ${node(number)}`),
      ...lined
        .slice(1)
        .flatMap((number, n) =>
          known.has(`${lined[n]} ${number}`) ? [] : [`    e${lined[n]} -. po .-> e${number}`],
        ),
      "  end",
    ];
  });
  const loose = all
    .filter((number) => events[number]?.thread === undefined)
    .map((number) => `  ${node(number)}`);
  const arrows = edges.map(({ from, to, name }) => `  e${from} -- "${name}" --> e${to}`);
  return ["flowchart TB", ...lines, ...loose, ...arrows, ""].join("\n");
}
