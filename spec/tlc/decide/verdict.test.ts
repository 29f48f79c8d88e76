import { describe, expect, it } from "vitest";
import type { DeclaredVerdict } from "../claim/claim-verdict.js";
import { readConfig } from "../claim/config.js";
import type { TlcReport } from "../output/report.js";
import type { Violation } from "../output/violation.js";
import { decide, type Evidence } from "./verdict.js";

const config = readConfig("SPECIFICATION Spec\nINVARIANTS Safe Typed\nPROPERTY Live\n");
const two = readConfig("SPECIFICATION Spec\nPROPERTIES Live Fair\n");

const plain: TlcReport = {
  success: false,
  errors: [],
  symmetryWithLiveness: false,
  truncated: false,
  printed: [],
  statistics: { generated: 20, distinct: 10, queue: 0 },
};
/** TLC found no error. */
const fine: Evidence = { exitCode: 0, timedOut: false, report: { ...plain, success: true } };
/** TLC found a violation. */
const broken = (exitCode: number, violated: Violation, report: Partial<TlcReport> = {}): Evidence => ({
  exitCode,
  timedOut: false,
  report: { ...plain, violated, ...report },
});
const unsafe = broken(12, { kind: "invariant", name: "Safe" });
const holds: DeclaredVerdict = { verdict: "holds", states: 10 };
const violated = (violates: string): DeclaredVerdict => ({ verdict: "violated", violates });

describe("a model that leaves something to chance", () => {
  const chance = "RandomElement";

  it("never holds, since TLC has seen one choice of many", () => {
    expect(decide({ verdict: "none-found" }, config, { ...fine, chance })).toEqual({
      verdict: "none-found",
      asDeclared: true,
    });
    expect(decide(holds, config, { ...fine, chance })).toEqual({
      verdict: "none-found",
      asDeclared: false,
      reason:
        "declared holds, but no violation was found in what RandomElement has chosen: that is none-found",
    });
    expect(decide({ verdict: "none-found" }, config, fine).reason).toBe("declared none-found, but it holds");
  });

  it("may be violated, after any number of states", () => {
    const declared = { ...violated("Safe"), states: 3 };
    expect(decide(declared, config, { ...unsafe, chance }).asDeclared).toBe(true);
  });
});

describe("a claim as declared", () => {
  it.each<[string, DeclaredVerdict, Evidence, string]>([
    ["holds", holds, fine, "holds"],
    ["a litmus outcome that does not occur", { verdict: "forbidden" }, fine, "forbidden"],
    ["a litmus outcome that occurs", { verdict: "allowed", violates: "Safe" }, unsafe, "allowed"],
    ["an invariant", violated("Safe"), unsafe, "violated"],
    [
      "a false assumption, while TLC goes on to others until the time is up",
      violated("assumption"),
      { timedOut: true, report: { ...plain, violated: { kind: "assumption" } } },
      "violated",
    ],
    ["with its states", { ...violated("Safe"), states: 10 }, unsafe, "violated"],
    ["an action property", violated("Grows"), broken(13, { kind: "action", name: "Grows" }), "violated"],
    [
      "a named temporal property",
      violated("Live"),
      broken(13, { kind: "temporal", name: "Live" }),
      "violated",
    ],
    ["a part of the only property", violated("Live"), broken(13, { kind: "action" }), "violated"],
    ["the only temporal property", violated("Live"), broken(13, { kind: "temporal" }), "violated"],
    ["a deadlock", violated("deadlock"), broken(11, { kind: "deadlock" }), "violated"],
    ["an assertion", violated("assertion"), broken(14, { kind: "assertion", message: "no" }), "violated"],
    ["an assumption", violated("assumption"), broken(10, { kind: "assumption" }), "violated"],
    ["a postcondition", violated("Many"), broken(10, { kind: "postcondition", name: "Many" }), "violated"],
    ["a named assumption", violated("Fits"), broken(10, { kind: "assumption", name: "Fits" }), "violated"],
  ])("%s", (_, declared, evidence, verdict) => {
    expect(decide(declared, config, evidence)).toEqual({ verdict, asDeclared: true });
  });
});

