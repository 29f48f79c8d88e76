import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COUNTER, claim, createFolder, module, quiesce } from "../shared/program.fixture.js";
import { validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());
beforeAll(() =>
  folder.write({
    "Counter.tla": module("Counter", COUNTER),
    "Counter-holds.cfg": claim("Verdict: holds\nStates: 4"),
    "Counter-violated.cfg": claim("Verdict: violated\nViolates: Below\nStates: 4", "INVARIANT Below"),
    "more/Wrong.tla": module("Wrong", COUNTER),
    "more/Wrong.cfg": claim("Verdict: holds\nStates: 5"),
  }),
);

interface Shown {
  readonly agree: boolean;
  readonly claims: number;
  readonly rounds: readonly { readonly quiesce: number; readonly plain: number }[];
  readonly ratio: { readonly min: number; readonly median: number; readonly max: number };
  readonly pairs: readonly { readonly id: string; readonly problem?: string }[];
}

describe("speed", () => {
  it("decides claims both ways, as often as asked, and compares what they say", async () => {
    const paths = ["Counter-holds.cfg", "Counter-violated.cfg"].map((name) => `${folder.path}/${name}`);
    const { code, stdout, stderr } = await quiesce(["speed", ...paths, "--rounds", "2", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { agree, rounds, ratio, pairs } = validated<Shown>("speed", stdout);
    expect(agree).toBe(true);
    expect(rounds).toHaveLength(2);
    const ratios = rounds.map(({ quiesce, plain }) => quiesce / plain);
    expect([ratio.min, ratio.max]).toEqual([Math.min(...ratios), Math.max(...ratios)]);
    expect(pairs).toMatchObject([
      {
        id: "Counter-holds",
        quiesce: { verdict: "holds", states: 4 },
        plain: { verdict: "holds", states: 4 },
      },
      { id: "Counter-violated", quiesce: { verdict: "violated" }, plain: { verdict: "violated" } },
    ]);
  });

  it("fails when a claim is not as declared, and when the ratio is greater than allowed", async () => {
    const { code, stdout } = await quiesce(["speed", `${folder.path}/more`, "--at-most", "0.001"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ Wrong {3}Quiesce: declared 5 distinct states, but there are 4/);
    expect(stdout).toMatch(/The ratio is greater than 0.001/);
  });
});
