import { beforeAll, describe, expect, it } from "vitest";
import { readClaims } from "../../spec/tlc/claim/claim.js";
import { closeModulesOnce } from "../../spec/tlc/claim/modules.js";
import { specRoot } from "../base/root.js";
import { type Promised, promisedBy, unbrokenPromises } from "./promises.js";

let claims: Promised[];

beforeAll(async () => {
  const close = closeModulesOnce();
  const read = await readClaims([], specRoot);
  claims = await Promise.all(
    read.claims.map(async (claim) => promisedBy(claim, (await close(claim.module, claim.root)).files)),
  );
});

describe("every promise is broken by some claim's model, which shows that it can be", () => {
  it("holds", () => {
    expect(claims.length).toBeGreaterThan(1000);
    expect(unbrokenPromises(claims)).toEqual([]);
  });

  it("would notice that a promise lost its only mutant", () => {
    const without = claims.filter(({ breaks }) => breaks !== "OnlyRegisteredMayUse");
    expect(without.length).toBeLessThan(claims.length);
    expect(unbrokenPromises(without)).toContainEqual({
      where: "Api: OnlyRegisteredMayUse",
      reason: expect.stringContaining("no claim that each push decides is known to break it"),
    });
  });

  it("would notice a promise whose name another module breaks", () => {
    const modules = (name: string, text: string) => [{ name, path: `${name}.tla`, text }];
    const kept = { id: "a", promises: ["Safe"], modules: modules("A", "Safe == x = 1") };
    const other = { id: "b", promises: ["Safe"], breaks: "Safe", modules: modules("B", "Safe == y = 1") };
    expect(unbrokenPromises([kept, other], []).map(({ where }) => where)).toEqual(["A: Safe"]);
    const mutants = [{ name: "AMutants", path: "AMutants.tla", text: "EXTENDS A" }, ...kept.modules];
    expect(unbrokenPromises([kept, { ...other, modules: mutants }], [])).toEqual([]);
  });

  it("would notice an exception that nothing needs", () => {
    expect(unbrokenPromises(claims, [{ name: /Dance$/, reason: "none" }])).toContainEqual({
      where: "/Dance$/",
      reason: "no promise needs this exception",
    });
  });
});

describe("a claim breaks a promise only if it shows that", () => {
  const modules = [
    {
      name: "A",
      path: "A.tla",
      text: "(* Once == x = 1 *)\nStep == x' = x\nLimit == 1\nSafe == x < Limit\nSpec == x = 0 /\\ [][Step]_x",
    },
  ];
  const config = "SPECIFICATION Spec\n\\* INVARIANT Live\nINVARIANTS Safe Done\n";
  const claim = { id: "a", config, set: "ci", declared: { verdict: "violated", violates: "Safe" } } as const;
  const breaks = (changed: object) => promisedBy({ ...claim, ...changed }, modules).breaks;

  it("and names it outside of comments", () => {
    expect(promisedBy(claim, modules).promises).toEqual(["Safe", "Done"]);
    expect(breaks({})).toBe("Safe");
    const kept = { id: "b", promises: ["Once"], modules };
    expect(unbrokenPromises([kept], []).map(({ where }) => where)).toEqual(["A: Once"]);
  });

  it("not when it declares that or another", () => {
    expect(breaks({ declared: { verdict: "violated", violates: "Safe or Done" } })).toBeUndefined();
    expect(breaks({ declared: { verdict: "violated", violates: "Done, or Safe" } })).toBeUndefined();
  });

  it("not when it is in the full set alone", () => {
    expect(breaks({ set: "full" })).toBeUndefined();
  });

  it("not when the promise is what has been changed", () => {
    expect(breaks({ config: `${config}CONSTANT Safe <- Other` })).toBeUndefined();
    expect(breaks({ config: `${config}CONSTANT Limit <- Zero` })).toBeUndefined();
    expect(breaks({ config: `${config}CONSTANT Step <- Leap` })).toBe("Safe");
    expect(breaks({ config: `${config}CONSTANTS Limit <- Zero  Step <- Leap` })).toBe("Safe");
  });
});
