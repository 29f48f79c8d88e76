import { describe, expect, it } from "vitest";
import { compileTest } from "../litmus/compile.js";
import { parseLitmus } from "../litmus/parser.js";
import type { OrderResult, Outcome } from "../litmus/result.js";
import type { End, Tally, Told } from "./child.js";
import { judgeTally, orderOf } from "./verdict.js";

const test = compileTest(
  parseLitmus(`C T
{ int *p = &a; int a = 1; int b = 2; }
P0(int **p, int *b) { WRITE_ONCE(*p, b); }
P1(int **p) { int *r; int s; r = READ_ONCE(*p); s = READ_ONCE(*r); }
filter (1:s!=9)
exists (1:r=a /\\ 1:s=2)
`),
);
const machine = (...outcomes: Outcome[]): OrderResult => ({
  order: "tso",
  reachable: false,
  outcomes,
  ends: true,
  states: 1,
  positive: 0,
  negative: outcomes.length,
  observation: "Never",
  validated: false,
});
const ALLOWED = machine({ "1:r": "&a", "1:s": 1 }, { "1:r": "&b", "1:s": 2 });
const told = (count: number, first: number, ...values: string[]): Told => ({ count, first, values });
/** The words are p, b, a: an address is told by the number of its word. */
const OLD = told(5, 0, "&2", "1");
const BAD = told(1, 77, "&2", "2");
const tally = (...outcomes: Told[]): Tally => ({ rounds: 100, seconds: 1, outcomes, lost: 0 });
const ended = { kind: "ended" } as const;
const verdict = (seen: Tally, end: End = ended, by: Parameters<typeof judgeTally>[1] = ALLOWED) =>
  judgeTally(test, by, { tally: seen, end });

describe("what was seen", () => {
  it("is ok where the machine allows it, and what it allows need not be seen", () => {
    const judged = verdict(tally(OLD));
    expect(judged.verdict).toBe("ok");
    expect(judged.outcomes).toEqual([
      { outcome: { "1:r": "&a", "1:s": 1 }, machine: "allowed", count: 5, firstRound: 0, positive: false },
      { outcome: { "1:r": "&b", "1:s": 2 }, machine: "allowed", count: 0, positive: false },
    ]);
    expect(judged.condition).toEqual({ machine: "forbidden", count: 0 });
  });

  it("is a violation where the machine forbids it: how often, in which round, and the state", () => {
    const judged = verdict(tally(OLD, BAD));
    expect(judged.verdict).toBe("violated");
    expect(judged.outcomes).toContainEqual({
      outcome: { "1:r": "&a", "1:s": 2 },
      machine: "forbidden",
      count: 1,
      firstRound: 77,
      positive: true,
    });
    expect(judged.condition).toEqual({ machine: "forbidden", count: 1 });
  });

  it("is a violation also of a program that crashed, hung or was stopped later", () => {
    for (const kind of ["crashed", "hung"] as const)
      expect(verdict(tally(BAD), { kind, message: "x" }).verdict).toBe("violated");
    expect(verdict(tally(BAD), { kind: "stopped" }).verdict).toBe("violated");
  });

  it("is never a pass when it is not certain", () => {
    const unknown = { message: "it has more than 5 states" };
    expect(verdict(tally(OLD), ended, unknown)).toMatchObject({
      verdict: "undecided",
      reason: unknown.message,
    });
    expect(verdict(tally(OLD, BAD), ended, unknown).outcomes.map((one) => one.machine)).toEqual([
      "undecided",
      "undecided",
    ]);
    expect(verdict(tally(OLD), { kind: "crashed", message: "SIGSEGV" })).toMatchObject({
      verdict: "crashed",
      reason: "SIGSEGV",
    });
    expect(verdict(tally(OLD), { kind: "hung", message: "x" }).verdict).toBe("hung");
    expect(verdict(tally(OLD), { kind: "starved", message: "x" }).verdict).toBe("undecided");
    expect(verdict(tally(OLD), { kind: "crashed", message: "SIGFPE" }, unknown).reason).toBe(
      "SIGFPE (on the machine: it has more than 5 states)",
    );
    expect(verdict(tally(OLD), { kind: "refused", message: "x" }).verdict).toBe("undecided");
    expect(verdict(tally(OLD), { kind: "stopped" }).verdict).toBe("stopped");
    expect(verdict({ ...tally(OLD), lost: 1 }).verdict).toBe("undecided");
    expect(verdict({ ...tally(), rounds: 0 }).verdict).toBe("undecided");
  });

  it("leaves out what the filter leaves out", () => {
    const judged = verdict(tally(OLD, told(3, 1, "&2", "9")));
    expect(judged).toMatchObject({ verdict: "ok", filtered: 3 });
  });
});

describe("the memory order of a processor", () => {
  it("is tso on x86-64, weak on what reorders more, and none where we know nothing", () => {
    expect(["x64", "arm64", "riscv64", "ppc64", "s390x"].map(orderOf)).toEqual([
      "tso",
      "weak",
      "weak",
      "weak",
      undefined,
    ]);
  });
});
