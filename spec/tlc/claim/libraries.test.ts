import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLibraries } from "./libraries.js";
import { closeModules } from "./modules.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-libraries-"));
  await mkdir(join(folder, "own"));
  await mkdir(join(folder, "library"));
  await writeFile(
    join(folder, "own", "A.tla"),
    "---- MODULE A ----\nEXTENDS TLAPS, Shared, FiniteSetTheorems, Nowhere\n====",
  );
  await writeFile(join(folder, "library", "Shared.tla"), "---- MODULE Shared ----\n====");
  await writeFile(join(folder, "text.jar"), "no jar");
  // The beginning of a zip archive, and the name of a file in its directory.
  await writeFile(join(folder, "some.jar"), Buffer.from("PK\x03\x04 ... \0Nowhere.tla", "latin1"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const libraries = (...paths: readonly string[]) =>
  readLibraries(
    paths.map((path) => ({ path: join(folder, path), from: "--library" })),
    {},
  );
const own = (): string => join(folder, "own", "A.tla");

describe("closeModules beyond a claim's own folder", () => {
  it("takes a stub for what only proofs need, and for nothing else", async () => {
    const { files, stubs } = await closeModules(own(), join(folder, "own"));
    expect(stubs).toEqual([
      "FiniteSetTheorems",
      "Functions",
      "NaturalsInduction",
      "TLAPS",
      "WellFoundedInduction",
    ]);
    expect(files.map(({ name }) => name)).toEqual(["A", ...stubs]);
    expect(files.find(({ name }) => name === "TLAPS")?.text).toMatch(/^SMTT\(X\) == TRUE$/m);
  });

  it("prefers a library's module, and a jar's, to a stub", async () => {
    await writeFile(join(folder, "library", "TLAPS.tla"), "---- MODULE TLAPS ----\n====");
    const { files, stubs, jars, folders } = await closeModules(
      own(),
      join(folder, "own"),
      await libraries("library", "some.jar"),
    );
    expect(stubs).not.toContain("TLAPS");
    expect(files.find(({ name }) => name === "Shared")?.path).toBe(join(folder, "library", "Shared.tla"));
    expect(folders).toContain(join(folder, "library"));
    expect(jars.map(({ path }) => path)).toEqual([join(folder, "some.jar")]);
  });

  it("names Java beside a module, which is not run, and takes a jar that has it", async () => {
    await mkdir(join(folder, "java"));
    for (const name of ["B.tla", "B.class", "Other.class"]) await writeFile(join(folder, "java", name), "");
    const of = async (...paths: readonly string[]) => {
      const root = join(folder, "java");
      const { java, jars } = await closeModules(join(root, "B.tla"), root, await libraries(...paths));
      return { java, jars: jars.map(({ path }) => path) };
    };
    expect(await of()).toEqual({ java: [join(folder, "java", "B.class")], jars: [] });
    const jar = async (name: string, file: string): Promise<void> =>
      await writeFile(join(folder, name), Buffer.from(`PK\x03\x04 ... \0${file}`, "latin1"));
    await jar("java.jar", "B.class");
    expect(await of("java.jar")).toEqual({ java: [], jars: [join(folder, "java.jar")] });
    // In a package, it is no module's.
    await jar("package.jar", "some/B.class");
    expect((await of("package.jar")).jars).toEqual([]);
  });

  it("prefers a library's module to one of another folder that happens to have its name", async () => {
    const root = join(folder, "several");
    for (const name of ["one", "two"]) await mkdir(join(root, name), { recursive: true });
    await writeFile(join(root, "one", "M.tla"), "---- MODULE M ----\nEXTENDS Shared\n====");
    for (const place of ["two", "one"]) {
      await writeFile(join(root, place, "Shared.tla"), "---- MODULE Shared ----\n====");
      const { files } = await closeModules(join(root, "one", "M.tla"), root, await libraries("library"));
      const expected = place === "two" ? join(folder, "library") : join(root, "one");
      expect(files.find(({ name }) => name === "Shared")?.path).toBe(join(expected, "Shared.tla"));
    }
  });

  it("refuses a library that is none, and names where it was given", async () => {
    await expect(libraries("absent")).rejects.toMatchObject({
      message: expect.stringContaining("does not exist"),
      where: "--library",
    });
    await expect(libraries("text.jar")).rejects.toMatchObject({
      message: expect.stringContaining("neither a folder nor a jar"),
    });
    const env = { QUIESCE_LIBRARY: join(folder, "absent") };
    await expect(readLibraries([], env)).rejects.toMatchObject({ where: "QUIESCE_LIBRARY" });
    const found = await readLibraries([], { QUIESCE_LIBRARY: join(folder, "library") });
    expect(found.folders).toEqual([join(folder, "library")]);
  });
});
