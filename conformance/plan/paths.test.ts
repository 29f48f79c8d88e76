import { describe, expect, it } from "vitest";
import { Interrupted } from "../../spec/tlc/base/errors.js";
import type { StateGraph } from "../../spec/tlc/graph/graph.js";
import { coverGraph } from "./paths.js";

/** A graph of `size` states in which each leads to the next and back to the first. */
function wheel(size: number): StateGraph {
  const edges = Array.from({ length: size }, (_, from) => [
    { from, to: (from + 1) % size, action: "Next" },
    { from, to: 0, action: "Home" },
  ]).flat();
  const states = edges.slice(0, size).map((_, i) => ({ label: String(i), variables: new Map() }));
  return { states, initial: [0], edges } as unknown as StateGraph;
}

describe("coverGraph", () => {
  it("covers in a separate thread, with paths no longer than allowed", async () => {
    const { ours, report } = await coverGraph(wheel(40), { maxLength: 30 });
    expect(report).toMatchObject({ states: 40, edges: 80 });
    expect(Math.max(...ours.paths.map((path) => path.length))).toBe(report.longest);
    const far = await coverGraph(wheel(40), { maxLength: 150 });
    expect(far.report.paths).toBeLessThan(report.paths);
    expect(far.report.coverage).toBe(1);
  });

  it("stops as soon as it is told to", async () => {
    const stop = new AbortController();
    const covered = coverGraph(wheel(20_000), { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(covered).rejects.toThrow(Interrupted);
    await expect(coverGraph(wheel(3), { signal: stop.signal })).rejects.toThrow(Interrupted);
  });
});
