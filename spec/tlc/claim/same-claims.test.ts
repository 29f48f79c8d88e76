import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createScratch, type Scratch } from "../base/scratch.js";
import { readClaims } from "./claim.js";
import { closeModules } from "./modules.js";

let home: Scratch;
beforeEach(async () => {
  home = await createScratch("test");
});
afterEach(async () => {
  await home.remove();
});
const at = (path: string): string => join(home.path, path);

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    const module = path.replace(/^.*\/|\.\w+$/g, "");
    const text = path.endsWith(".cfg")
      ? "\\* Verdict: holds\nSPECIFICATION Spec\n"
      : `---- MODULE ${module} ----\n====\n`;
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
}

async function ids(...paths: readonly string[]): Promise<readonly string[]> {
  const { claims, problems } = await readClaims(paths.map(at), at("ours"));
  expect(problems).toEqual([]);
  return claims.map(({ id }) => id);
}

describe("a claim that is reached in several ways", () => {
  it("is there once, under its own name", async () => {
    write("real/M.tla", "real/M.cfg", "some/N.tla", "some/N.cfg");
    symlinkSync(at("real"), at("some/link"));
    expect(await ids("some")).toEqual(["N", "link/M"]);
    expect(await ids("some", "some")).toEqual(["N", "link/M"]);
    expect(await ids("some", "real")).toEqual(["M", "N"]);
    expect(await ids("real", "real/M.cfg", "some/link/M.cfg")).toEqual(["M"]);
  });

  it("has its module beside the link, or else where it really is", async () => {
    write("real/M.tla", "real/M.cfg", "twin/M.tla");
    mkdirSync(at("alone"));
    for (const name of ["twin", "alone"]) symlinkSync(at("real/M.cfg"), at(`${name}/M.cfg`));
    const { claims } = await readClaims([at("alone"), at("twin"), at("real")], at("ours"));
    // The twin is another model.
    expect(claims.map(({ id, module }) => [id, module])).toEqual([
      ["real/M", at("real/M.tla")],
      ["twin/M", at("twin/M.tla")],
    ]);
  });
});

describe("claims with the same path below folders that were given side by side", () => {
  it("have the folders' names in front, as much as is needed", async () => {
    write("a/M.tla", "a/M.cfg", "b/M.tla", "b/M.cfg", "b/x/N.tla", "b/x/N.cfg");
    expect(await ids("a/M.cfg", "b/M.cfg")).toEqual(["a/M", "b/M"]);
    expect(await ids("a", "b")).toEqual(["a/M", "b/M", "x/N"]);
    write("c/a/M.tla", "c/a/M.cfg");
    expect(await ids("a", "c/a", "b/x")).toEqual(expect.arrayContaining(["c/a/M", "N"]));
    expect(new Set(await ids("a", "c/a"))).toHaveLength(2);
  });
});

describe("closeModules", () => {
  it("has the modules beside the claim's, also in a folder that is looked at only when it is named", async () => {
    write("ours/states/M.tla", "ours/states/N.tla");
    writeFileSync(at("ours/states/M.tla"), "---- MODULE M ----\nEXTENDS N\n====\n");
    const { files } = await closeModules(at("ours/states/M.tla"), at("ours"));
    expect(files.map(({ path }) => path)).toEqual([at("ours/states/M.tla"), at("ours/states/N.tla")]);
  });

  it("takes a module that is reached in several ways for one", async () => {
    write("ours/a/M.tla", "ours/b/N.tla");
    writeFileSync(at("ours/a/M.tla"), "---- MODULE M ----\nEXTENDS N\n====\n");
    mkdirSync(at("ours/c"));
    symlinkSync(at("ours/b/N.tla"), at("ours/c/N.tla"));
    const { files } = await closeModules(at("ours/a/M.tla"), at("ours"));
    expect(files.map(({ path }) => path)).toEqual([at("ours/a/M.tla"), at("ours/b/N.tla")]);
  });
});
