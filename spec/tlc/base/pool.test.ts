import { describe, expect, it } from "vitest";
import { atMost, inParallel } from "./pool.js";

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe("inParallel", () => {
  it("keeps to the limit, uses all of it, and returns the results in order", async () => {
    let [now, most] = [0, 0];
    const results = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
      most = Math.max(most, ++now);
      for (let i = 0; i < 8 - n; i++) await soon();
      now--;
      return n * n;
    });
    expect(results).toEqual([1, 4, 9, 16, 25, 36, 49]);
    expect(most).toBe(3);
  });

  it("starts nothing after a failure, and throws only once everything under way has ended", async () => {
    const begun: number[] = [];
    let [ended, told] = [0, 0];
    const work = inParallel(
      [0, 1, 2, 3, 4],
      2,
      async (n) => {
        begun.push(n);
        await soon();
        if (n === 0) throw new Error("first");
        await soon();
        await soon();
        ended++;
      },
      () => told++,
    );
    await expect(work).rejects.toThrow("first");
    expect([begun, ended, told]).toEqual([[0, 1], 1, 1]);
  });

  it("starts the next when a place is passed on, and still waits for all to end", async () => {
    const told: string[] = [];
    await inParallel([1, 2], 1, async (n, _, release) => {
      told.push(`begin ${n}`);
      release();
      for (let i = 0; i < 4; i++) await soon();
      told.push(`end ${n}`);
    });
    expect(told).toEqual(["begin 1", "begin 2", "end 1", "end 2"]);
  });

  it("does nothing for nothing", async () => {
    expect(await inParallel([], 4, async () => 1)).toEqual([]);
  });
});

describe("atMost", () => {
  it("keeps to the limit, in order, even when work throws", async () => {
    const limited = atMost(2);
    const begun: number[] = [];
    let [now, most] = [0, 0];
    const works = [0, 1, 2, 3, 4].map((n) =>
      limited(async () => {
        begun.push(n);
        most = Math.max(most, ++now);
        await soon();
        now--;
        if (n === 1) throw new Error("no");
        return n;
      }),
    );
    const settled = await Promise.allSettled(works);
    expect(settled.map((result) => result.status === "fulfilled")).toEqual([true, false, true, true, true]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });
});
