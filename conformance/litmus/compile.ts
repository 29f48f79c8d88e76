import type { Path, Shared } from "./branches.js";
import { instructionText } from "./code.js";
import { constantsOf, placesOf } from "./condition.js";
import { domainsOf } from "./domains.js";
import { childrenOf, expressionsOf } from "./expressions.js";
import { type Formula, formulaText, num, registersOf } from "./formula.js";
import { LitmusError, type Token } from "./lexer.js";
import { addressArgument, OF_WORDS } from "./operations.js";
import { domainWords } from "./rcu.js";
import { LARGEST } from "./reader.js";
import type { Constant, Expr, Litmus, Place, Thread } from "./syntax.js";
import { localsOf, pathsOf } from "./thread.js";

/** A litmus test in the form that module Batch takes. */
export interface CompiledTest {
  readonly litmus: Litmus;
  /** A record of TLA+. */
  readonly text: string;
  /** What an outcome holds, in order: each thread's finals, of which the last is its fault, then the words. */
  readonly locals: readonly (readonly Place[])[];
  readonly watched: readonly string[];
  /** The places where threads followed something that is not an address; fault n is the n-th of its thread. */
  readonly faults: readonly (readonly Token[])[];
  /** The words whose addresses are values, by value. */
  readonly names: ReadonlyMap<number, string>;
}

/** The value of the first word's address: a number that no test may have. Words are as far apart as cache lines. */
const FIRST_ADDRESS = 2 ** Math.ceil(Math.log2(LARGEST + 1));
const APART = 64;

/**
 * Turns a test into programs of the machine. Throws LitmusError where the test uses something that the machine lacks.
 */
export function compileTest(litmus: Litmus): CompiledTest {
  const words = wordsOf(litmus);
  const addresses = new Map([...words.keys()].map((word, n) => [word, FIRST_ADDRESS + APART * n]));
  const value = (c: Constant): number => (c.kind === "number" ? c.value : (addresses.get(c.name) ?? 0));
  const pointees = pointeesOf(litmus).filter((word) => words.has(word));
  checkPlaces(litmus, words, pointees);
  const shared: Shared = {
    addresses,
    pointees,
    domains: domainsOf(litmus.threads),
  };
  const places = uniquePlaces(litmus);
  const faults: Token[][] = [];
  const threads = litmus.threads.map((thread, n) => {
    const initial = new Map(
      litmus.initial.flatMap(({ place, value: v }) =>
        place.thread === n ? [[place.name, value(v)] as const] : [],
      ),
    );
    const paths = pathsOf(thread, n, shared, initial);
    faults.push(paths.flatMap(({ fault }) => fault ?? []));
    const mine = places.filter((place) => place.thread === n);
    return `P${n} |-> <<${paths.map((path) => pathText(path, mine, faults[n] ?? [])).join(",\n      ")}>>`;
  });
  // Module Machine refers to other threads; one that does nothing changes nothing.
  if (threads.length === 1) threads.push('P1 |-> <<[program |-> <<>>, finals |-> << <<"num", 0>> >>]>>');
  const memory = new Map<string, number>([...words].map(([word, constant]) => [word, value(constant)]));
  for (const [name, domain] of shared.domains)
    for (const [word, first] of domainWords(name, domain)) memory.set(word, first);
  const watched = places.flatMap((place) => (place.thread === undefined ? [place.name] : []));
  const wordsText = [...memory].map(([word, first]) => `"${word}" :> ${first}`).join(" @@ ");
  return {
    litmus,
    text: `[threads |-> [${threads.join(",\n    ")}],
   words |-> ${memory.size === 0 ? "NoMemory" : `(${wordsText})`},
   watched |-> <<${watched.map((word) => `"${word}"`).join(", ")}>>]`,
    locals: litmus.threads.map((_, n) => places.filter((place) => place.thread === n)),
    watched,
    faults,
    names: new Map([...addresses].map(([word, address]) => [address, `&${word}`])),
  };
}

