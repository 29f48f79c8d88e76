import { describe, expect, it } from "vitest";
import type { FailureKind, ReplayFailure } from "../contract/result.js";
import type { StoredPlan } from "../plan/store.js";
import type { ReplayOptions } from "../targets/target.js";
import { isCertain, replayCandidate } from "./replay-candidate.js";

const failure = (kind: FailureKind): ReplayFailure => ({
  ...{ kind, path: 0, move: 0, lane: 0 },
  ...{ step: "Raise", message: "it is silent" },
});
const plans = [{ claim: "a", plan: { module: "M" } }] as unknown as readonly StoredPlan[];
const { signal } = new AbortController();

/** Replays an implementation that fails so in turn, while others have these shares of the machine. */
async function seenOf(
  kinds: readonly (FailureKind | undefined)[],
  shares: readonly number[],
  hangs?: boolean,
) {
  const asked: ReplayOptions[] = [];
  const target = {
    drives: "M",
    replay: async (_: unknown, options: ReplayOptions = {}) => {
      const kind = kinds[asked.length];
      asked.push(options);
      return {
        paths: 0,
        steps: 0,
        probes: 0,
        seconds: 0,
        ...(kind !== undefined && { failure: failure(kind) }),
      };
    },
  };
  const mutant = { name: "m", ...(hangs !== undefined && { hangs }) };
  const seen = await replayCandidate({ target, mutant }, plans, signal, () => () => shares[asked.length - 1]);
  return { seen, asked };
}

describe("a mutant that seems to hang", () => {
  it("is killed on a machine that nobody else uses", async () => {
    const { seen, asked } = await seenOf(["hang"], [0.1]);
    expect(isCertain(seen)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it("is killed on a busy one, too, when it is declared to hang", async () => {
    const { seen, asked } = await seenOf(["hang"], [0.9], true);
    expect(isCertain(seen)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it("is given more time on a busy machine, where it may go on", async () => {
    const { seen, asked } = await seenOf(["hang", undefined], [0.9, 0.9]);
    expect(seen).toBeUndefined();
    expect(asked[1]?.hangMs).toBeGreaterThanOrEqual(30_000);
  });

  it("is killed by what it does then", async () => {
    const { seen } = await seenOf(["hang", "state"], [0.9, 0.9]);
    expect(isCertain(seen)).toBe(true);
    expect(seen?.failure.kind).toBe("state");
  });

  it("and does so with more time, is not certain", async () => {
    const { seen } = await seenOf(["hang", "hang"], [0.9, 0.6]);
    expect(isCertain(seen)).toBe(false);
    expect(seen).toMatchObject({ others: 0.6, failure: { kind: "hang" } });
  });
});

it("a failure that is no hang counts on any machine", async () => {
  const { seen } = await seenOf(["state"], [0.9]);
  expect(isCertain(seen)).toBe(true);
});
