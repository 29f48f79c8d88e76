import { describe, expect, it } from "vitest";
import { parseValue } from "../../spec/tlc/value/value.js";
import { vocabulary } from "./words.js";

const STEPS = ["Idle", "Announce", "Scan"];
const STATE = {
  gp: "2",
  waiting: "0",
  head: "1",
  cell: '(0 :> "live" @@ 1 :> "freed")',
  announced: "<<1, 2>>",
  owner: "<<2, 0>>",
  slot: "<<0, 1>>",
  held: "<<-1, 0>>",
  pc: '(0 :> "Scan" @@ 1 :> "Idle" @@ 2 :> "Announce")',
};

function state(
  changes: Partial<Record<keyof typeof STATE, string>> = {},
): Map<string, ReturnType<typeof parseValue>> {
  return new Map(Object.entries({ ...STATE, ...changes }).map(([name, text]) => [name, parseValue(text)]));
}

describe("vocabulary", () => {
  const { words, vector } = vocabulary(2, 2, STEPS);

  it("names every word once", () => {
    expect(words).toHaveLength(5 + 4 * 2 + 3);
    expect(new Set(words).size).toBe(words.length);
  });

  it("maps each variable", () => {
    const named = Object.fromEntries(vector(state()).map((value, i) => [words[i], value]));
    expect(named).toMatchObject({
      gp: 1,
      head: 1,
      cell0: 1,
      cell1: 2,
      announced1: 1,
      announced2: 2,
      owner1: 2,
      slot2: 1,
      held1: -1,
      held2: 0,
    });
    expect(named).toMatchObject({ at0: 2, at1: 0, at2: 1 });
  });

  it("shows a sleeping updater, and one between operations", () => {
    const at = (pc: string): number | undefined =>
      vector(state({ pc: `(0 :> "${pc}" @@ 1 :> "Idle" @@ 2 :> "Idle")` })).at(-3);
    expect([at("Asleep"), at("Initialise"), at("Publish"), at("Done")]).toEqual([-1, 0, 0, 0]);
  });

  it("names what it can't map", () => {
    expect(() => vector(state({ pc: '(0 :> "Dance" @@ 1 :> "Idle" @@ 2 :> "Idle")' }))).toThrow(
      /pc is "Dance"/,
    );
    expect(() => vector(state({ gp: '"two"' }))).toThrow(/"gp" is not a whole number/);
    const { gp: _, ...rest } = Object.fromEntries(state());
    expect(() => vector(new Map(Object.entries(rest)))).toThrow(/no variable "gp"/);
  });
});
