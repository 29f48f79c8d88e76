import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ORDERS, type Order } from "../litmus/model.js";
import { type Drawing, judge } from "../litmus/result.js";
import { showTests } from "../litmus/show.js";
import { decideByAxioms } from "./decide.js";
import { draw } from "./draw.js";
import { explainByAxioms } from "./explain.js";
import { allFiles, compiled } from "./files.fixture.js";
import { svgOf } from "./svg.js";

const FILES = new Map([...allFiles()].map(([name, text]) => [name, compiled(text)]));
const timeoutMs = 60_000;

function explained(name: string, order: Order) {
  const test = FILES.get(name);
  if (test === undefined) throw new Error(`there is no file ${name}`);
  return explainByAxioms(test, order, timeoutMs);
}

describe("an explanation", () => {
  it("is an execution where there is one, and a circle where there is none", async () => {
    for (const [name, test] of FILES) {
      // Vitest asks for a sign of life each minute, which a busy machine may need for all of them.
      await setImmediate();
      const judged = judge(test, decideByAxioms(test, ORDERS, { timeoutMs }));
      if ("message" in judged) throw new Error(judged.message);
      for (const { order, positive, negative, ends } of judged) {
        const { kind, mermaid = "", drawing, more = [] } = explainByAxioms(test, order, timeoutMs);
        const found = (test.litmus.quantifier === "forall" ? negative : positive) > 0;
        // Where nothing ends, no circle need say so: values may be lacking.
        if (found || ends) expect([name, order, kind === "execution"]).toEqual([name, order, found]);
        if (kind === "circle") expect(isCircle(mermaid)).toBe(true);
        for (const one of more) expect(isCircle(one.mermaid ?? "")).toBe(true);
        for (const one of [drawing, ...more.map((other) => other.drawing)])
          if (one !== undefined) expect([name, order, overlaps(one)]).toEqual([name, order, []]);
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

  it.each(["text", "mermaid"] as const)(
    "has the shortest circle of each kind that forbids it: %s",
    (form) => {
      const name = "RCU+sync-in-section";
      const test = FILES.get(name);
      if (test === undefined) throw new Error(`there is no file ${name}`);
      const results = judge(test, decideByAxioms(test, ["weak"], { timeoutMs }));
      if ("message" in results) throw new Error(results.message);
      const explanation = explained(name, "weak");
      const { more = [] } = explanation;
      expect(more.length).toBeGreaterThan(0);
      const kinds = [explanation, ...more].map(({ mermaid }) => mermaid);
      expect(new Set(kinds).size).toBe(kinds.length);
      const file = {
        kind: "decided",
        file: name,
        test,
        results,
        explained: [explanation],
        engine: "axioms",
      } as const;
      const shown = showTests({ files: [file], seconds: 0 }, false, form);
      expect(shown).toContain(`Circles of ${more.length} other kinds forbid it, too:`);
      for (const one of more)
        expect(shown).toContain(form === "mermaid" ? one.mermaid : one.text.slice(1).join("\n"));
    },
  );

  it("is drawn in lanes, with the arrows of its edges, as a file that nothing can break out of", () => {
    const { drawing } = explained("SB+fencembonceonces", "weak");
    if (drawing === undefined) throw new Error("nothing is drawn");
    expect(drawing.lanes).toEqual(["P0", "P1"]);
    expect(drawing.events.map(({ lane, row, text }) => `${lane} ${row} ${text}`)).toEqual([
      "0 0 W x=1",
      "0 1 R y=0",
      "1 0 W y=1",
      "1 1 R x=0",
    ]);
    const svg = svgOf(drawing, '<script>&"');
    expect(svg).toContain("<title>&lt;script&gt;&amp;");
    expect(svg).not.toContain("<script");
    expect(svg.match(/class="lx-arrow /g)).toHaveLength(4);
    expect(svg.match(/>fence mb</g)).toHaveLength(2);
    // What is reordered is seen: program order goes up.
    const run = explained("SB+poonceonces", "tso").drawing;
    const against = run?.arrows.filter(
      ({ from, to, name }) => name === "po" && (run.events[from]?.row ?? 0) > (run.events[to]?.row ?? 0),
    );
    expect(against).toHaveLength(1);
  });

  it("tells which store is the later one, where the condition looks at what a word holds at the end", () => {
    expect(explained("R+fencembonceonces", "weak").text.slice(1)).toEqual([
      "  P1 W y=2  --fence mb-->  P1 R x=0",
      "  P1 R x=0  --fr-->  P0 W x=1",
      "  P0 W x=1  --fence mb-->  P0 W y=1",
      "  P0 W y=1  --co-->  P1 W y=2",
    ]);
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

/** Boxes that stand on each other, or outside of the picture. */
function overlaps(drawing: Drawing): string[] {
  const { width, height, shapes } = draw(drawing);
  const boxes = shapes.flatMap(({ element, attributes: { x, y, width: w, height: h } }) =>
    element === "rect" ? [{ x: Number(x), y: Number(y), w: Number(w), h: Number(h) }] : [],
  );
  return boxes.flatMap((a, n) => [
    ...(a.x < 0 || a.y < 0 || a.x + a.w > width || a.y + a.h > height ? [`box ${n} is outside`] : []),
    ...boxes
      .slice(n + 1)
      .filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      .map(() => `box ${n} is covered`),
  ]);
}

/** Do a diagram's arrows lead back to where they begin, each from where the one before it ends? */
function isCircle(mermaid: string): boolean {
  const arrows = [...mermaid.matchAll(/^ {2}e(\d+) -- ".*" --> e(\d+)$/gm)];
  return arrows.length > 1 && arrows.every(([, , to], n) => arrows[(n + 1) % arrows.length]?.[1] === to);
}
