import { describe, expect, it } from "vitest";
import { parseValue } from "../../spec/tlc/value/value.js";
import { WORD_GROUPS } from "../contract/words.js";
import { vocabulary } from "./words.js";
import { renderWordsHeader } from "./words-header.js";

const STEPS = ["Idle", "Announce", "Scan"];
const STATE = {
  gp: "2",
  begun: "3",
  ended: "2",
  leader: "1",
  doorbell: "7",
  sleepers: "1",
  registered: "2",
  used: "2",
  head: "1",
  cell: '(0 :> "live" @@ 1 :> "freed" @@ 2 :> "empty")',
  announced: "<<1, 2>>",
  notice: "<<1, 0>>",
  owner: "<<3, 0>>",
  slot: "(2 :> 0 @@ 3 :> 1)",
  held: "(2 :> -1 @@ 3 :> 0)",
  mine: "(0 :> 0 @@ 1 :> -1)",
  pc: '(0 :> "Scan" @@ 1 :> "AsleepAtDoorbell" @@ 2 :> "Idle" @@ 3 :> "Announce")',
};

function state(
  changes: Partial<Record<keyof typeof STATE, string>> = {},
): Map<string, ReturnType<typeof parseValue>> {
  return new Map(Object.entries({ ...STATE, ...changes }).map(([name, text]) => [name, parseValue(text)]));
}

describe("vocabulary", () => {
  const { words, cells, vector } = vocabulary({ updaters: 2, readers: 2 }, STEPS);
  const named = (changes = {}) =>
    Object.fromEntries(vector(state(changes)).map((value, i) => [words[i], value]));

  it("names every word once", () => {
    expect(cells).toBe(3);
    expect(words).toHaveLength(9 + 3 + 3 * 2 + 2 * 2 + 2 + 4);
    expect(new Set(words).size).toBe(words.length);
    expect(vector(state())).toHaveLength(words.length);
  });

  it("maps each variable", () => {
    expect(named()).toEqual({
      ...{ gp: 1, begun: 1, ended: 0, leader: 1, doorbell: 0, sleepers: 1, registered: 2, used: 2, head: 1 },
      ...{ cell0: 1, cell1: 2, cell2: 0 },
      ...{ announced1: 1, announced2: 2, notice1: 1, notice2: 0, owner1: 3, owner2: 0 },
      ...{ slot2: 0, slot3: 1, held2: -1, held3: 0, mine0: 0, mine1: -1 },
      ...{ at0: 2, at1: -1, at2: 0, at3: 1 },
    });
    expect(named({ begun: "2", ended: "1" })).toMatchObject({ gp: 1, begun: 0, ended: 1 });
  });

  it("shows a sleeping updater, and one between operations", () => {
    const at = (pc: string): number | undefined =>
      named({ pc: `(0 :> "${pc}" @@ 1 :> "Idle" @@ 2 :> "Idle" @@ 3 :> "Idle")` })["at0"];
    expect([at("Asleep"), at("AsleepAtDoorbell"), at("Initialise"), at("Publish"), at("Done")]).toEqual([
      -1, -1, 0, 0, 0,
    ]);
  });

  it("names what it can't map", () => {
    expect(() => named({ pc: '(0 :> "Dance" @@ 1 :> "Idle" @@ 2 :> "Idle" @@ 3 :> "Idle")' })).toThrow(
      /pc is "Dance"/,
    );
    expect(() => named({ gp: '"two"' })).toThrow(/"gp" is not a whole number/);
    const { gp: _, ...rest } = Object.fromEntries(state());
    expect(() => vector(new Map(Object.entries(rest)))).toThrow(/no variable "gp"/);
  });

  it("has each word where the C driver looks for it", () => {
    const header = renderWordsHeader("made");
    const place = (macro: string): number => {
      const body = new RegExp(`#define ${macro}\\(updaters, readers, cells\\) \\((.*)\\)\n`).exec(
        header,
      )?.[1];
      const numbers = body?.replace(/\(?(updaters|readers|cells)\)?/g, (_, name: string) =>
        name === "cells" ? "3" : "2",
      );
      return (numbers ?? "").split(" + ").reduce((sum, term) => {
        return sum + term.split(" * ").reduce((product, factor) => product * Number(factor), 1);
      }, 0);
    };
    for (const { name, each } of WORD_GROUPS) {
      const first = each === "domain" ? name : `${name}${{ slot: 1, reader: 2 }[each as string] ?? 0}`;
      expect(place(`QS_WORD_${name.toUpperCase()}`), name).toBe(words.indexOf(first));
    }
    expect(place("QS_WORDS")).toBe(words.length);
  });
});
