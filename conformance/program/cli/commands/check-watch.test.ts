import { once } from "node:events";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  COUNTER,
  claim,
  createFolder,
  type Folder,
  module,
  quiesce,
  start,
} from "../shared/program.fixture.js";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

interface Line {
  readonly kind?: string;
  readonly id?: string;
  readonly verdict?: string;
  readonly claims?: number;
  readonly files?: readonly string[];
  readonly problems?: readonly { readonly message: string }[];
  readonly error?: { readonly message: string };
}

/** A watching program, and its lines of JSON as they come. */
function watching(...options: readonly string[]) {
  const child = start(["check", folder.path, "--watch", "--json-lines", ...options]);
  const lines: Line[] = [];
  let rest = "";
  let wake = (): void => undefined;
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((part) => JSON.parse(part) as Line));
    wake();
  });
  child.on("close", () => wake());
  /** All lines up to the next one that is wanted. */
  const until = async (wanted: (line: Line) => boolean): Promise<readonly Line[]> => {
    for (;;) {
      const found = lines.findIndex(wanted);
      if (found >= 0) return lines.splice(0, found + 1);
      if (child.exitCode !== null) throw new Error(`it has ended: ${JSON.stringify(lines)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const round = async () => {
    const all = await until(({ kind }) => kind === "summary");
    const decided = all.filter(({ kind }) => kind === "claim").map(({ id, verdict }) => [id, verdict]);
    return { decided, summary: all.at(-1), changes: all.filter(({ kind }) => kind === "change") };
  };
  return { child, until, round };
}

/** Saves as editors do: a new file, which takes the old one's place. */
function save(name: string, text: string): void {
  const file = join(folder.path, name);
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

it("decides again what a change touches, whatever becomes of the files, and ends with Ctrl-C", async () => {
  folder.write({
    "A.tla": module("A", COUNTER),
    "A.cfg": claim("Verdict: holds"),
    "B.tla": module("B", COUNTER),
    "B.cfg": claim("Verdict: holds"),
  });
  const { child, until, round } = watching();
  const ended = once(child, "close");
  expect((await round()).decided.sort()).toEqual([
    ["A", "holds"],
    ["B", "holds"],
  ]);
  save("A.tla", module("A", COUNTER.replace("x + 1", "x + 2")));
  const second = await round();
  expect(second.decided).toEqual([["A", "violated"]]);
  expect(second.changes[0]?.files?.map((file) => file.replace(/.*\//, ""))).toContain("A.tla");
  save("A.tla", "---- MODULE A ----\nhalf a");
  expect((await round()).decided).toEqual([["A", "inconclusive"]]);
  save("B.cfg", "\\* Verdikt: holds\nSPECIFICATION Spec\n");
  const broken = await round();
  expect(broken.decided).toEqual([]);
  expect(broken.summary?.problems?.map(({ message }) => message)).toContain("unknown key Verdikt");
  for (const name of ["A.cfg", "B.cfg"]) rmSync(join(folder.path, name));
  await until(({ error }) => error?.message.includes("there is no claim") === true);
  // In a folder that was not there.
  mkdirSync(join(folder.path, "new"));
  folder.write({ "new/C.tla": module("C", COUNTER) });
  save("new/C.cfg", claim("Verdict: holds"));
  expect((await round()).decided).toEqual([["new/C", "holds"]]);
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(readdirSync(folder.path).sort()).toEqual(["A.tla", "B.tla", "new"]);
});

it("begins again when what is being decided changes", async () => {
  const endless = COUNTER.replace("x < Top /\\ x' = x + 1", "x' \\in {x + 1, 2 * x + 1}");
  folder.write({ "A.tla": module("A", endless.replace("Small == x <= Top", "Small == x >= 0")) });
  folder.write({ "A.cfg": claim("Verdict: holds") });
  const { child, round } = watching();
  const ended = once(child, "close");
  // It is read by now, or will be.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  save("A.tla", module("A", COUNTER));
  expect((await round()).decided).toEqual([["A", "holds"]]);
  child.kill("SIGTERM");
  expect((await ended)[0]).toBe(130);
});

it.each([
  [["--json"], "cannot be used with"],
  [["--init"], "cannot be used with"],
])("does not go with %j", async (options, message) => {
  const { code, stdout, stderr } = await quiesce(["check", folder.path, "--watch", ...options]);
  expect(code).toBe(2);
  expect(stdout + stderr).toContain(message);
});
