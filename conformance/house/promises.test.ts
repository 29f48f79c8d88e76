import { beforeAll, describe, expect, it } from "vitest";
import { readClaims } from "../../spec/tlc/claim/claim.js";
import { readConfig } from "../../spec/tlc/claim/config.js";
import { closeModulesOnce } from "../../spec/tlc/claim/modules.js";
import { specRoot } from "../base/root.js";
import { type Promised, unbrokenPromises } from "./promises.js";

let claims: Promised[];

beforeAll(async () => {
  const close = closeModulesOnce();
  const read = await readClaims([], specRoot);
  claims = await Promise.all(
    read.claims.map(async ({ id, config, declared: { violates }, module, root }) => {
      const { invariants, properties } = readConfig(config);
      const { files } = await close(module, root);
      return {
        id,
        promises: [...invariants, ...properties],
        ...(violates !== undefined && { violates }),
        modules: files,
      };
    }),
  );
});

describe("every promise is broken by some claim's model, which shows that it can be", () => {
  it("holds", () => {
    expect(claims.length).toBeGreaterThan(1000);
    expect(unbrokenPromises(claims)).toEqual([]);
  });

  it("would notice that a promise lost its only mutant", () => {
    const without = claims.filter(({ violates }) => violates !== "OnlyRegisteredMayUse");
    expect(without.length).toBeLessThan(claims.length);
    expect(unbrokenPromises(without)).toContainEqual({
      where: "Api: OnlyRegisteredMayUse",
      reason: expect.stringContaining("no claim's Violates names it"),
    });
  });

  it("would notice a promise whose name another module breaks", () => {
    const modules = (name: string, text: string) => [{ name, path: `${name}.tla`, text }];
    const kept = { id: "a", promises: ["Safe"], modules: modules("A", "Safe == x = 1") };
    const other = { id: "b", promises: ["Safe"], violates: "Safe", modules: modules("B", "Safe == y = 1") };
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
