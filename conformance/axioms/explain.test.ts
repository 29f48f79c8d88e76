import { describe, expect, it } from "vitest";
import { ORDERS, type Order } from "../litmus/model.js";
import { judge } from "../litmus/result.js";
import { decideByAxioms } from "./decide.js";
import { explainByAxioms } from "./explain.js";
import { allFiles, compiled } from "./files.fixture.js";

const FILES = new Map([...allFiles()].map(([name, text]) => [name, compiled(text)]));
const timeoutMs = 60_000;

function explained(name: string, order: Order) {
  const test = FILES.get(name);
  if (test === undefined) throw new Error(`there is no file ${name}`);
  return explainByAxioms(test, order, timeoutMs);
}

describe("an explanation", () => {
  it("is an execution where there is one, and a circle where there is none", () => {
    for (const [name, test] of FILES) {
      const judged = judge(test, decideByAxioms(test, ORDERS, { timeoutMs }));
      if ("message" in judged) throw new Error(judged.message);
      for (const { order, positive, negative, ends } of judged) {
        const { kind, mermaid = "" } = explainByAxioms(test, order, timeoutMs);
        const found = (test.litmus.quantifier === "forall" ? negative : positive) > 0;
        // Where nothing ends, no circle need say so: values may be lacking.
        if (found || ends) expect([name, order, kind === "execution"]).toEqual([name, order, found]);
        if (kind === "circle") expect(isCircle(mermaid)).toBe(true);
      }
    }
  });

  it("names the edges", () => {
    expect(explained("SB+fencembonceonces", "weak").text).toEqual([
      "Each must come before the next, and so before itself:",
      "  P0 W x=1  --fence mb-->  P0 R y=0",
      "  P0 R y=0  --fr-->  P1 W y=1",
      "  P1 W y=1  --fence mb-->  P1 R x=0",
      "  P1 R x=0  --fr-->  P0 W x=1",
    ]);
    const names = (name: string): string[] =>
      explained(name, "weak").text.flatMap((line) => /--(.*)-->/.exec(line)?.[1] ?? []);
    expect(names("LB+fencembonceonce+ctrlonceonce")).toEqual(
      expect.arrayContaining(["ctrl", "rf", "fence mb"]),
    );
    expect(names("SB+memb+poonceonce")).toContain("membarrier");
    expect(names("RCU+sync+read")).toContain("rcu");
    expect(names("MP+polocks")).toEqual(expect.arrayContaining(["acquire", "release"]));
  });

  it("is an execution in the order in which all happens", () => {
    expect(explained("SB+poonceonces", "tso").text).toEqual([
      "In this order it happens:",
      "  P0 R y=0",
      "  P1 W y=1",
      "  P1 R x=0",
      "  P0 W x=1",
    ]);
  });
});

/** Do a diagram's arrows lead back to where they begin, each from where the one before it ends? */
function isCircle(mermaid: string): boolean {
  const arrows = [...mermaid.matchAll(/^ {2}e(\d+) -- ".*" --> e(\d+)$/gm)];
  return arrows.length > 1 && arrows.every(([, , to], n) => arrows[(n + 1) % arrows.length]?.[1] === to);
}
