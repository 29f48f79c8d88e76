import type { CompiledTest } from "../litmus/compile.js";
import { placeText } from "../litmus/condition.js";
import { callsIn } from "../litmus/expressions.js";
import { LitmusError } from "../litmus/lexer.js";
import { kept } from "../litmus/numbers.js";
import { refuseAddressArithmetic } from "./addresses.js";
import { domainNames, threadText } from "./body.js";
import { numberInC } from "./c-values.js";
import { FUNCTIONS } from "./functions.js";
import { harmless } from "./names.js";

/** A program that runs a test: its C, and what its figures stand for. */
export interface Program {
  /** The C, which needs native/silicon/run.h. */
  readonly text: string;
  /** The places of an outcome, in the order in which the program prints them: 0:r0, x. */
  readonly places: readonly string[];
  /** The words, in the order by which the program calls their addresses: &0, &1. */
  readonly words: readonly string[];
  /** What of the library in native/src it needs. */
  readonly needs: Needs;
}

export type Needs = "nothing" | "membarrier" | "library";

/** How deep a thread's sections may be, one in the other: QS_DEEPEST of native/silicon/rcu.h. */
const DEEPEST = 128;

/**
 * Makes a C program from a test as it was parsed: nothing of the file's text gets into it but numbers, and names behind
 * a prefix.
 *
 * @throws LitmusError, with its place, for what can't be run
 */
export function programOf(test: CompiledTest): Program {
  const { litmus, locals, watched, names } = test;
  refuseAddressArithmetic(litmus);
  for (const { body } of litmus.threads) {
    const locks = callsIn(body).filter(({ name }) => /rcu_(read_lock|down_read)$/.test(name));
    const [deepest] = locks.slice(DEEPEST);
    if (deepest) throw new LitmusError(`this thread enters more than ${DEEPEST} sections`, deepest.at);
  }
  const words = [...names.values()].map((name) => name.slice(1));
  const domains = domainNames(litmus);
  const calls = litmus.threads.flatMap(({ body }) => callsIn(body));
  const bodies = litmus.threads.map((_, n) =>
    threadText(test, n, { words, domains, results: (locals[n] ?? []).map(({ name }) => name) }),
  );
  const entries = [
    ...locals.flatMap((own, thread) =>
      own.map(({ name }, index) => placeEntry(`${thread}:${harmless(name)}`, thread, index)),
    ),
    ...watched.map((name) => placeEntry(harmless(name), -1, words.indexOf(name))),
  ];
  const tables = [
    table(
      "void (*const bodies[])(const struct qs_round *)",
      litmus.threads.map((_, n) => `qs_thread_${n}`),
    ),
    table(
      "const uint32_t results[]",
      locals.map((own) => `${own.length}`),
    ),
    table(
      "const struct qs_initial initial[]",
      words.map((word) => initialText(test, word, words)),
      "{ false, 0 }",
    ),
    table(
      "const char *const word_names[]",
      words.map((word) => `"${harmless(word)}"`),
    ),
    table("const struct qs_place outcome[]", entries, '{ "", -1, 0 }'),
  ];
  const callsMembarrier = calls.some(({ name }) => name === "smp_memb");
  const text = `/* Made by "quiesce litmus --run --emit" from the litmus test ${harmless(litmus.name)}. */
#include "run.h"
${domains.length > 0 ? '#include "rcu.h"\n' : ""}${callsMembarrier ? '#include "memb.h"\n' : ""}
${QUIET}
${bodies.join("\n")}
${tables.join("")}
static const struct qs_test test = {
	.name = "${harmless(litmus.name)}",
	.threads = ${litmus.threads.length},
	.words = ${words.length},
	.places = ${entries.length},
	.domains = ${domains.length},
	.bodies = bodies,
	.results = results,
	.initial = initial,
	.word_names = word_names,
	.outcome = outcome,
	.slow = ${calls.some(({ name }) => FUNCTIONS.get(name)?.systemCall === true)},
	.readers = ${domains.length > 0 ? "&qs_readers_of_library" : "NULL"},
	.membarrier_usable = ${callsMembarrier ? "qs_memb_usable" : "NULL"},
};

int main(int argc, char **argv)
{
	return qs_run(&test, argc, argv);
}
`;
  return {
    text,
    places: [...locals.flat(), ...watched.map((name) => ({ name }))].map(placeText),
    words,
    needs: domains.length > 0 ? "library" : callsMembarrier ? "membarrier" : "nothing",
  };
}

/** A test may compare what is always the same, and assign a local to itself, as its author wrote it. */
const QUIET = `#pragma GCC diagnostic ignored "-Wtautological-compare"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wself-assign"
#else
#pragma GCC diagnostic ignored "-Wbool-compare"
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
#endif
`;

/** C has no empty arrays: one without rows gets a row that nobody reads. */
function table(declaration: string, rows: readonly string[], none = "0"): string {
  const all = rows.length > 0 ? rows : [none];
  return `static ${declaration} = {\n${all.map((row) => `\t${row},\n`).join("")}};\n`;
}

function initialText(test: CompiledTest, word: string, words: readonly string[]): string {
  const value = test.litmus.initial.find(
    ({ place }) => place.thread === undefined && place.name === word,
  )?.value;
  if (value?.kind !== "address")
    return `{ false, ${numberInC(kept(value?.value ?? 0n, test.typeOf({ name: word })) ?? 0)} }`;
  return `{ true, ${words.indexOf(value.name)} }`;
}

function placeEntry(name: string, thread: number, index: number): string {
  return `{ "${name}", ${thread}, ${index} }`;
}
