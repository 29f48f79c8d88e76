import { expect, it, vi } from "vitest";
import { benchReadSide } from "./read-side.js";
import { VARIANTS } from "./variants.js";

it("says what a section costs, beside what a program would take instead", async () => {
  const costs = await vi.waitFor(
    async () => {
      const measured = await benchReadSide({ rounds: 2 });
      const of = (name: string): number =>
        measured.find(({ variant }) => variant === name)?.min ?? Number.NaN;
      // About 2 where this was written, and 8 before WebAssembly. A busy machine may measure something else, once.
      expect(of("library")).toBeLessThan(5 * of("load"));
      return measured;
    },
    { timeout: 300_000 },
  );
  const shown = costs.map(({ title, min, median, max }) => {
    const figures = [min, median, max].map((ns) => ns.toFixed(1).padStart(9));
    return `${figures.join("")}  ${title}`;
  });
  console.info(`impl, ns a section: min, median, max\n${shown.join("\n")}`);
  expect(costs.map(({ variant }) => variant)).toEqual([...VARIANTS]);
});

it("can be stopped", async () => {
  const stop = new AbortController();
  const running = benchReadSide({ rounds: 1000, pairs: 100, readers: 2, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 100);
  await expect(running).rejects.toThrow("enough");
});