describe("a claim that is decided, but not as declared", () => {
  it.each<[string, DeclaredVerdict, Evidence, string, string]>([
    ["violated", holds, unsafe, "violated", "declared holds, but Safe is violated"],
    ["a deadlock", holds, broken(11, { kind: "deadlock" }), "violated", "but a deadlock is reached"],
    ["holds", violated("Safe"), fine, "holds", "declared violated, but it holds"],
    [
      "forbidden",
      { verdict: "allowed", violates: "Safe" },
      fine,
      "forbidden",
      "declared allowed, but it is forbidden",
    ],
    ["allowed", { verdict: "forbidden" }, unsafe, "allowed", "declared forbidden, but Safe is violated"],
    [
      "a deadlock of a litmus test, which is not an outcome",
      { verdict: "allowed", violates: "Safe" },
      broken(11, { kind: "deadlock" }),
      "violated",
      "declared allowed, but a deadlock is reached",
    ],
    [
      "another invariant",
      violated("Typed"),
      unsafe,
      "violated",
      "declared that Typed is violated, but Safe is violated",
    ],
    ["a kind for a name", violated("invariant"), unsafe, "violated", "but Safe is violated"],
    ["an invariant for a deadlock", violated("deadlock"), unsafe, "violated", "but Safe is violated"],
    ["another outcome", { verdict: "allowed", violates: "Typed" }, unsafe, "allowed", "but Safe is violated"],
    [
      "the temporal property for an invariant",
      violated("Safe"),
      broken(13, { kind: "temporal" }),
      "violated",
      "but Live",
    ],
    ["no declared property", { verdict: "violated" }, unsafe, "violated", "does not declare which property"],
    [
      "more states",
      { verdict: "holds", states: 9 },
      fine,
      "holds",
      "declared 9 distinct states, but there are 10",
    ],
    ["more states when violated", { ...violated("Safe"), states: 9 }, unsafe, "violated", "but there are 10"],
    [
      "no count of states",
      { ...violated("Safe"), states: 1 },
      broken(12, { kind: "invariant", name: "Safe" }, { statistics: undefined as never }),
      "violated",
      "TLC gives no count",
    ],
  ])("%s", (_, declared, evidence, verdict, reason) => {
    const decision = decide(declared, config, evidence);
    expect(decision).toMatchObject({ verdict, asDeclared: false });
    expect(decision.reason).toContain(reason);
  });

  it("when TLC does not say which of several temporal properties is violated", () => {
    const decision = decide(violated("Live"), two, broken(13, { kind: "temporal" }));
    expect(decision).toMatchObject({ verdict: "violated", asDeclared: false });
    expect(decision.reason).toContain("which of Live, Fair");
  });
});

describe("a model without a behaviour", () => {
  const statistics = { generated: 0, distinct: 0, queue: 0 };
  const none: Evidence = { ...fine, report: { ...fine.report, statistics } };
  it("holds when all that its modules assume is true, and there is something", () => {
    const declared: DeclaredVerdict = { verdict: "holds", states: 0 };
    expect(decide(declared, readConfig("CONSTANT N = 1\n"), { ...none, assumes: true })).toEqual({
      verdict: "holds",
      asDeclared: true,
    });
  });

  it.each([
    ["CONSTANT N = 1\n", false, "nothing to decide"],
    ["INVARIANT Safe\n", true, "so Safe is never checked"],
    ["PROPERTY Live\n", true, "so Live is never checked"],
    ["SPECIFICATION Spec\n", true, "no initial state"],
    ["INIT Init\nNEXT Next\n", true, "no initial state"],
    ["INIT Init\nNEXT Next\nCONSTRAINT Few\n", true, "none that Few lets through"],
  ])("decides nothing with %j, assumptions: %s", (text, assumes, reason) => {
    const decision = decide({ verdict: "holds" }, readConfig(text), { ...none, assumes });
    expect(decision).toMatchObject({ verdict: "inconclusive", reason: expect.stringContaining(reason) });
  });
});

