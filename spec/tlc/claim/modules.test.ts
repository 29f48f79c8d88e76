import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { BadInputError } from "../base/errors.js";
import { withScratch } from "../base/scratch.js";
import { closeModules, mentionedModules } from "./modules.js";

/** Writes modules, given as path without `.tla` and body, and closes the first one. */
async function close(modules: Record<string, string>, root = ".") {
  return await withScratch("test", async (folder) => {
    for (const [path, body] of Object.entries(modules)) {
      const file = join(folder, `${path}.tla`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, body);
    }
    const [first] = Object.keys(modules);
    const closure = await closeModules(join(folder, `${first}.tla`), join(folder, root));
    return {
      files: closure.files.map((file) => relative(folder, file.path)),
      folders: closure.folders.map((path) => relative(folder, path)),
      impure: closure.impure,
    };
  });
}

describe("mentionedModules", () => {
  it("reads EXTENDS over several lines and every kind of INSTANCE", () => {
    const text = `---- MODULE A ----
      EXTENDS B,
        C , D
      LOCAL INSTANCE E
      F == INSTANCE G WITH x <- y
      H(z) == INSTANCE I`;
    expect(mentionedModules(text)).toEqual(["B", "C", "D", "E", "G", "I"]);
  });

  it("is not misled by comments and strings", () => {
    const text = `(* INSTANCE A (* INSTANCE B *) " INSTANCE C \\* *) INSTANCE Yes1
      \\* INSTANCE D (*
      x == "INSTANCE E (*" \\o "\\" INSTANCE F"
      INSTANCE Yes2 \\* (* INSTANCE G
      y == a \\/ b /\\ (c) INSTANCE Yes3`;
    expect(mentionedModules(text)).toEqual(["Yes1", "Yes2", "Yes3"]);
  });
});

describe("closeModules", () => {
  it("includes a user's module with the name of a standard one", async () => {
    const found = await close({ Model: "EXTENDS Naturals", Naturals: "", "deep/Sequences": "" });
    expect(found.files).toEqual(["Model.tla", "Naturals.tla"]);
  });

  it("finds what a module depends on anywhere below the root, and nothing else", async () => {
    const found = await close({
      "rcu/ReadSide": "EXTENDS Machine, Naturals",
      "machine/Machine": "EXTENDS Instruction",
      "machine/Instruction": "LOCAL INSTANCE Sequences",
      "litmus/Other": "EXTENDS Machine",
    });
    expect(found.files).toEqual(["rcu/ReadSide.tla", "machine/Instruction.tla", "machine/Machine.tla"]);
    expect(found.folders).toEqual(["rcu", "machine"]);
    expect(found.impure).toBe(false);
  });

  it("prefers the module's own folder, even for what its dependencies mention", async () => {
    const found = await close({ "a/A": "EXTENDS B", "b/B": "EXTENDS C", "a/C": "", "b/C": "" });
    expect(found.files).toEqual(["a/A.tla", "b/B.tla", "a/C.tla"]);
  });

  it("follows a circle once", async () => {
    const found = await close({ A: "EXTENDS B", B: "INSTANCE A" });
    expect(found.files).toEqual(["A.tla", "B.tla"]);
  });

  it("reports a name that several folders have, and a module that isn't there", async () => {
    const ambiguous = await close({ "a/A": "EXTENDS C", "b/C": "1", "c/C": "2" }).catch((e: unknown) => e);
    expect(ambiguous).toBeInstanceOf(BadInputError);
    expect(ambiguous).toMatchObject({
      message: expect.stringMatching(/module C is in several folders: .*b, .*c/),
      where: expect.stringMatching(/A\.tla$/),
    });
    await expect(closeModules("/no/such/Module.tla", ".")).rejects.toThrow("there is no such module");
  });

  it("takes TLC's own modules from TLC, copies for one, and a module inside a module for no file", async () => {
    const standard = await close({ "a/A": "EXTENDS Naturals", "b/Naturals": "1", "c/Naturals": "2" });
    expect(standard.files).toEqual(["a/A.tla"]);
    const copies = await close({ "a/A": "EXTENDS C", "b/C": "same", "c/C": "same" });
    expect(copies.files).toEqual(["a/A.tla", "b/C.tla"]);
    const text = "---- MODULE A ----\n---- MODULE C ----\nx == 1\n====\nI == INSTANCE C\n====";
    expect((await close({ "a/A": text, "b/C": "1", "c/C": "2" })).files).toEqual(["a/A.tla"]);
  });

  it("does not mind a name in several folders that nothing depends on", async () => {
    expect((await close({ "a/A": "", "b/C": "", "c/C": "" })).files).toEqual(["a/A.tla"]);
  });

  it("sees that the outcome depends on more than the files", async () => {
    expect((await close({ A: "EXTENDS B", B: "x == RandomElement({1, 2})" })).impure).toBe(true);
    expect((await close({ A: "EXTENDS IOUtils" })).impure).toBe(true);
  });
});