function pathText(path: Path, locals: readonly Place[], faults: readonly Token[]): string {
  // One that ends at a fault has registers that were never loaded.
  const finalOf = (name: string): Formula =>
    path.fault === undefined ? (path.locals.get(name) ?? valueOfParameter(path, name)) : num(0);
  const finals: Formula[] = locals.map(({ name }) => finalOf(name));
  finals.push(num(path.fault === undefined ? 0 : faults.indexOf(path.fault) + 1));
  const used = new Set([...path.taken(), ...finals.flatMap(registersOf)]);
  const code = path.code.map((i) => instructionText(i, used));
  const program = code.length === 0 ? "<<>>" : code.join("\n        \\o ");
  return `[program |-> ${program},\n       finals |-> <<${finals.map(formulaText).join(", ")}>>]`;
}

/** A condition may name a parameter, which holds the address of its word. */
function valueOfParameter(path: Path, name: string): Formula {
  return num(path.shared.addresses.get(name) ?? 0);
}

/** Words with initial values, parameters, and words whose addresses are initial values; with their initial values. */
function wordsOf(litmus: Litmus): Map<string, Constant> {
  const zero: Constant = { kind: "number", value: 0 };
  const words = new Map<string, Constant>();
  for (const { parameters } of litmus.threads) for (const { name } of parameters) words.set(name, zero);
  for (const { value } of litmus.initial) if (value.kind === "address") words.set(value.name, zero);
  for (const { place, value } of litmus.initial) if (place.thread === undefined) words.set(place.name, value);
  return words;
}

/** Each place that the condition, its filter or `locations` names, once. */
function uniquePlaces(litmus: Litmus): Place[] {
  const { condition, filter, locations } = litmus;
  const all = [...placesOf(condition), ...(filter === undefined ? [] : placesOf(filter)), ...locations];
  return [...new Map(all.map((place) => [`${place.thread ?? ""}:${place.name}`, place])).values()];
}

function checkPlaces(
  litmus: Litmus,
  words: ReadonlyMap<string, Constant>,
  pointees: readonly string[],
): void {
  for (const place of uniquePlaces(litmus)) checkPlace(place, litmus.threads, words);
  const { condition, filter } = litmus;
  for (const c of [...constantsOf(condition), ...(filter === undefined ? [] : constantsOf(filter))])
    if (c.kind === "address") checkAddress(c, words, pointees);
}

/** A word's name right of = is its address. If nothing can hold that address, it was not meant. */
function checkAddress(
  { name, at }: Extract<Constant, { kind: "address" }>,
  words: ReadonlyMap<string, Constant>,
  pointees: readonly string[],
): void {
  if (!words.has(name)) throw new LitmusError(`"${name}" is not a word of this test`, at);
  if (pointees.includes(name)) return;
  const hint = `Here "${name}" is the word's address, as in herd. Its value is [${name}].`;
  throw new LitmusError(`nothing in this test holds the address of "${name}"`, at, hint);
}

function checkPlace(place: Place, threads: readonly Thread[], words: ReadonlyMap<string, Constant>): void {
  if (place.thread === undefined) {
    if (words.has(place.name)) return;
    const hint = "Write a thread's local with its thread: 0:r1.";
    throw new LitmusError(`"${place.name}" is not a word of this test`, place.at, hint);
  }
  const thread = threads[place.thread];
  if (thread === undefined) throw new LitmusError(`there is no thread P${place.thread}`, place.at);
  const known = [...localsOf(thread.body), ...thread.parameters.map(({ name }) => name)];
  if (!known.includes(place.name))
    throw new LitmusError(`P${place.thread} has no local "${place.name}"`, place.at);
}

/** The words whose addresses are values: of other words at first, or in an expression where they are not followed. */
function pointeesOf(litmus: Litmus): string[] {
  const initial = litmus.initial.flatMap(({ value }) => (value.kind === "address" ? [value.name] : []));
  const inCode = litmus.threads.flatMap(({ parameters, body }) => {
    const names = new Set(parameters.map(({ name }) => name));
    return expressionsOf(body).flatMap((e) => addressValues(e, names));
  });
  return [...new Set([...initial, ...inCode])];
}

function addressValues(e: Expr, parameters: ReadonlySet<string>): string[] {
  if (e.kind === "address") return [e.name];
  if (e.kind === "name") return parameters.has(e.name) ? [e.name] : [];
  const followed =
    e.kind === "star" ? 0 : e.kind === "call" && !OF_WORDS.has(e.name) ? addressArgument(e.name) : undefined;
  return childrenOf(e).flatMap((child, n) =>
    n === followed && (child.kind === "name" || child.kind === "address")
      ? []
      : addressValues(child, parameters),
  );
}
