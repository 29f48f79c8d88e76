import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClaims } from "../../../spec/tlc/claim/claim.js";
import { type Choice, chooseClaims } from "./choose.js";
import { changedSince, commitOf } from "./commit.js";
import { readLedger, staleClaims, withDecided, writeLedger } from "./ledger.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "quiesce-choose-")));
const signal = new AbortController().signal;
afterAll(() => rmSync(root, { recursive: true }));

const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
    cwd: root,
    encoding: "utf8",
  });
const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
const claim = (module: string, more = ""): string =>
  `\\* Claim: It holds.\n\\* Module: ${module}\n\\* Verdict: holds\n${more}SPECIFICATION Spec\n`;
const module = (name: string, body = ""): string =>
  `---- MODULE ${name} ----\nEXTENDS Base\nVARIABLE x\nSpec == x = 1 /\\ [][FALSE]_x\n${body}====\n`;

/** The ids chosen, and how many were left out. */
async function choose(choice: Partial<Choice>): Promise<[readonly string[], number]> {
  const { claims, leftOut } = await chooseClaims({ paths: [], root, full: false, ...choice }, signal);
  return [claims.map(({ id }) => id), leftOut];
}

beforeAll(() => {
  write("Base.tla", "---- MODULE Base ----\nEXTENDS Naturals\n====\n");
  write("A.tla", module("A"));
  write("B.tla", module("B"));
  write("A.cfg", claim("A"));
  write("A-large.cfg", claim("A", "\\* Set: full\n\\* States: 9\n"));
  write("B-large.cfg", claim("B", "\\* Set: full\n"));
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
});

describe("chooseClaims", () => {
  it("leaves the full set out unless it is asked for", async () => {
    expect(await choose({})).toEqual([["A"], 2]);
    expect(await choose({ full: true })).toEqual([["A", "A-large", "B-large"], 0]);
  });

  it("takes of the full set what a change touches: the configuration, the module, or one below it", async () => {
    expect(await choose({ since: "HEAD" })).toEqual([["A"], 2]);
    write("B.tla", module("B", "Other == x\n"));
    expect(await choose({ since: "HEAD" })).toEqual([["A", "B-large"], 1]);
    git("commit", "--quiet", "-am", "second");
    expect(await choose({ since: "HEAD" })).toEqual([["A"], 2]);
    expect(await choose({ since: "HEAD~1" })).toEqual([["A", "B-large"], 1]);
    write("Base.tla", "---- MODULE Base ----\nEXTENDS Integers\n====\n");
    expect(await choose({ since: "HEAD" })).toEqual([["A", "A-large", "B-large"], 0]);
    git("checkout", "--quiet", ".");
    write("B-fresh.cfg", claim("B", "\\* Set: full\n"));
    expect(await choose({ since: "HEAD" })).toEqual([["A", "B-fresh"], 2]);
    rmSync(join(root, "B-fresh.cfg"));
  });

  it("refuses a commit that git does not know, or that looks like an option", async () => {
    for (const since of ["no-such-commit", "--output=x", ""])
      await expect(choose({ since })).rejects.toThrow(`--since: git knows no commit "${since}" here`);
  });

  it("deals the claims to shares: each has its part of the large ones, and each claim is in one", async () => {
    const share = (part: number, of: number) => choose({ full: true, share: { part, of } });
    expect(await share(1, 2)).toEqual([["A", "A-large"], 0]);
    expect(await share(2, 2)).toEqual([["B-large"], 0]);
    const parts = await Promise.all([1, 2, 3].map((part) => share(part, 3)));
    expect(parts.flatMap(([ids]) => ids).toSorted()).toEqual(["A", "A-large", "B-large"]);
    await expect(share(4, 4)).rejects.toThrow("share 4/4 is empty: there are only 3 claims");
  });
});

