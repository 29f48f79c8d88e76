import { describe, expect, it } from "vitest";
import { printValue } from "../value/value.js";
import { fixture } from "./fixtures/fixture.js";
import { readMessages } from "./messages.js";
import { readProgress, readReport } from "./report.js";

const report = (name: string) => readReport(readMessages(fixture(`${name}.out`)));

describe("readReport", () => {
  it("reads a success", () => {
    expect(report("Success")).toEqual({
      version: "2.18",
      success: true,
      errors: [],
      statistics: { generated: 5, distinct: 4, queue: 0, depth: 4 },
      symmetryWithLiveness: false,
      collisionProbability: 2.2e-19,
      truncated: false,
      printed: [],
    });
  });

  it.each([
    ["Invariant", { kind: "invariant", name: "Safe" }],
    ["InitInvariant", { kind: "invariant", name: "Never" }],
    ["ActionProperty", { kind: "action", name: "Grows" }],
    ["Lasso", { kind: "temporal" }],
    ["Stutter", { kind: "temporal" }],
    ["Deadlock", { kind: "deadlock" }],
    [
      "Assumption",
      {
        kind: "assumption",
        location: {
          file: "/spec/Assumption.tla",
          module: "Assumption",
          line: 5,
          column: 8,
          endLine: 5,
          endColumn: 14,
        },
      },
    ],
    [
      "Assertion",
      {
        kind: "assertion",
        message: '<<"x is too large", 2>>',
        location: {
          file: "/spec/Assertion.tla",
          module: "Assertion",
          line: 5,
          column: 21,
          endLine: 5,
          endColumn: 58,
        },
      },
    ],
  ])("reads what %s violates", (name, violated) => {
    const r = report(name);
    expect(r.violated).toEqual(violated);
    expect(r).toMatchObject({ success: false, errors: [], truncated: false });
  });

  it("reads a trace with values of every kind", () => {
    const { trace, statistics } = report("Invariant");
    expect(trace?.end).toEqual({ kind: "finite" });
    expect(trace?.states.map((s) => [s.number, s.action?.name])).toEqual([
      [1, undefined],
      [2, "Free"],
      [3, "Step"],
      [4, "Step"],
    ]);
    expect(trace?.states[1]?.action?.location).toMatchObject({
      module: "Invariant",
      line: 18,
      column: 9,
      endLine: 21,
    });
    const last = trace?.states[3]?.variables;
    expect(Object.fromEntries([...(last ?? [])].map(([name, v]) => [name, printValue(v)]))).toEqual({
      f: '(<<1, "a">> :> {<<1, "a">>} @@ <<2, "b">> :> {<<2, "b">>})',
      cells: '(0 :> "freed" @@ 1 :> "live" @@ 2 :> "live")',
      set: "{r1, r2}",
      x: '[n |-> -6, name |-> "a \\"quoted\\" back\\\\slash"]',
      pc: '(r1 :> "Announce" @@ r2 :> "Announce")',
      head: "0",
      log: "<<<<r1, 0>>, <<r2, 0>>>>",
    });
    expect(statistics).toEqual({ generated: 11, distinct: 9, queue: 3, depth: 4 });
  });

  it("reads a violation by an initial state as a trace of that state", () => {
    const { trace, statistics } = report("InitInvariant");
    expect(trace?.states.map((s) => [...s.variables].map(([n, v]) => `${n}=${printValue(v)}`))).toEqual([
      ["x=0", "y={1}"],
    ]);
    expect(statistics).toBeUndefined();
  });

  it("reads a lasso with the action that closes it", () => {
    const { trace } = report("Lasso");
    expect(trace?.states).toHaveLength(5);
    expect(trace?.end).toMatchObject({
      kind: "lasso",
      backTo: 3,
      action: { name: "Back", location: { line: 6 } },
    });
  });

  it("reads stuttering", () => {
    const { trace } = report("Stutter");
    expect(trace?.end).toEqual({ kind: "stuttering" });
    expect(trace?.states.map((s) => s.number)).toEqual([1, 2, 3, 4]);
  });

  it("reports liveness under symmetry", () => {
    expect(report("Symmetry")).toMatchObject({ success: true, symmetryWithLiveness: true });
  });

  it("keeps what the specification printed apart from SANY's lines, one value per element", () => {
    expect(report("Nested").printed).toEqual(["0", "1", '"hello"', "2"]);
    const { printed } = report("Printing");
    expect(printed[0]).toBe('<<"kinds", mv, {p1, p2}>>');
    expect(printed.filter((text) => /^\{ 51,\n {2}52,.*100 \}$/s.test(text))).toHaveLength(1);
  });

  it("reads the trace of a simulation, which has no statistics", () => {
    const r = report("Simulate");
    expect(r.violated).toEqual({ kind: "invariant", name: "Low" });
    expect(r.trace?.states).toHaveLength(6);
    expect(r.statistics).toBeUndefined();
  });

  it("gives the trace up to an error", () => {
    const r = report("Evaluation");
    expect(r.violated).toBeUndefined();
    expect(r.trace?.states).toHaveLength(2);
  });

  it("never takes a failed evaluation of an assumption for a false one, though TLC's exit code is the same", () => {
    const text = fixture("Assumption.out")
      .replaceAll("2104", "2105")
      .replace(" is false.", " failed.\nno such thing");
    const r = readReport(readMessages(text));
    expect(r.violated).toBeUndefined();
    expect(r.errors).toMatchObject([{ kind: "evaluation", location: { line: 5, column: 8 } }]);
  });

  it("takes an Assert that fails inside of an invariant for an error, as TLC's exit code does", () => {
    const r = report("AssertionInvariant");
    expect(r.violated).toBeUndefined();
    expect(r.errors.map((e) => e.message)).toEqual([
      'Evaluating invariant Inv failed.\nThe first argument of Assert evaluated to FALSE; the second argument was:\n"too large"',
    ]);
    expect(r.trace?.states[2]?.action).toMatchObject({ name: "Action", location: { line: 5, column: 20 } });
  });

  it("is truncated wherever the output breaks off, and no cut makes a violation or an error succeed", () => {
    for (const name of ["Success", "Invariant", "Lasso", "Nested"]) {
      const text = fixture(`${name}.out`).trimEnd();
      for (let cut = 0; cut < text.length; cut += 7) {
        const r = readReport(readMessages(text.slice(0, cut)));
        expect(r.truncated).toBe(true);
        if (name !== "Success") expect(r.success).toBe(false);
      }
      expect(readReport(readMessages(text)).truncated).toBe(false);
    }
  });

  it("reads a trace whose last state was cut as far as it goes", () => {
    const text = fixture("Invariant.out");
    const cut = text.slice(0, text.indexOf("4: <Step") + 60);
    expect(readReport(readMessages(cut)).trace?.states).toHaveLength(3);
  });

  it("names the temporal property where TLC does", () => {
    const text = fixture("Lasso.out").replace(
      "Temporal properties were violated.",
      "Temporal property Settles was violated.",
    );
    expect(readReport(readMessages(text)).violated).toEqual({ kind: "temporal", name: "Settles" });
  });

  it("reads arguments of actions where TLC prints them", () => {
    const text = fixture("Invariant.out").replace("3: <Step line", '3: <Step(r1, "x(y)") line');
    const action = readReport(readMessages(text)).trace?.states[2]?.action;
    expect(action).toMatchObject({ name: "Step", context: 'r1, "x(y)"', location: { line: 13 } });
  });

  it("reports a state that it cannot read as an error of its own", () => {
    const text = fixture("Invariant.out").replaceAll("/\\ head = 0", "/\\ head = ?");
    const r = readReport(readMessages(text));
    expect(r.errors).toMatchObject([{ kind: "internal" }]);
    expect(r.trace).toBeUndefined();
  });
});

describe("readProgress", () => {
  it("reads progress, with thousands separated, and nothing else", () => {
    const text =
      "Progress(33) at 2026-01-01 00:00:00: 1,055,942 states generated (1,605,222 s/min), 11,766 distinct states " +
      "found (337,618 ds/min), 5 states left on queue.";
    const progress = { generated: 1055942, distinct: 11766, queue: 5, depth: 33 };
    expect(readProgress({ code: 2200, severity: 0, text })).toEqual(progress);
    expect(readProgress({ code: 2199, severity: 0, text })).toBeUndefined();
    expect(readMessages(fixture("Lasso.out")).flatMap((m) => readProgress(m) ?? [])).toHaveLength(2);
  });
});
