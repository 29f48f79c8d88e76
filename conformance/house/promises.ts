import type { Claim } from "../../spec/tlc/claim/claim.js";
import { oneOf } from "../../spec/tlc/claim/claim-verdict.js";
import { type Config, readConfig } from "../../spec/tlc/claim/config.js";
import { type ModuleFile, mentionedModules, withoutComments } from "../../spec/tlc/claim/modules.js";
import type { Violation } from "./rules.js";

/** What a claim promises, and which of it its model is known to break. */
export interface Promised {
  readonly id: string;
  /** The names under INVARIANT and PROPERTY. */
  readonly promises: readonly string[];
  /** The one that its model breaks; none in a claim that holds, or that does not count (see promisedBy). */
  readonly breaks?: string;
  /** Its module, first, and those that this depends on. */
  readonly modules: readonly ModuleFile[];
}

/**
 * What a claim promises. It shows that a promise can be broken if each push decides it, if it declares this one to be
 * violated and not one of several, and if it is the model that has been changed, or nothing: where a configuration puts
 * something in place of operators that the promise alone depends on, it is another promise that is broken.
 */
export function promisedBy(
  { id, config, set, declared }: Pick<Claim, "id" | "config" | "set" | "declared">,
  modules: readonly ModuleFile[],
): Promised {
  const read = readConfig(config);
  const [breaks, ...others] = declared.violates === undefined ? [] : oneOf(declared.violates);
  const counts =
    breaks !== undefined && others.length === 0 && set === "ci" && changesTheModel(read, modules);
  return {
    id,
    promises: [...read.invariants, ...read.properties],
    ...(counts && { breaks }),
    modules,
  };
}

/** Is one of the operators that a configuration replaces a part of the model's behaviour, or is none replaced? */
function changesTheModel(config: Config, modules: readonly ModuleFile[]): boolean {
  // Modules that are instances may have names of the module's own: then either will do.
  const bodies = new Map<string, string>();
  for (const [name, body] of modules.flatMap(({ text }) => definitionsIn(text)))
    bodies.set(name, `${bodies.get(name) ?? ""}${body}`);
  const put = config.assignments.filter(({ operator }) => operator === "<-");
  const replaced = put.filter(({ name }) => bodies.has(name)).map(({ name }) => name);
  if (replaced.length === 0) return true;
  const constants = new Map(
    put.filter(({ name }) => !bodies.has(name)).map(({ name, value }) => [name, value]),
  );
  const reached = new Set<string>();
  const queue = [config.specification, config.init, config.next];
  while (queue.length > 0) {
    const name = queue.pop();
    if (name === undefined || reached.has(name)) continue;
    reached.add(name);
    queue.push(...((constants.get(name) ?? bodies.get(name) ?? "").match(/[A-Za-z_]\w*/g) ?? []));
  }
  return replaced.some((name) => reached.has(name));
}

/** The operators that a module defines, by name, each with what stands between it and the next one. */
function definitionsIn(text: string): readonly [string, string][] {
  const known = definitions.get(text);
  if (known !== undefined) return known;
  const [, ...parts] = codeOf(text).split(/^(?=(?:LOCAL\s+)?[A-Za-z_]\w*(?:\([^)]*\))?\s*==)/m);
  const found = parts.map((part): [string, string] => [/^(?:LOCAL\s+)?(\w+)/.exec(part)?.[1] ?? "", part]);
  definitions.set(text, found);
  return found;
}
const definitions = new Map<string, readonly [string, string][]>();

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
  for (const { id, promises, breaks, modules } of claims) {
    const closed = new Map(modules.map((file) => [file.name, file]));
    const start = modules[0]?.name ?? "";
    for (const name of promises) {
      const promise = `${definingModule(name, start, closed) ?? start}: ${name}`;
      if (name === breaks) broken.add(promise);
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
        reason: `${id} has it, and no claim that each push decides is known to break it`,
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
