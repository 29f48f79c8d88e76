import type { Path, Shared } from "./branches.js";
import { type Instruction, instructionText, takenBy } from "./code.js";
import { constantsOf, placesOf } from "./condition.js";
import { domainsOf } from "./domains.js";
import { childrenOf, expressionsOf } from "./expressions.js";
import { type Formula, formulaText, num, registersOf } from "./formula.js";
import { LitmusError, type Token } from "./lexer.js";
import { kept, numberText, OUT_OF_RANGE } from "./numbers.js";
import { addressArgument, OF_WORDS } from "./operations.js";
import { domainWords } from "./rcu.js";
import type { Constant, Expr, Litmus, Place } from "./syntax.js";
import { localsOf, pathsOf, typesIn } from "./thread.js";
import { type CType, INT, LONG, pointee, shape, typeText } from "./types.js";

/** One way through a thread: straight-line code, and the values that are looked at when it has ended. */
export interface CompiledPath {
  readonly code: readonly Instruction[];
  readonly finals: readonly Formula[];
}

/** A litmus test as programs: in the form that module Batch takes, and as data, for the axioms. */
export interface CompiledTest {
  readonly litmus: Litmus;
  /** A record of TLA+. */
  readonly text: string;
  /** What that record says: each thread's paths, and the memory before the first instruction. */
  readonly paths: readonly (readonly CompiledPath[])[];
  readonly memory: ReadonlyMap<string, number>;
  /** What an outcome holds, in order: each thread's finals, of which the last is its fault, then the words. */
  readonly locals: readonly (readonly Place[])[];
  readonly watched: readonly string[];
  /** The places where threads followed something that is not an address; fault n is the n-th of its thread. */
  readonly faults: readonly (readonly Token[])[];
  /** The words, `&x`, by the numbers that stand for their addresses, and those of them that a value may be. */
  readonly names: ReadonlyMap<number, string>;
  readonly held: ReadonlyMap<number, string>;
  /** What each word is; what a thread's parameters and locals are; and what a place that the test names is. */
  readonly types: ReadonlyMap<string, CType>;
  readonly typesOf: (thread: number) => ReadonlyMap<string, CType>;
  readonly typeOf: (place: Pick<Place, "thread" | "name">) => CType;
}

/** Words are as far apart as cache lines. */
const APART = 64;
/** Where the addresses begin: at the first of these that leaves a gap to every number in the test. */
const FIRST_ADDRESSES = Array.from({ length: 30 }, (_, n) => 2 ** 30 + n * 2 ** 25);

/**
 * Turns a test into programs of the machine. Throws LitmusError where the test uses something that the machine lacks.
 */
export function compileTest(litmus: Litmus): CompiledTest {
  const words = wordsOf(litmus);
  const types = typesOfWords(litmus, words);
  const first = firstAddress(litmus);
  const addresses = new Map([...words.keys()].map((word, n) => [word, first + APART * n]));
  const value = (c: Constant, type: CType): number =>
    c.kind === "number" ? initialNumber(c, type) : (addresses.get(c.name) ?? 0);
  const pointees = pointeesOf(litmus).filter((word) => words.has(word));
  checkPlaces(litmus, words, pointees);
  const shared: Shared = {
    addresses,
    pointees,
    types,
    domains: domainsOf(litmus.threads),
  };
  const places = uniquePlaces(litmus);
  const threadTypes = litmus.threads.map(typesIn);
  const faults: Token[][] = [];
  const programs: CompiledPath[][] = [];
  const threads = litmus.threads.map((thread, n) => {
    const typed = typesIn(thread);
    const initial = new Map(
      litmus.initial.flatMap(({ place, value: v }) =>
        place.thread === n ? [[place.name, value(v, typed.get(place.name) ?? LONG)] as const] : [],
      ),
    );
    const paths = pathsOf(thread, n, shared, initial);
    faults.push(paths.flatMap(({ fault }) => fault ?? []));
    const mine = places.filter((place) => place.thread === n);
    const own = paths.map((path) => compiledPath(path, mine, faults[n] ?? []));
    programs.push(own);
    return `P${n} |-> <<${own.map(pathText).join(",\n      ")}>>`;
  });
  // Module Machine refers to other threads; one that does nothing changes nothing.
  if (threads.length === 1) threads.push('P1 |-> <<[program |-> <<>>, finals |-> << <<"num", 0>> >>]>>');
  const memory = new Map<string, number>(
    [...words].map(([word, constant]) => [word, value(constant, types.get(word) ?? INT)]),
  );
  for (const [name, domain] of shared.domains)
    for (const [word, zero] of domainWords(name, domain)) memory.set(word, zero);
  const watched = places.flatMap((place) => (place.thread === undefined ? [place.name] : []));
  const wordsText = [...memory].map(([word, number]) => `"${word}" :> ${numberText(number)}`).join(" @@ ");
  return {
    litmus,
    text: `[threads |-> [${threads.join(",\n    ")}],
   words |-> ${memory.size === 0 ? "NoMemory" : `(${wordsText})`},
   watched |-> <<${watched.map((word) => `"${word}"`).join(", ")}>>]`,
    paths: programs,
    memory,
    locals: litmus.threads.map((_, n) => places.filter((place) => place.thread === n)),
    watched,
    faults,
    names: new Map([...addresses].map(([word, address]) => [address, `&${word}`])),
    held: new Map(pointees.map((word) => [addresses.get(word) ?? 0, `&${word}`])),
    types,
    typesOf: (thread) => threadTypes[thread] ?? new Map(),
    typeOf: ({ thread, name }) =>
      thread === undefined ? (types.get(name) ?? INT) : (threadTypes[thread]?.get(name) ?? LONG),
  };
}

