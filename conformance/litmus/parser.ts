import { refuseArray } from "./c-expressions.js";
import { parseCondition, parseConstant, parseLocations, parsePlace, parseProposition } from "./condition.js";
import { LitmusError, tokenise } from "./lexer.js";
import { Reader } from "./reader.js";
import { parseBlock, unknownType } from "./statements.js";
import type { Constant, Initial, Litmus, Place, Proposition, Thread } from "./syntax.js";
import type { CType } from "./types.js";
import { readType } from "./types.js";

/** No published test has more; the machine takes fewer (batch.ts). */
const MOST_THREADS = 64;

/**
 * Reads a litmus test in the kernel's C format. Throws LitmusError with line and column: a test is read as a whole or
 * not at all.
 */
export function parseLitmus(text: string): Litmus {
  refuseAssembly(text);
  const tokens = new Reader(tokenise(text));
  if (!tokens.is("C")) tokens.fail('"C" (a litmus test in C begins with it, then its name)');
  tokens.next();
  const name = tokens.name("the name of the test").text;
  const initial = parseInitial(tokens);
  const threads: Thread[] = [];
  while (/^P\d+$/.test(tokens.peek().text)) threads.push(parseThread(tokens, threads.length));
  if (threads.length === 0) tokens.fail("a thread, P0(...) { ... }");
  const locations: Place[] = [];
  let filter: Proposition | undefined;
  for (;;) {
    if (tokens.is("locations")) locations.push(...parseLocations(tokens));
    else if (tokens.is("filter")) {
      tokens.next();
      filter = parseProposition(tokens);
    } else break;
  }
  const condition = parseCondition(tokens);
  if (tokens.peek().kind !== "end") tokens.fail("the end of the file");
  const declared = declaredResult(text);
  return {
    name,
    initial,
    threads,
    locations,
    ...(filter && { filter }),
    ...condition,
    ...(declared !== undefined && { declared }),
  };
}

/** Languages of litmus tests that are not C, as herd names them. */
const ASSEMBLY: ReadonlySet<string> = new Set(
  ["X86", "X86_64", "AArch64", "ARM", "PPC", "RISCV", "MIPS", "LISA", "BPF", "ASL", "CPP11", "OpenCL"].map(
    (name) => name.toUpperCase(),
  ),
);

/** A test in another language is refused as that, before its first strange letter is. */
function refuseAssembly(text: string): void {
  const [before = ""] = /^\s*\w+/.exec(text) ?? [];
  const [first] = tokenise(before);
  if (first === undefined || !ASSEMBLY.has(first.text.toUpperCase())) return;
  const hint = 'Those begin with "C" and the name of the test: quiesce litmus --help has one.';
  throw new LitmusError(`this test is written for ${first.text}; only those in C are read`, first, hint);
}

/** `Result: Never` in a comment, as in the kernel's own tests. */
function declaredResult(text: string): Litmus["declared"] {
  const found = /(?:^|[\n*])[ \t*]*Result:[ \t]*(Never|Sometimes|Always)\b/.exec(text)?.[1];
  return found as Litmus["declared"];
}

function parseInitial(tokens: Reader): Initial[] {
  const initial = new Map<string, Initial>();
  tokens.expect("{", "before the initial values");
  while (!tokens.take("}")) {
    if (tokens.take(";")) continue;
    const type = readType(tokens);
    if (tokens.peek().kind === "name" && tokens.peek(1).kind === "name") unknownType(tokens);
    const place = parsePlace(tokens);
    refuseArray(tokens);
    const value: Constant = tokens.take("=")
      ? parseConstant(tokens)
      : { kind: "number", value: 0n, at: place.at };
    const key = `${place.thread ?? ""}:${place.name}`;
    if (initial.has(key)) throw new LitmusError(`${place.name} already has an initial value`, place.at);
    initial.set(key, { place, value, ...(type !== undefined && { type }) });
    if (!tokens.is("}")) tokens.expect(";");
  }
  return [...initial.values()];
}

function parseThread(tokens: Reader, number: number): Thread {
  const at = tokens.next();
  if (at.text !== `P${number}`)
    throw new LitmusError(`the threads are P0, P1, ...: P${number} is missing`, at);
  if (number >= MOST_THREADS)
    throw new LitmusError(
      `there are more than ${MOST_THREADS} threads, P${MOST_THREADS - 1} being the last`,
      at,
    );
  tokens.expect("(");
  const parameters: { name: string; type: CType; at: typeof at }[] = [];
  while (!tokens.take(")")) {
    if (parameters.length > 0) tokens.expect(",");
    const type = readType(tokens) ?? unknownType(tokens);
    if (parameters.length === 0 && tokens.take(")")) break;
    const name = tokens.name("the name of a word");
    if (parameters.some((one) => one.name === name.text))
      throw new LitmusError(`"${name.text}" is already a parameter`, name);
    parameters.push({ name: name.text, type, at: name });
  }
  return { parameters, body: parseBlock(tokens), at };
}
