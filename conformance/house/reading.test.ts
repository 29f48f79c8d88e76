import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../base/root.js";
import { sourcesOf } from "./files.js";
import { brokenLinks, obscureSource, unmentioned } from "./reading.js";

const page = (path: string) => ({ path, text: readFileSync(join(root, path), "utf8") });
const chapter = page("spec/README.md");
const topics = sourcesOf(root, [".tla", ".cfg"]).filter(({ path }) => /^spec\/(?!tlc\/)[^/]+\//.test(path));
const modules = topics.map(({ path }) => path).filter((path) => path.endsWith(".tla"));

describe("spec/README.md leads to every module", () => {
  it("holds", () => expect(unmentioned(chapter, modules)).toEqual([]));

  it("would notice a module without a line", () => {
    expect(modules.length).toBeGreaterThan(20);
    expect(unmentioned(chapter, ["spec/rcu/number-steps/Urcu.tla", "spec/rcu/New.tla"])).toEqual([
      { where: "spec/README.md", reason: "no line leads to spec/rcu/New.tla" },
    ]);
  });
});

const documents = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`)
  .toSorted();

describe("what a page links to is there", () => {
  it.each([
    ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "spec/README.md", "spec/CLAIMS.md"],
    ...documents,
  ])("holds for %s", (path) => {
    expect(brokenLinks(page(path), (target) => existsSync(join(root, target)))).toEqual([]);
  });

  it("would notice a link to the page of a claim that is gone", () => {
    const text = "[a](generated/claims/a%20b.md#x) and [b](https://example.org/) and [c](#here)";
    expect(brokenLinks({ path: "spec/README.md", text }, () => false)).toEqual([
      { where: "spec/README.md", reason: "a link leads to spec/generated/claims/a b.md, which isn't there" },
    ]);
  });
});

describe("every claim names a source that its reader can find", () => {
  const claims = topics.filter(({ path }) => path.endsWith(".cfg"));

  it("holds", () => expect(claims.flatMap(obscureSource)).toEqual([]));

  it("would notice a claim without one, or with one that isn't in the repository", () => {
    expect(claims.length).toBeGreaterThan(90);
    expect(obscureSource({ path: "a.cfg", text: "\\* Claim: x\nSPECIFICATION S" })).toHaveLength(1);
    expect(obscureSource({ path: "a.cfg", text: "\\* Source: design, section 9" })).toHaveLength(1);
    expect(obscureSource({ path: "a.cfg", text: "\\* Source: this project: Urcu" })).toEqual([]);
  });
});