function compiledPath(path: Path, locals: readonly Place[], faults: readonly Token[]): CompiledPath {
  // One that ends at a fault has registers that were never loaded.
  const finalOf = (name: string): Formula =>
    path.fault === undefined ? (path.locals.get(name) ?? valueOfParameter(path, name)) : num(0);
  const finals: Formula[] = locals.map(({ name }) => finalOf(name));
  finals.push(num(path.fault === undefined ? 0 : faults.indexOf(path.fault) + 1));
  return { code: path.code, finals };
}

function pathText({ code: instructions, finals }: CompiledPath): string {
  const used = new Set([...instructions.flatMap(takenBy), ...finals.flatMap(registersOf)]);
  const code = instructions.map((i) => instructionText(i, used));
  const program = code.length === 0 ? "<<>>" : code.join("\n        \\o ");
  return `[program |-> ${program},\n       finals |-> <<${finals.map(formulaText).join(", ")}>>]`;
}

/** A condition may name a parameter, which holds the address of its word. */
function valueOfParameter(path: Path, name: string): Formula {
  return num(path.shared.addresses.get(name) ?? 0);
}

/** Words with initial values, parameters, and words whose addresses are initial values; with their initial values. */
function wordsOf(litmus: Litmus): Map<string, Constant> {
  const words = new Map<string, Constant>();
  for (const { parameters } of litmus.threads)
    for (const { name, at } of parameters) words.set(name, { kind: "number", value: 0n, at });
  for (const { value } of litmus.initial)
    if (value.kind === "address") words.set(value.name, { kind: "number", value: 0n, at: value.at });
  for (const { place, value } of litmus.initial) if (place.thread === undefined) words.set(place.name, value);
  return words;
}

/** What each word is: as the threads have it, or its declaration with an initial value. */
function typesOfWords(litmus: Litmus, words: ReadonlyMap<string, Constant>): Map<string, CType> {
  const types = new Map<string, CType>();
  for (const [n, { parameters }] of litmus.threads.entries())
    for (const { name, type, at } of parameters) {
      const word = pointee(type);
      const known = types.get(name);
      if (known === undefined || isOpaque(known)) types.set(name, word);
      else if (!isOpaque(word) && shape(known).bits !== shape(word).bits)
        throw new LitmusError(`"${name}" is ${typeText(word)} in P${n}, and ${typeText(known)} before`, at);
    }
  for (const { place, type } of litmus.initial)
    if (place.thread === undefined && type !== undefined && !types.has(place.name))
      types.set(place.name, type);
  // A word that has no type anywhere is reached by pointers alone, and holds what they say.
  for (const word of words.keys()) if (!types.has(word)) types.set(word, LONG);
  return types;
}

const isOpaque = (type: CType): boolean => type.kind === "int" && type.opaque === true;

function initialNumber({ value, at }: Extract<Constant, { kind: "number" }>, type: CType): number {
  const number = kept(value, type);
  if (number === undefined) throw new LitmusError(OUT_OF_RANGE, at);
  return number;
}

/** Addresses are numbers to the machine; none of the test's own may be one by chance. */
function firstAddress(litmus: Litmus): number {
  const inCode = litmus.threads.flatMap(({ body }) => expressionsOf(body).flatMap(numbersIn));
  const { condition, filter } = litmus;
  const constants = [
    ...litmus.initial.map(({ value }) => value),
    ...constantsOf(condition),
    ...(filter === undefined ? [] : constantsOf(filter)),
  ].flatMap((c) => (c.kind === "number" ? [Number(c.value)] : []));
  const numbers = [...inCode, ...constants];
  const gap = 2 ** 24;
  const free = FIRST_ADDRESSES.find((first) => numbers.every((n) => n < first - gap || n > first + gap));
  return free ?? (FIRST_ADDRESSES[0] as number);
}

function numbersIn(e: Expr): number[] {
  return [...(e.kind === "number" ? [e.value] : []), ...childrenOf(e).flatMap(numbersIn)];
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
  for (const place of uniquePlaces(litmus)) checkPlace(place, litmus, words);
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

function checkPlace(place: Place, { threads, initial }: Litmus, words: ReadonlyMap<string, Constant>): void {
  if (place.thread === undefined) {
    if (words.has(place.name)) return;
    const hint = "Write a thread's local with its thread: 0:r1.";
    throw new LitmusError(`"${place.name}" is not a word of this test`, place.at, hint);
  }
  const thread = threads[place.thread];
  if (thread === undefined) throw new LitmusError(`there is no thread P${place.thread}`, place.at);
  // A local may have a value from the start, and never be assigned.
  const given = initial.flatMap((one) => (one.place.thread === place.thread ? [one.place.name] : []));
  const known = [...localsOf(thread.body), ...given, ...thread.parameters.map(({ name }) => name)];
  if (known.includes(place.name)) return;
  const hint = `It has ${[...new Set(known)].join(", ") || "none"}.`;
  throw new LitmusError(`P${place.thread} has no local "${place.name}"`, place.at, hint);
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
