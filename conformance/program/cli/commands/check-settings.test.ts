import { afterEach, beforeEach, expect, it } from "vitest";
import { chooseClaims } from "../../check/choose.js";
import { settingsFor } from "../../settings/settings.js";
import { COUNTER, claim, createFolder, type Folder, module, quiesce } from "../shared/program.fixture.js";
import { type ShownClaims, type ShownError, validated } from "../shared/schema.fixture.js";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

/** A model without an end, whose states are many. */
const ENDLESS = `VARIABLE x
Init == x = 0
Next == x' \\in {x + 1, x + 2, 2 * x + 1}
Spec == Init /\\ [][Next]_x
Small == x >= 0`;

async function chosen(): Promise<readonly (readonly [string, unknown])[]> {
  const settings = await settingsFor([folder.path], folder.path, false);
  const read = await chooseClaims(
    { paths: [folder.path], root: folder.path, full: false, settings },
    new AbortController().signal,
  );
  return read.claims.map(({ id, run }) => [id, run?.timeoutMs]);
}

it("counts settings less than a claim's header, and where that says nothing", async () => {
  folder.write({
    "quiesce.json": `{ "timeout": "2h", "memory": 512 }`,
    "M.tla": module("M", COUNTER),
    "M-own.cfg": claim("Verdict: holds\nTime-limit: 1h"),
    "M-other.cfg": claim("Verdict: holds"),
  });
  expect(await chosen()).toEqual([
    ["M-other", 7_200_000],
    ["M-own", 3_600_000],
  ]);
});

it("counts the command line more than the header", async () => {
  folder.write({
    "quiesce.json": `{ "timeout": "2h" }`,
    "M.tla": module("M", ENDLESS),
    "M.cfg": "\\* Verdict: holds\n\\* Time-limit: 1h\nSPECIFICATION Spec\nINVARIANT Small\n",
  });
  const { code, stdout } = await quiesce(["check", folder.path, "--json", "--timeout", "1"]);
  const { claims } = validated<ShownClaims>("check", stdout);
  expect(code).toBe(1);
  expect(claims[0]).toMatchObject({ verdict: "inconclusive", reason: "not decided within 1 s" });
});

it("uses libraries, and names what is ignored, and the settings", async () => {
  folder.write({
    "quiesce.json": `{ "libraries": ["../specs/lib"], "ignore": ["old"], "undeclared": true }`,
    ".quiesceignore": "older/",
    "lib/.quiesceignore": "*.cfg",
    "lib/Q.tla": module("Q", "Two == 2"),
    "N.tla": module("N", COUNTER).replace("EXTENDS", "EXTENDS Q,"),
    "N.cfg": claim("").replace(/^.*\n/, ""),
    "old/N.cfg": "no claim",
    "older/N.cfg": "no claim",
  });
  const { code, stdout } = await quiesce(["check", folder.path, "--json"]);
  const shown = validated<ShownClaims & { readonly settings: string }>("check", stdout);
  expect(code).toBe(0);
  expect(shown.claims.map(({ id, verdict }) => [id, verdict])).toEqual([["N", "holds"]]);
  expect(shown.settings).toMatch(/quiesce\.json$/);
  expect(shown.notLookedAt.map(({ reason }) => reason.replace(/\S*\//, ""))).toEqual([
    "ignored by quiesce.json, ignore[0]",
    "ignored by .quiesceignore:1",
  ]);
});

it.each([
  [`{ "time": 1 }`, [], "quiesce.json:1:3", 'unknown key "time"'],
  [`{ "java": "jdk" }`, [], "quiesce.json:1:3", "`java` chooses what runs"],
  [`{ "java": "jdk" }`, ["--trust"], "quiesce.json", "where no Java of version 11 or newer runs"],
])("refuses %s with %j as bad input, and decides nothing", async (text, options, where, message) => {
  folder.write({ "quiesce.json": text, "M.tla": module("M", COUNTER), "M.cfg": claim("Verdict: holds") });
  const { code, stdout } = await quiesce(["check", folder.path, "--json", ...options]);
  const { error } = validated<ShownError>("error", stdout);
  expect(code).toBe(2);
  expect(error.where).toContain(where);
  expect(error.message).toContain(message);
});
