import { type ModuleFile, mentionedModules, withoutComments } from "../../spec/tlc/claim/modules.js";
import type { Violation } from "./rules.js";

/** What a claim promises, and which of it its model is declared to break. */
export interface Promised {
  readonly id: string;
  /** The names under INVARIANT and PROPERTY. */
  readonly promises: readonly string[];
  /** The one that is declared to be violated; none in a claim that holds. */
  readonly violates?: string;
  /** Its module, first, and those that this depends on. */
  readonly modules: readonly ModuleFile[];
}

/** Promises that no claim need break, and why. */
export interface Exempt {
  readonly name: RegExp;
  readonly reason: string;
}

const EXEMPT: readonly Exempt[] = [
  {
    name: /TypeOK$/,
    reason:
      "it says which values the variables have, so what breaks it is a slip of the model and not of what it models",
  },
];

/**
 * Every promise that some claim keeps is broken by the model of another: what nothing breaks may be true of anything. A
 * promise is a name and the module that defines it, since two modules may well give a name to promises of their own.
 */
export function unbrokenPromises(
  claims: readonly Promised[],
  exempt: readonly Exempt[] = EXEMPT,
): Violation[] {
  const kept = new Map<string, string>();
  const broken = new Set<string>();
  for (const { id, promises, violates, modules } of claims) {
    const closed = new Map(modules.map((file) => [file.name, file]));
    const start = modules[0]?.name ?? "";
    for (const name of promises) {
      const promise = `${definingModule(name, start, closed) ?? start}: ${name}`;
      if (name === violates) broken.add(promise);
      else if (!kept.has(promise)) kept.set(promise, id);
    }
  }
  const unbroken = [...kept].filter(([promise]) => !broken.has(promise));
  const isExempt = (promise: string): boolean => exempt.some(({ name }) => name.test(promise));
  return [
    ...unbroken
      .filter(([promise]) => !isExempt(promise))
      .map(([promise, id]) => ({
        where: promise,
        reason: `${id} keeps it, and no claim's Violates names it`,
      })),
    ...exempt
      .filter(({ name }) => !unbroken.some(([promise]) => name.test(promise)))
      .map(({ name }) => ({ where: String(name), reason: "no promise needs this exception" })),
  ];
}

/** The module that defines an operator: the given one, or the first that it EXTENDS. */
function definingModule(
  operator: string,
  start: string,
  modules: ReadonlyMap<string, ModuleFile>,
): string | undefined {
  const seen = new Set<string>();
  const queue = [start];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const text = modules.get(name)?.text;
    if (text === undefined || seen.has(name)) continue;
    seen.add(name);
    if (new RegExp(`^${operator}\\s*==`, "m").test(codeOf(text))) return name;
    queue.push(...mentionedModules(text, "EXTENDS"));
  }
  return undefined;
}

const codes = new Map<string, string>();
function codeOf(text: string): string {
  const code = codes.get(text) ?? withoutComments(text);
  codes.set(text, code);
  return code;
}