describe("nothing else is ever a verdict", () => {
  const report = (changes: Partial<TlcReport>, exitCode = 0): Evidence => ({
    exitCode,
    timedOut: false,
    report: { ...plain, success: true, ...changes },
  });
  it.each<[string, Evidence, string]>([
    ["the time limit", { ...fine, timedOut: true }, "time limit"],
    [
      "the time limit, while a violation is told",
      { ...unsafe, timedOut: true },
      "TLC says that Safe is violated, but did not end within the time limit",
    ],
    [
      "the time limit, with one assumption false and one that can't be evaluated",
      {
        timedOut: true,
        report: { ...plain, violated: { kind: "assumption" }, errors: [{ kind: "evaluation", message: "" }] },
      },
      "did not end within",
    ],
    ["a signal", { signal: "SIGKILL", timedOut: false, report: plain }, "ended by SIGKILL"],
    ["no start", { timedOut: false, report: plain }, "could not be started"],
    ["no memory", report({ errors: [{ kind: "memory", message: "Java heap" }] }, 255), "out of memory"],
    [
      "no memory, although it ended normally",
      report({ errors: [{ kind: "memory", message: "x" }] }),
      "out of memory",
    ],
    [
      "an error",
      report({ errors: [{ kind: "parse", message: "Unknown operator: `F'.\nmore" }] }, 150),
      "Unknown operator: `F'.\nmore",
    ],
    ["an error with exit code 0", report({ errors: [{ kind: "evaluation", message: "no" }] }), "no"],
    [
      "an error beside a violation",
      { ...unsafe, report: { ...unsafe.report, errors: [{ kind: "internal", message: "oh" }] } },
      "oh",
    ],
    ["exit code 0 without success", { ...fine, report: plain }, "does not say that it found no error"],
    ["exit code 0 with a violation", { ...unsafe, exitCode: 0 }, "ended with exit code 0, not 12"],
    [
      "a violation with another one's exit code",
      broken(11, { kind: "invariant", name: "Safe" }),
      "exit code 11, not 12",
    ],
    ["an exit code without its violation", { ...fine, exitCode: 12 }, "exit code 12 and does not say why"],
    ["exit code 1", { ...fine, exitCode: 1 }, "option"],
    ["exit code 75", { ...fine, exitCode: 75 }, "can't be evaluated"],
    ["exit code 150", { ...fine, exitCode: 150 }, "does not parse"],
    ["exit code 151", { ...fine, exitCode: 151 }, "configuration"],
    ["exit code 255", { ...fine, exitCode: 255 }, "exit code 255"],
    ["an unknown exit code", { ...fine, exitCode: 99 }, "exit code 99"],
    ["output that breaks off", report({ truncated: true }), "breaks off"],
    ["liveness under symmetry", report({ symmetryWithLiveness: true }), "symmetry"],
    [
      "liveness under symmetry, violated",
      broken(13, { kind: "temporal" }, { symmetryWithLiveness: true }),
      "symmetry",
    ],
    ["no states", report({ statistics: { generated: 0, distinct: 0, queue: 0 } }), "no initial state"],
    ["no count", report({ statistics: undefined as never }), "how many states"],
    ["states left", report({ statistics: { generated: 9, distinct: 9, queue: 3 } }), "3 states unexamined"],
  ])("%s", (_, evidence, reason) => {
    const declarations = [holds, { verdict: "forbidden" } as const, violated("Safe"), violated("Live")];
    for (const declared of declarations) {
      const decision = decide(declared, config, evidence);
      expect(decision).toMatchObject({ verdict: "inconclusive", asDeclared: false });
      expect(decision.reason).toContain(reason);
    }
  });
});

describe("what is false, in words", () => {
  const location = { module: "Disk", line: 7, column: 3 };
  it.each<[string, number, Violation]>([
    ["declared holds, but an assumption in line 7 of Disk is false", 10, { kind: "assumption", location }],
    [
      "declared holds, but the assumption Large is false",
      10,
      { kind: "assumption", name: "Large", location },
    ],
    [
      'declared holds, but an assertion fails in line 7 of Disk: "full"',
      14,
      { kind: "assertion", message: '"full"', location },
    ],
  ])("%s", (reason, exitCode, violation) => {
    expect(decide(holds, config, broken(exitCode, violation)).reason).toBe(reason);
  });
});
