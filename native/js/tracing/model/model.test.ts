import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEvent } from "./event.js";
import { matches } from "./pattern.js";
import {
  ANYTHING,
  patternCovers,
  patternsMeet,
  type Rule,
  type Scope,
  withoutScope,
  withRule,
} from "./rule.js";
import { inScope, scopeOf } from "./scope.js";

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), minLength: 1, maxLength: 5 });
const word = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 });

describe("patterns", () => {
  it("that meet are all that match a word both, and one that covers another matches all that it does", () => {
    fc.assert(
      fc.property(pattern, pattern, word, (one, other, text) => {
        const both = matches(one, text) && matches(other, text);
        if (both) expect(patternsMeet(one, other)).toBe(true);
        if (patternCovers(one, other) && matches(other, text)) expect(matches(one, text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["*", "a?*", true, true],
    ["a?", "a*", false, true],
    ["a*", "a?", true, true],
    ["a*", "b*", false, false],
    ["*a", "a*", false, true],
    ["ab", "ab", true, true],
    ["a", "b", false, false],
  ])("%s and %s: covers %s, meets %s", (one, other, covers, meets) => {
    expect([patternCovers(one, other), patternsMeet(one, other)]).toEqual([covers, meets]);
  });
});

/** What a rule set does with an event, as the controller decides it. */
function decide(
  rules: readonly Rule[],
  event: { name: string; level: number; pid: number },
): Rule | undefined {
  const description = { provider: "p", name: event.name, level: event.level, fields: [] };
  const rule = rules.findLast((one) => inScope(one, description, { program: "x", pid: event.pid }));
  return rule?.off ? undefined : rule;
}

describe("rules", () => {
  const scope = fc.record({
    program: fc.constant("*"),
    provider: fc.constantFrom("*", "p"),
    name: pattern,
    level: fc.integer({ min: 0, max: 14 }),
    pid: fc.constantFrom(0, 1, 2),
  });
  const rule = scope.map(
    (of, i = 0): Rule => ({ ...of, off: false, channel: i, sample: 1, filter: undefined }),
  );
  const event = fc.record({ name: word, level: fc.integer({ min: 0, max: 14 }), pid: fc.constantFrom(1, 2) });
  type Step = { readonly on: Rule } | { readonly off: Scope };
  const steps = fc.array(
    fc.oneof(
      rule.map((on): Step => ({ on })),
      scope.map((off): Step => ({ off: { ...off, level: 14 } })),
    ),
    { maxLength: 8 },
  );

  it("do the same as all changes one after another would, however many are left out", () => {
    fc.assert(
      fc.property(steps, event, (changes, seen) => {
        let rules: Rule[] = [];
        const history: Rule[] = [];
        for (const [i, step] of changes.entries()) {
          if ("on" in step) {
            const added = { ...step.on, sample: i + 1 };
            rules = withRule(rules, added);
            history.push(added);
          } else {
            rules = withoutScope(rules, step.off);
            history.push({ ...step.off, off: true, channel: 0, sample: 1, filter: undefined });
          }
        }
        expect(decide(rules, seen)).toEqual(decide(history, seen));
        expect(rules.length).toBeLessThanOrEqual(history.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("are none when everything is off", () => {
    const on: Rule = { ...scopeOf("p:a*"), off: false, channel: 0, sample: 1, filter: undefined };
    expect(withoutScope([on], ANYTHING)).toEqual([]);
    expect(withoutScope([on], scopeOf("q:*"))).toEqual([on]);
    expect(withoutScope([on], scopeOf("p:ab"))).toHaveLength(2);
    expect(withoutScope(withoutScope([on], scopeOf("p:ab")), scopeOf("p:a*"))).toEqual([]);
  });
});

describe("an event's description", () => {
  it("is read", () => {
    expect(parseEvent("a.b:c;3;u4 x;e4{A=-1, B = 2} y;q:f8 z")).toEqual({
      provider: "a.b",
      name: "c",
      level: 3,
      fields: [
        { name: "x", type: { kind: "integer", signed: false, bytes: 4, hex: false } },
        { name: "y", type: { kind: "enumeration", labels: new Map(Object.entries({ A: -1, B: 2 })) } },
        { name: "z", type: { kind: "sequence", of: { kind: "float", bytes: 8 } } },
      ],
    });
  });

  it("may have a label twice, which stands for one value or for none", () => {
    const [field] = parseEvent("a:b;1;e4{A=1,B=2,A=3,C=4,C=4} x")?.fields ?? [];
    expect(field?.type).toEqual({ kind: "enumeration", labels: new Map(Object.entries({ B: 2, C: 4 })) });
  });

  it.each([
    "",
    "a;1",
    "a:b",
    "a:b;15",
    "a:b;1;u3 x",
    "a:b;1;u4 x;u4 x",
    "a:b;1;q:s x",
    "a:b;1;e4{A=1,A=2147483648} x",
    "a:b;1;e4{A=99999999999} x",
    "a:b;1;e4{A=2147483648} x",
    "a:b<script>;1",
    `a:b;1;${Array.from({ length: 17 }, (_, i) => `u1 f${i}`).join(";")}`,
  ])("that is none is none: %s", (text) => {
    expect(parseEvent(text)).toBeUndefined();
  });
});

describe("a pattern of events", () => {
  it.each(["", ":", "a:b:c", "a b", "a:b;c", "a\tb", "a:<b>", `${"a".repeat(64)}`])(
    "is refused: %j",
    (text) => {
      expect(() => scopeOf(text)).toThrow(/is no pattern of events/);
    },
  );

  it("is for its level, and what is more important", () => {
    const event = { provider: "a", name: "b", fields: [] };
    const isIn = (level: number): boolean =>
      inScope(scopeOf("a:b", { level: 3 }), { ...event, level }, { program: "x", pid: 1 });
    expect([3, 4].map(isIn)).toEqual([true, false]);
  });

  it("names what is wrong beside it", () => {
    expect(() => scopeOf("a", { program: "x\ty" })).toThrow(/no pattern of a program/);
    expect(() => scopeOf("a", { level: "infos" })).toThrow(/did you mean info/);
    expect(scopeOf("a", { level: "DEBUG_SYSTEM" }).level).toBe(7);
  });
});
