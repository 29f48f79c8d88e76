import { describe, expect, it } from "vitest";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import { findTools } from "../../../spec/tlc/tools/tools.js";
import { specRoot } from "../../base/root.js";
import { figuresOf, spread } from "./figures.js";
import { batchesOf, difference, measureSpeed } from "./measure.js";

const answer = { verdict: "holds", states: 4, generated: 9, seconds: 1 } as const;

describe("difference", () => {
  it("is none between equal answers, however long they took", () => {
    expect(difference(answer, { ...answer, seconds: 3, generated: 8 })).toBeUndefined();
  });

  it("is seen in the verdict, and in the states where nothing is violated", () => {
    const violated = { ...answer, verdict: "violated" } as const;
    expect(difference(answer, violated)).toBe("Quiesce says holds, plain TLC says violated");
    expect(difference(answer, { ...answer, states: 5 })).toBe(
      "Quiesce found 4 distinct states, plain TLC found 5",
    );
    expect(difference(violated, { ...violated, states: 5 })).toBeUndefined();
    const inconclusive = { ...answer, verdict: "inconclusive" } as const;
    expect(difference(answer, inconclusive)).toBe("Quiesce says holds, plain TLC says inconclusive");
  });
});

describe("batchesOf", () => {
  it("has each claim once, and the large ones spread over all batches", () => {
    const sizes = [1, 80, 3, 90, 70, 2];
    const claims = sizes.map((states) => ({ declared: { verdict: "holds", states } }) as Claim);
    const batches = batchesOf(claims, 2).map((batch) => batch.map(({ declared }) => declared.states));
    expect(batches).toEqual([
      [90, 3],
      [80, 2],
      [70, 1],
    ]);
    expect(batchesOf([], 2)).toEqual([[]]);
  });
});

describe("spread", () => {
  it("is the least, the median and the greatest", () => {
    expect(spread([10, 9, 100])).toEqual({ min: 9, median: 10, max: 100 });
    expect(spread([4, 1])).toEqual({ min: 1, median: 2.5, max: 4 });
  });
});

describe("measureSpeed", () => {
  it("returns what it has measured when it is interrupted", async () => {
    const { claims } = await readClaims(["litmus/StoreBuffering-handler.FALSE.tso"], specRoot);
    const stop = new AbortController();
    const tools = await findTools();
    const request = { claims, tools, rounds: 3, parallel: 1, timeoutMs: 600_000, signal: stop.signal };
    const speed = await measureSpeed({ ...request, onPair: () => stop.abort() });
    expect(speed).toMatchObject({ endedEarly: "interrupted", asked: 1, pairs: [{ claim: claims[0] }] });
    expect(speed.rounds).toHaveLength(1);
    expect(figuresOf(speed, tools, 1)).toMatchObject({ agree: true, interrupted: true, claims: 1 });
    await expect(measureSpeed(request)).rejects.toThrow("interrupted");
  });
});
