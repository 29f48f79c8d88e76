import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Event, Mode } from "./state.js";
import type { Processor } from "./walk.js";

/** The words of the protocol: what each place of a read side stands for. */
export type Role = "announced" | "gp address" | "gp" | "notice" | "head" | "cell";

/** Where a reader's fields are; the source that is compiled asserts it. */
export const OFFSETS = { announced: 0, gp: 8, notice: 16 } as const;

/** The C of a section, for a function that takes a reader and the pointer, and knows of a domain. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ["reader", "announced"],
  [`reader+${OFFSETS.gp}`, "gp address"],
  [`reader+${OFFSETS.notice}`, "notice"],
  [`[reader+${OFFSETS.gp}]`, "gp"],
  ["domain", "gp"],
  ["head", "head"],
  ["[head]", "cell"],
]);

/** One step of a section as compiled. */
export type Step =
  | { readonly is: "load"; readonly role: Role; readonly mode: Mode }
  /** What is stored: a number, or what the last load of gp has given. */
  | { readonly is: "store"; readonly role: Role; readonly mode: Mode; readonly value: number | "gp" }
  | { readonly is: "fence" | "locked" }
  | { readonly is: "call"; readonly callee: string }
  /** Goes on if what was last loaded from there was zero, or wasn't; perhaps only some of its bits. */
  | { readonly is: "branch"; readonly role: Role; readonly zero: boolean; readonly mask?: number };

/** Finds out what each access is for. Throws BadInputError for one that a read side does not have. */
export function stepsOf(events: readonly Event[]): Step[] {
  const roleAt = (place: string, text: string): Role => {
    const role = ROLES.get(place);
    if (role === undefined)
      throw new BadInputError(`an access to ${place}, which no step of a section has: ${text}`);
    return role;
  };
  const loaded = (index: number): Role => {
    const event = events[index];
    if (event?.is !== "load") throw new BadInputError(`event ${index} is no load`);
    return roleAt(event.place, event.text);
  };
  return events.map((event): Step => {
    switch (event.is) {
      case "load":
        return { is: "load", role: roleAt(event.place, event.text), mode: event.mode };
      case "store": {
        const { value } = event;
        const role = roleAt(event.place, event.text);
        if (value?.base === "") return { is: "store", role, mode: event.mode, value: value.offset };
        if (value?.load === undefined || value.offset !== 0 || loaded(value.load) !== "gp")
          throw new BadInputError(`it stores something else than a number or gp: ${event.text}`);
        return { is: "store", role, mode: event.mode, value: "gp" };
      }
      case "branch": {
        const { zero, mask } = event;
        return { is: "branch", role: loaded(event.load), zero, ...(mask !== undefined && { mask }) };
      }
      case "call":
        return { is: "call", callee: event.callee };
      default:
        return { is: event.is };
    }
  });
}

/** A step in words: "load head", "announced <- gp (release)". */
export function show(step: Step): string {
  const mode = "mode" in step && step.mode !== "plain" ? ` (${step.mode})` : "";
  switch (step.is) {
    case "load":
      return `load ${step.role}${mode}`;
    case "store":
      return `${step.role} <- ${step.value}${mode}`;
    case "branch":
      return `${step.role}${step.mask === undefined ? "" : ` & ${step.mask}`} ${step.zero ? "==" : "!="} 0`;
    case "call":
      return `call ${step.callee}`;
    default:
      return step.is;
  }
}

/** The hot path: each branch found zero, so no section was open, and nobody waits. There is exactly one. */
export function hotPath(paths: readonly (readonly Step[])[]): readonly Step[] {
  const hot = paths.filter((steps) => steps.every((step) => step.is !== "branch" || step.zero));
  const [only, second] = hot;
  if (only === undefined || second !== undefined)
    throw new BadInputError(`${hot.length} paths are hot, not one`);
  return only;
}

const FREE = (step: Step): boolean => step.is !== "load" || step.role !== "gp address";

/** Without what no order matters of: the address of gp, which never changes. */
export const ordered = (steps: readonly Step[]): Step[] => steps.filter(FREE);

/** How a read side differs from another. */
export interface Shape {
  /** It looks first whether a section is open. */
  readonly nests: boolean;
  /** It has full fences at A and C. */
  readonly fences: boolean;
  /** It finds out at run time whether to have one at A, from bits of the notice. */
  readonly asks: boolean;
}

/**
 * The ways through a section that the specification allows, in words, the hot one first. Whatever else the compiler
 * makes of it is wrong.
 */
export function allowedPaths({ nests, fences, asks }: Shape, processor: Processor): string[][] {
  // On x86-64 each store releases.
  const release = processor === "arm64" ? " (release)" : "";
  const fence = fences ? ["fence"] : [];
  const mask = fences ? " & 1" : "";
  const begin = [
    ...(nests ? ["load announced", "announced == 0"] : []),
    "load gp",
    `announced <- gp${release}`,
  ];
  const use = ["load head", "load cell"];
  const end = [...use, `announced <- 0${release}`, ...fence, "load notice"];
  const ask = (bits: string): string[] => (asks ? ["load notice", `notice & 2 ${bits} 0`] : []);
  const answered = [`notice${mask} != 0`, "call qs_answer_notice"];
  const hot = [...begin, ...ask("=="), ...fence, ...end];
  const paying = asks ? [[...begin, ...ask("!="), "fence", ...end]] : [];
  return [
    [...hot, `notice${mask} == 0`],
    [...hot, ...answered],
    ...paying.flatMap((path) => [
      [...path, "notice == 0"],
      [...path, ...answered],
    ]),
    ...(nests ? [["load announced", "announced != 0", ...use]] : []),
  ];
}

/** The words of a path's steps, without those that no order matters of. */
export const words = (steps: readonly Step[]): string[] => ordered(steps).map(show);

/** What is wrong with the ways through a section; nothing where each is allowed and none is missing. */
export function wrongWith(paths: readonly (readonly Step[])[], shape: Shape, processor: Processor): string[] {
  const allowed = new Set(allowedPaths(shape, processor).map((path) => path.join("; ")));
  const found = new Set(paths.map((path) => words(path).join("; ")));
  return [
    ...[...found].filter((path) => !allowed.has(path)).map((path) => `not allowed: ${path}`),
    ...[...allowed].filter((path) => !found.has(path)).map((path) => `missing: ${path}`),
  ];
}
