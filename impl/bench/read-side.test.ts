import { expect, it } from "vitest";
import { benchReadSide } from "./read-side.js";
import { VARIANTS } from "./variants.js";

it("says what a section costs, beside what a program would take instead", async () => {
  const costs = await benchReadSide({ rounds: 2 });
  const shown = costs.map(({ title, min, median, max }) => {
    const figures = [min, median, max].map((ns) => ns.toFixed(1).padStart(9));
    return `${figures.join("")}  ${title}`;
  });
  console.info(`impl, ns a section: min, median, max\n${shown.join("\n")}`);
  expect(costs.map(({ variant }) => variant)).toEqual([...VARIANTS]);
  const of = (name: string): number => costs.find(({ variant }) => variant === name)?.min ?? Number.NaN;
  // Far off, so that a busy machine does not break it: about 2 where this was written, and 8 before WebAssembly.
  expect(of("library")).toBeLessThan(5 * of("load"));
});

it("can be stopped", async () => {
  const stop = new AbortController();
  const running = benchReadSide({ rounds: 1000, pairs: 100, readers: 2, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 100);
  await expect(running).rejects.toThrow("enough");
});
