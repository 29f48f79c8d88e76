import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import type { ModuleNode } from "../picture/refinement.js";
import {
  drawRefinements,
  ideaOf,
  type ModuleText,
  readModules,
  refinementsIn,
  refinementTree,
} from "./refinements.js";

const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
const spec = join(root, "spec");

const module = (name: string, body: string): ModuleText => ({
  name,
  path: `spec/${name}.tla`,
  text: `---- MODULE ${name} ----\n(* What ${name} is. *)\n(* More. *)\n${body}\n====\n`,
});
const claim = (name: string, property: string, verdict: "holds" | "violated"): Claim => ({
  id: `${name}-${verdict}`,
  file: `/x/spec/${name}-${verdict}.cfg`,
  root: "/x/spec",
  line: 1,
  module: `/x/spec/${name}.tla`,
  sentence: "",
  set: "ci",
  declared: { verdict },
  overrides: {},
  config: `SPECIFICATION Spec\nPROPERTY ${property}\n`,
});
const flat = (nodes: readonly ModuleNode[], depth = 0): string[] =>
  nodes.flatMap((node) => [
    `${" ".repeat(depth)}${node.module} ${node.relation ?? "root"} ${node.holds}/${node.violated}`,
    ...flat(node.children, depth + 1),
  ]);

const MODULES = [
  module("Top", "Spec == TRUE"),
  module("Mid", "Up == INSTANCE Top WITH\n  x <- y,\n  z <- 1\nKeeps == Up!Spec"),
  module("Low", "Up == INSTANCE Mid WITH a <- b\nKeepsMid == Up!SpecFair"),
  module("LowMutants", "EXTENDS Low"),
  module("Other", "T == INSTANCE Top\nTypes == T!TypeOK"),
  module("Said", "(* T == INSTANCE Top\nP == T!Spec *)\n\\* T == INSTANCE Top"),
];

describe("the tree of refinements", () => {
  it("shows a refinement as soon as a module states it and a claim checks it", () => {
    const claims = [claim("Mid", "Keeps", "holds"), claim("Low", "KeepsMid", "holds")];
    expect(flat(refinementTree(MODULES, claims))).toEqual([
      "Top root 0/0",
      " Mid refines 1/0",
      "  Low refines 1/0",
    ]);
    const more = [...MODULES, module("New", "Up == INSTANCE Top WITH q <- r\n\nNewKeeps == Up!Spec")];
    expect(flat(refinementTree(more, claims))).not.toContain(" New refines 1/0");
    expect(flat(refinementTree(more, [...claims, claim("New", "NewKeeps", "holds")]))).toContain(
      " New refines 1/0",
    );
  });

  it("counts the mutants that a refinement catches for the module that they are mutants of", () => {
    const claims = [
      claim("Mid", "Keeps", "holds"),
      claim("Low", "KeepsMid", "holds"),
      claim("LowMutants", "KeepsMid", "violated"),
    ];
    expect(flat(refinementTree(MODULES, claims))).toContain("  Low refines 1/1");
  });

  it("takes no comment, no other formula and no other module's name for a refinement", () => {
    expect(
      MODULES.flatMap(refinementsIn).map(({ module, of, property, mapping }) => [
        module,
        of,
        property,
        mapping,
      ]),
    ).toEqual([
      ["Mid", "Top", "Keeps", "x <- y, z <- 1"],
      ["Low", "Mid", "KeepsMid", "a <- b"],
    ]);
  });

  it("puts programs below the machine, with what extends them", () => {
    const modules = [
      module("Machine", ""),
      module("Programs", "EXTENDS Naturals, Machine"),
      module("Deep", "EXTENDS Programs"),
    ];
    expect(flat(refinementTree(modules, [claim("Deep", "P", "violated")]))).toEqual([
      "Machine root 0/0",
      " Programs runs on 0/0",
      "  Deep runs on 0/1",
    ]);
    expect(refinementTree(modules, [])).toEqual([]);
  });

  it("tells a module's idea by its first sentence", () => {
    expect(
      ideaOf("---- MODULE A ----\n(* The *great* idea, in short: it       *)\n(* works. It is old.  *)\n"),
    ).toBe("The great idea, in short.");
    expect(ideaOf("---- MODULE A ----\nx == 1")).toBe("");
  });
});

describe("our own tree", async () => {
  const { claims } = await readClaims([], spec);
  const modules = await readModules(spec, root);
  const stated = modules.flatMap(refinementsIn);

  it("has every refinement that a module states, each checked by a claim that holds", () => {
    const all = flat(refinementTree(modules, claims)).map((line) => line.trim().split(" ")[0]);
    expect(stated.length).toBeGreaterThan(12);
    for (const { module } of stated) expect(all).toContain(module);
    const unchecked = flat(refinementTree(modules, claims)).filter((line) => / refines 0\//.test(line));
    expect(unchecked).toEqual([]);
  });

  it("has every instance of a module whose Spec is named", () => {
    const named = modules.filter(({ text }) => /^\w+ == \w+!Spec\s*$/m.test(text)).map(({ name }) => name);
    expect(stated.map(({ module }) => module).toSorted()).toEqual(named.toSorted());
  });

  it("is the picture that is committed", async () => {
    const drawn = await drawRefinements(root, spec, claims);
    expect(readFileSync(join(spec, "generated/refinements.svg"), "utf8")).toBe(drawn);
    for (const [, href = ""] of drawn.matchAll(/<a href="([^"#]+\.tla)"/g))
      expect(readFileSync(join(spec, "generated", href), "utf8")).toContain("MODULE");
  });
});
