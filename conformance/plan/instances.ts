import { BadInputError } from "../../spec/tlc/base/errors.js";

/** Who takes a step. */
export type Role = "reader" | "updater";

/** A step of the specification: an action that takes its thread as the argument. */
export interface StepName {
  readonly name: string;
  readonly of: Role;
}

/** How many threads a model has. First come the updaters, from 0, then the readers. */
export interface Threads {
  readonly updaters: number;
  readonly readers: number;
}

/** The threads that a configuration asks for; undefined when it does not assign both numbers. */
export function readThreads(config: string): Threads | undefined {
  const [updaters, readers] = ["Updaters", "Readers"].map((name) =>
    Number(new RegExp(`\\b${name}\\s*=\\s*(\\d+)`).exec(config)?.[1] ?? 0),
  );
  return updaters && readers ? { updaters, readers } : undefined;
}

const LISTS = [
  { head: "ReaderStep(r)", of: "reader", argument: "r" },
  { head: "UpdaterStep(u)", of: "updater", argument: "u" },
] as const;

/**
 * The steps of a step-level specification, read from its two lists `ReaderStep(r) == \/ Name(r) ...` and
 * `UpdaterStep(u) == \/ Name(u) ...`. These lists are the one source of the names in all rooms.
 *
 * @param text the module's text
 * @param file its name, for messages
 * @throws BadInputError when a list is missing, empty, or has a line that is not a step
 */
export function readSteps(text: string, file: string): StepName[] {
  const lines = text.split(/\r?\n/);
  return LISTS.flatMap(({ head, of, argument }) => {
    const start = lines.findIndex((line) => line.trim() === `${head} ==`);
    if (start < 0) {
      throw new BadInputError(`${file} has no list of steps that starts with "${head} =="`, {
        hint: "A specification for replay lists its steps as ReaderStep(r) and UpdaterStep(u).",
      });
    }
    const steps: StepName[] = [];
    for (let at = start + 1; at < lines.length && lines[at]?.trim() !== ""; at++) {
      const line = lines[at] ?? "";
      const match = /^\s*\\\/\s*(\w+)\((\w+)\)\s*$/.exec(line);
      if (match?.[1] === undefined || match[2] !== argument) {
        throw new BadInputError(`"${line.trim()}" is not a step of ${head}`, {
          where: `${file}:${at + 1}`,
          hint: `A line of this list looks like:  \\/ Name(${argument})`,
        });
      }
      steps.push({ name: match[1], of });
    }
    if (steps.length === 0)
      throw new BadInputError(`The list ${head} is empty`, { where: `${file}:${start + 1}` });
    return steps;
  });
}

/** Whether a module has both lists of steps, so that each step of its state graph can be assigned to its thread. */
export function listsSteps(text: string): boolean {
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  return LISTS.every(({ head }) => lines.has(`${head} ==`));
}

/**
 * A module that gives each step of each thread its own action, `Name_<thread>`, so that the edges of TLC's state graph
 * say whose step they are. `TRUE /\` keeps TLC from naming the edge after the definition behind it.
 */
export function namedInstances(module: string, steps: readonly StepName[], threads: Threads): string {
  const { updaters, readers } = threads;
  const all = Array.from({ length: updaters + readers }, (_, thread) => thread);
  const threadsOf = { updater: all.slice(0, updaters), reader: all.slice(updaters) };
  const instances = steps.flatMap(({ name, of }) =>
    threadsOf[of].map((thread) => ({ label: `${name}_${thread}`, action: `${name}(${thread})` })),
  );
  return [
    `---- MODULE ${module}Steps ----`,
    `EXTENDS ${module}`,
    ...instances.map(({ label, action }) => `${label} == TRUE /\\ ${action}`),
    `NamedNext ==\n${instances.map(({ label }) => `  \\/ ${label}`).join("\n")}`,
    "NamedSpec == Init /\\ [][NamedNext]_vars",
    "====",
    "",
  ].join("\n");
}

/** The thread and the step of an edge's label. */
export function parseLabel(label: string): { step: string; thread: number } {
  const match = /^(\w+)_(\d+)$/.exec(label);
  if (match?.[1] === undefined)
    throw new BadInputError(`The state graph has an edge without a thread: "${label}"`);
  return { step: match[1], thread: Number(match[2]) };
}
