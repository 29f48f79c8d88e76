import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findTools, type Tools } from "../../../../spec/tlc/tools/tools.js";
import { createFolder, type Folder, quiesce } from "../shared/program.fixture.js";
import { type ShownClaims, validated } from "../shared/schema.fixture.js";

let folder: Folder;
let tools: Tools;
beforeAll(async () => {
  folder = createFolder();
  tools = await findTools();
});
afterAll(() => folder.remove());

function algorithm(name: string, body = "x := x + 1;"): string {
  return `---- MODULE ${name} ----\nEXTENDS Naturals\n(* --algorithm ${name} {\n  variables x = 0;\n  { a: ${body} }\n} *)\n====\n`;
}

/** The module as the translator leaves it. */
function translated(name: string): string {
  folder.write({ [`${name}.tla`]: algorithm(name) });
  execFileSync(tools.java.command, ["-cp", tools.jar.path, "pcal.trans", "-nocfg", `${name}.tla`], {
    cwd: folder.path,
    stdio: "ignore",
  });
  rmSync(join(folder.path, `${name}.old`));
  return readFileSync(join(folder.path, `${name}.tla`), "utf8");
}

it("names a translation that is not of its algorithm, and why, and writes nothing", async () => {
  const fine = translated("Fine");
  const ours = (name: string): string => fine.replaceAll("Fine", name);
  const config = "SPECIFICATION Spec\n";
  folder.write({
    "Changed.tla": translated("Changed").replace("x := x + 1", "x := x + 2"),
    "Hand.tla": translated("Hand").replace("x' = x + 1", "x' = x + 3"),
    // Nothing was noted.
    "Old.tla": ours("Old")
      .replace(/BEGIN TRANSLATION.*/, "BEGIN TRANSLATION")
      .replace("x' = x + 1", "x' = x + 3"),
    "Wrong.tla": translated("Wrong").replace("x := x + 1;", "x = x + 1;"),
    "None.tla": algorithm("None"),
    ...Object.fromEntries(
      ["Fine", "Changed", "Hand", "Old", "Wrong", "None"].map((name) => [`${name}.cfg`, config]),
    ),
  });
  const before = readdirSync(folder.path);
  const run = async (...options: string[]) => {
    const { code, stdout } = await quiesce(["check", folder.path, "--undeclared", "--json", ...options]);
    interface Shown extends ShownClaims {
      readonly translations: readonly {
        readonly file: string;
        readonly line: number;
        readonly why: string;
      }[];
    }
    const { claims, translations } = validated<Shown>("check", stdout);
    const named = translations.map(({ file, why }) => [file.replace(/.*\//, ""), why.replace(/:.*/s, "")]);
    return { code, claims, translations, named };
  };
  const first = await run();
  expect(first.named).toEqual([
    ["Changed.tla", "the algorithm was changed after it was translated"],
    ["Hand.tla", "the translation was changed by hand"],
    ["Old.tla", "the translation is not what this translator makes of the algorithm"],
    ["Wrong.tla", "the algorithm can't be translated"],
  ]);
  expect(first.claims.filter(({ verdict }) => verdict !== "holds")).toMatchObject([
    { id: "None", reason: expect.stringMatching(/^the PlusCal algorithm in None has no translation/) },
  ]);
  expect(first.code).toBe(1);
  // From what was kept.
  expect((await run()).translations).toEqual(first.translations);
  expect(readdirSync(folder.path)).toEqual(before);

  rmSync(join(folder.path, "None.cfg"));
  expect((await run()).code).toBe(0);
  expect((await run("--strict")).code).toBe(1);
});
