import type { Json } from "../contract/json.js";
import { ASLEEP, type Plan, stepText } from "../contract/plan.js";
import type { ReplayFailure } from "../contract/result.js";
import { type Trail, wholeTrail } from "./shorten.js";

const SHOWN_BEFORE = 12;
const SHOWN_WORDS = 4;

/** Whose step it is, for a person. */
export function laneName(plan: Pick<Plan, "lanes">, lane: number): string {
  return plan.lanes[lane]?.name ?? `lane ${lane}`;
}

/**
 * A failure of a replay for a person: which path, which step of whom, what differs, and the steps that led there with
 * what each changed.
 *
 * @param first the number of the plan's first path, when the plan is part of a larger one
 * @param trail a shorter way to it
 */
export function showReplayFailure(failure: ReplayFailure, plan: Plan, first = 1, trail?: Trail): string {
  const count = (failure.along ?? plan.paths[failure.path])?.length ?? 0;
  const { move, probe } = failure;
  const where =
    probe !== undefined
      ? `after step ${move} of ${count}, ${failure.step} of ${laneName(plan, failure.lane)}`
      : move < 0
        ? "before its first step"
        : move >= count
          ? "after its last step"
          : `step ${move + 1} of ${count}, ${failure.step} of ${laneName(plan, failure.lane)}`;
  const way = trail ?? wholeTrail(plan, failure);
  const shorter = way.edges.length < wholeTrail(plan, failure).edges.length;
  const { message, words = [] } = way.failure;
  return [
    `${failure.walk ? "walk" : "path"} ${failure.path + first}, ${where}: ${message.replace(/(?=; it said: )|$/m, ` (${failure.kind})`)}`,
    ...words.map(
      ({ name, expected, actual }) =>
        `  ${name}: the specification has ${valueName(name, expected, plan)}, the implementation has ${valueName(name, actual, plan)}`,
    ),
    ...(shorter ? [`  the shortest way there that fails, too, has ${way.edges.length} steps:`] : []),
    ...trailLines(plan, way),
  ].join("\n");
}

/** The steps of a trail, the last ones of a long one, each with the words that it changes. */
function trailLines(plan: Plan, { edges, failure }: Trail): string[] {
  const from = Math.max(0, edges.length - SHOWN_BEFORE);
  const width = Math.max(0, ...plan.lanes.map(({ name }) => name.length));
  const failed = failure.probe === undefined && failure.move < edges.length ? edges.length - 1 : -1;
  const line = (mark: string, number: number | "", lane: number, text: string): string =>
    `  ${mark} ${String(number).padStart(4)}  ${laneName(plan, lane).padEnd(width)} ${text}`;
  const lines = edges.slice(from).map((edge, i) => {
    const [before = 0, lane = 0, step = 0, after = 0] = plan.edges[edge] ?? [];
    const { hidden } = plan.steps[step] ?? {};
    const changes = changed(plan, before, after);
    const text = `${stepText(plan.steps[step] ?? { name: "?", with: {} })}${hidden === undefined ? "" : " (by itself)"}`;
    return line(
      from + i === failed ? ">" : " ",
      from + i + 1,
      lane,
      changes === "" ? text : `${text}   ${changes}`,
    );
  });
  const { probe } = failure;
  if (probe !== undefined)
    lines.push(
      line(
        ">",
        "",
        probe.lane,
        `${stepText(plan.steps[probe.step] ?? { name: "?", with: {} })}, which is not allowed here`,
      ),
    );
  return from > 0 ? [`     ... ${from} steps before these`, ...lines] : lines;
}

/** `items: [] -> [1]` for each word that differs, but for where the lanes stand. */
function changed(plan: Plan, before: number, after: number): string {
  const [old = [], now = []] = [plan.states[before], plan.states[after]];
  const last = plan.positions < 0 ? plan.words.length : plan.positions;
  const changes = plan.words.slice(0, last).flatMap((name, i) => {
    const [was, is] = [JSON.stringify(old[i]), JSON.stringify(now[i])];
    return was === is ? [] : [`${name}: ${was} -> ${is}`];
  });
  const more = changes.length - SHOWN_WORDS;
  return [...changes.slice(0, SHOWN_WORDS), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** A word's value; for where a lane stands (`at0`), the step's name. */
function valueName(word: string, value: Json, { words, positions, steps }: Plan): string {
  const index = words.indexOf(word);
  if (positions < 0 || index < positions || typeof value !== "number") return JSON.stringify(value);
  const name = value === ASLEEP ? "Asleep" : steps[value]?.name;
  return name === undefined ? `${value}, which is not a step` : name;
}

/** A trail as a Mermaid sequence diagram: a line a step, and a note for what differs at its end. */
export function trailDiagram(plan: Plan, { edges, failure }: Trail): string {
  const used = [...new Set([...edges.map((edge) => plan.edges[edge]?.[1] ?? 0), failure.lane])].sort(
    (a, b) => a - b,
  );
  const id = (lane: number): string => `L${Math.max(0, used.indexOf(lane))}`;
  const safe = (text: string): string =>
    text
      .replaceAll("->", "→")
      .replace(/[;#<>"]/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  const lines = [
    "sequenceDiagram",
    ...used.map((lane) => `  participant ${id(lane)} as ${safe(laneName(plan, lane))}`),
  ];
  for (const edge of edges) {
    const [before = 0, lane = 0, step = 0, after = 0] = plan.edges[edge] ?? [];
    lines.push(`  ${id(lane)}->>${id(lane)}: ${safe(stepText(plan.steps[step] ?? { name: "?", with: {} }))}`);
    const changes = changed(plan, before, after);
    if (changes !== "") lines.push(`  Note right of ${id(lane)}: ${safe(changes)}`);
  }
  if (failure.probe !== undefined)
    lines.push(`  ${id(failure.lane)}-x${id(failure.lane)}: ${safe(failure.step)}`);
  const differs = (failure.words ?? []).map(
    ({ name, expected, actual }) =>
      `${name}: ${JSON.stringify(actual)} in place of ${JSON.stringify(expected)}`,
  );
  const [sentence = ""] = failure.message.split("\n");
  lines.push(
    `  Note over ${id(failure.lane)}: ${safe([`${failure.kind}: ${sentence}`, ...differs].join(", "))}`,
  );
  return `${lines.join("\n")}\n`;
}
