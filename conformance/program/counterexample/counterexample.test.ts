import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMessages } from "../../../spec/tlc/output/messages.js";
import { readReport } from "../../../spec/tlc/output/report.js";
import { readPrinted } from "./explain-claim.js";
import { readLanes } from "./lanes.js";
import { machineSequence } from "./machine-sequence.js";
import type { TraceEnding } from "./machine-table.js";
import { drawSequence } from "./mermaid.js";
import { grammarProblems } from "./mermaid-grammar.fixture.js";
import type { Sequence } from "./sequence.js";
import { traceSequence } from "./trace-sequence.js";

/** What TLC printed for a claim of ours (fixtures/record.mjs), as the diagram of its page. */
function diagram(fixture: string, ending: TraceEnding, lanes = ""): string[] {
  const text = readFileSync(new URL(`./fixtures/${fixture}.out`, import.meta.url), "utf8");
  const { printed, trace } = readReport(readMessages(text));
  if (trace === undefined) throw new Error(`${fixture}.out has no trace`);
  const machine = readPrinted(printed);
  const sequence: Sequence | undefined =
    machine === undefined
      ? traceSequence(trace, readLanes([lanes]), ending)
      : machineSequence(trace, machine, ending);
  if (sequence === undefined) throw new Error(`${fixture}.out has no states`);
  const drawn = drawSequence(sequence);
  expect(grammarProblems(drawn)).toEqual([]);
  return drawn.split("\n").map((line) => line.replace(/^ {4}/, ""));
}

describe("the diagram of a machine's counterexample", () => {
  it("shows loads, stores, interrupts and unperformed code", () => {
    expect(diagram("Handler", { broken: "OneSeesTheOther is violated" })).toEqual([
      "sequenceDiagram",
      "participant p0 as fast",
      "participant p1 as memory",
      "participant p2 as slow",
      "p1-->>p0: 1. load y → 0",
      "Note over p0: not yet: x ← 1",
      "p2->>p1: 2. y ← 1",
      "p2-)p0: 3. interrupted by slow, without a barrier",
      "Note over p0: not yet: x ← 1",
      "Note over p2: 4. interrupts are done",
      "p1-->>p2: 5. load x → 0<br/>behind mb",
      "rect rgba(220, 50, 47, 0.18)",
      "    p0->>p1: 6. x ← 1",
      "    Note over p0,p2: ✗ OneSeesTheOther is violated",
      "end",
    ]);
  });

  it("says where the threads in a deadlock are stuck, and what was not done", () => {
    const lines = diagram("Deadlock", "deadlock");
    expect(lines).toContain("Note over p0: 8. waiting ← 0 if waiting in {1}: not done,<br/>waiting = 0");
    expect(lines.slice(-4)).toEqual([
      "rect rgba(220, 50, 47, 0.18)",
      "    Note over p2: stuck before: await waiting in {0} if<br/>seen1_1 in {1}",
      "    Note over p0,p2: ✗ deadlock: nobody can take a step, for ever",
      "end",
    ]);
  });

  it("sends signals from thread to thread, and reads forwarded values without a message from memory", () => {
    const signal = diagram("Signal", { broken: "NoUseAfterFree is violated" });
    expect(signal).toContain("p2-)p0: 6. signal reader1 (E)<br/>behind mb (E)");
    expect(signal).toContain("p0->>p1: 7. handles a signal: need1 ← 0, without a<br/>barrier");
    expect(diagram("Forwarding", { broken: "the outcome occurs" })).toContain(
      "Note over p0: 1. load x → 1 (its own store, not performed<br/>yet)",
    );
  });
});

describe("the diagram of any other counterexample", () => {
  const lanes = "\\* Lanes: 0 = updater, n = reader n, not = cell";

  it("draws a repeated part as a loop", () => {
    const lines = diagram("Lasso", { broken: "GracePeriodEnds is violated" }, lanes);
    expect(lines.slice(1, 7)).toEqual([
      "participant p0 as updater",
      "participant p1 as reader 1",
      "participant p2 as shared",
      "Note over p0,p2: at the start: scanned = 0, gp = 1, waiting = 0, head = 0",
      'p0->>p2: 2. Initialise<br/>cell[1]: "empty" → "live"',
      "p0->>p2: 3. Publish<br/>head: 0 → 1",
    ]);
    const loop = lines.indexOf("loop for ever");
    expect(lines[loop - 1]).toBe("Note over p0: 9. Scan");
    expect(lines[loop + 1]).toBe("    Note over p1: 10. Unlock<br/>announced[1]: 1 → 0<br/>depth[1]: 1 → 0");
    expect(lines.slice(-5)).toEqual([
      "    Note over p0: 19. Sleep",
      "end",
      "rect rgba(220, 50, 47, 0.18)",
      "    Note over p0,p2: ✗ GracePeriodEnds is violated",
      "end",
    ]);
  });

  it("says when nothing happens any more", () => {
    expect(diagram("Stuttering", { broken: "GracePeriodEnds is violated" }, lanes).slice(-4)).toEqual([
      "rect rgba(220, 50, 47, 0.18)",
      "    Note over p0,p2: and nothing happens any more, for ever",
      "    Note over p0,p2: ✗ GracePeriodEnds is violated",
      "end",
    ]);
  });

  it("shows who does what to whom when the module names its lanes", () => {
    const lines = diagram(
      "Kernel",
      { broken: "PromiseKept is violated" },
      "\\* Lanes: 0 = CPU 0, 1 = CPU 1, else = the caller",
    );
    expect(lines).toContain("p2->>p1: 4. Look<br/>mask: gains 1<br/>unseen: {1} → {}");
    expect(lines).toContain("p2->>p1: 6. Interrupt<br/>pending: {1} → {}");
  });

  it("has one participant where nothing says who does what", () => {
    const lines = diagram("Kernel", { broken: "PromiseKept is violated" });
    expect(lines[1]).toBe("participant p0 as the model");
    expect(lines.some((line) => line.startsWith("participant p1"))).toBe(false);
  });
});
