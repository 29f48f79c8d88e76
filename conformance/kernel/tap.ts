import { EnvironmentError } from "../../spec/tlc/base/errors.js";

/** One test of the program, as its line of TAP says. */
export interface TapTest {
  readonly name: string;
  readonly result: "passed" | "failed" | "gap" | "inconclusive";
  /** The claim of a gap, or why it is inconclusive. */
  readonly why?: string;
  /** What a failed test saw, by key. */
  readonly details: ReadonlyMap<string, string>;
}

/** All that the program said. */
export interface Tap {
  readonly tests: readonly TapTest[];
  /** Its lines "# key: text", in order. */
  readonly notes: readonly (readonly [key: string, text: string])[];
}

const TEST = /^(not ok|ok) (\d+) - (.*?)(?: # (TODO gap|inconclusive): (.*))?$/;
const NOTE = /^# ([a-z]+): (.*)$/;
const DETAIL = /^ {2}([a-z]+): ?(.*)$/;

/**
 * Reads the program's output.
 *
 * @throws EnvironmentError when it is not whole: a test that is missing must not count as one that passed
 */
export function readTap(text: string): Tap {
  const tests: (TapTest & { readonly details: Map<string, string> })[] = [];
  const notes: [string, string][] = [];
  let planned: number | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const where = `line ${index + 1} of its output`;
    const test = TEST.exec(line);
    if (test !== null) {
      const [, word, number, name = "", mark, why] = test;
      if (Number(number) !== tests.length + 1) throw broken(`${where} has the number ${number}`);
      if (word === "ok" && mark !== undefined) throw broken(`${where} both passes and does not`);
      const result =
        word === "ok"
          ? "passed"
          : mark === undefined
            ? "failed"
            : mark === "inconclusive"
              ? "inconclusive"
              : "gap";
      tests.push({ name, result, ...(why !== undefined && { why }), details: new Map() });
      continue;
    }
    const note = NOTE.exec(line);
    if (note !== null) notes.push([note[1] ?? "", note[2] ?? ""]);
    const detail = DETAIL.exec(line);
    if (detail !== null) tests.at(-1)?.details.set(detail[1] ?? "", unquoted(detail[2] ?? "", where));
    const plan = /^1\.\.(\d+)$/.exec(line);
    if (plan !== null) planned = Number(plan[1]);
    if (
      note === null &&
      detail === null &&
      plan === null &&
      !/^(?:TAP version 13| {2}(?:---|\.\.\.)|)$/.test(line)
    )
      throw broken(`${where} is not TAP: ${line.slice(0, 80)}`);
  }
  if (planned !== tests.length)
    throw broken(planned === undefined ? "it ends early" : `it has ${tests.length} of ${planned} tests`);
  return { tests, notes };
}

/**
 * Reads what the program had printed by the time it was ended: its whole tests, without what nobody will ever finish.
 *
 * @throws EnvironmentError when that is not TAP
 */
export function readTapSoFar(text: string): Tap {
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  const from = lines.findLastIndex((line) => TEST.test(line));
  // The details of its last test may have been on their way.
  const whole =
    from >= 0 && lines.slice(from).includes("  ---") && !lines.slice(from).includes("  ...")
      ? lines.slice(0, from)
      : lines;
  const said = whole.filter((line) => !/^1\.\.\d+$/.test(line));
  const tests = said.filter((line) => TEST.test(line)).length;
  return readTap([...said, `1..${tests}`].join("\n"));
}

/** A value of YAML between double quotes, whose escapes JSON has, too. An older program did not quote it. */
function unquoted(text: string, where: string): string {
  if (!text.startsWith('"')) return text.trim();
  try {
    return String(JSON.parse(text)).trim();
  } catch {
    throw broken(`${where} has a value that is not quoted as YAML is: ${text.slice(0, 80)}`);
  }
}

function broken(what: string): EnvironmentError {
  return new EnvironmentError(`the program that asks the kernel gave no whole answer: ${what}`, {
    hint: "Run it again; if it ends early each time, please report it.",
  });
}