describe("the ledger of decided claims", () => {
  const file = join(root, "ledger", "decided.json");
  const at = { commit: "abc", date: "2026-11-29" };
  const all = async () => (await readClaims([], root)).claims;
  const stale = async () => (await staleClaims(await all(), await readLedger(file))).map(({ id }) => id);

  it("knows what was decided, until the claim says something else", async () => {
    expect(await stale()).toEqual(["A", "A-large", "B-large"]);
    const claims = await all();
    const decided = claims.map((claim) => ({ claim, fromCache: true }));
    await writeLedger(file, await withDecided(await readLedger(file), decided, at, claims));
    expect(await stale()).toEqual([]);
    write("B.tla", module("B", "\\* a remark\nOther == x\n"));
    expect(await stale()).toEqual([]);
    write("B.tla", module("B"));
    expect(await stale()).toEqual(["B-large"]);
    expect(await choose({ staleIn: file })).toEqual([["B-large"], 0]);
    write("A-large.cfg", claim("A", "\\* Set: full\n\\* States: 8\n"));
    expect(await stale()).toEqual(["A-large", "B-large"]);
    git("checkout", "--quiet", ".");
  });

  it("keeps a row that is only recalled, and renews one that TLC decided again", async () => {
    const claims = (await all()).filter(({ id }) => id !== "B-large");
    const decided = claims.map((claim) => ({ claim, fromCache: claim.id === "A" }));
    const next = await withDecided(await readLedger(file), decided, { ...at, commit: "def" }, claims);
    expect([...next].map(([id, { commit }]) => [id, commit])).toEqual([
      ["A", "abc"],
      ["A-large", "def"],
    ]);
  });

  it("forgets what is gone, and what says something else by now", async () => {
    write("A-large.cfg", claim("A", "\\* Set: full\n\\* States: 7\n"));
    const claims = (await all()).filter(({ id }) => id !== "B-large");
    const next = await withDecided(await readLedger(file), [], at, claims);
    expect([...next.keys()]).toEqual(["A"]);
    git("checkout", "--quiet", ".");
  });

  it("is one line a claim, so that a change touches few lines", () => {
    const lines = readFileSync(file, "utf8").split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "{",
      '  "madeBy": "Written by `quiesce check --record`. Do not edit.",',
      '  "decided": {',
      expect.stringMatching(/^ {4}"A": \{"meaning":"[0-9a-f]{16}","commit":"abc","date":"2026-11-29"\},$/),
    ]);
  });

  it.each(["", "[]", "{}", '{"decided": []}', '{"decided": {"A": {"meaning": 1}}}'])(
    "refuses a file that is none: %j",
    async (text) => {
      write("none.json", text);
      await expect(readLedger(join(root, "none.json"))).rejects.toThrow(
        "this is not a ledger of decided claims",
      );
    },
  );
});

describe("commitOf", () => {
  it("marks a commit that the files differ from", async () => {
    const commit = git("rev-parse", "--short=12", "HEAD").trim();
    rmSync(join(root, "none.json"));
    rmSync(join(root, "ledger"), { recursive: true });
    expect(await commitOf(root, signal)).toBe(commit);
    write("A.cfg", claim("A", "\\* Idle: Spec\n"));
    expect(await commitOf(root, signal)).toBe(`${commit}+`);
    expect([...(await changedSince("HEAD", root, signal))]).toEqual([join(root, "A.cfg")]);
    git("checkout", "--quiet", ".");
  });

  it("takes only a commit that git does not know for an unknown one", async () => {
    await expect(changedSince("nowhere", root, signal)).rejects.toThrow('git knows no commit "nowhere"');
    await expect(changedSince("HEAD^{tree}", root, signal)).rejects.toThrow("git knows no commit");
    const bin = join(root, "bin");
    mkdirSync(bin);
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    const broken = `#!/bin/sh\ncase "$*" in *--verify*) echo 'fatal: out of memory' >&2; exit 128;; esac\nexec ${real} "$@"\n`;
    writeFileSync(join(bin, "git"), broken, { mode: 0o755 });
    const path = process.env["PATH"];
    process.env["PATH"] = `${bin}:${path}`;
    try {
      await expect(changedSince("HEAD", root, signal)).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining("git rev-parse failed in"),
      });
    } finally {
      process.env["PATH"] = path;
      rmSync(bin, { recursive: true });
    }
  });

  it("says so where there is no repository", async () => {
    await expect(commitOf("/", signal)).rejects.toThrow("git rev-parse failed in /");
  });
});
