import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createFolder, ending, quiesce, start } from "../shared/program.fixture.js";
import { type ShownError, validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());

interface Shown {
  readonly verdict: string;
  readonly walked: readonly { readonly taken: number; readonly edges: number }[];
  readonly differences: readonly unknown[];
  readonly gaps: readonly { readonly claim: string; readonly sentence: string }[];
}

/** Compiling it, and its first processes, take a second on a quiet machine. */
const PATIENT = { timeout: 120_000, interval: 100 };

const TAP = `TAP version 13
# query: 0x3ff
not ok 1 - membarrier/registration/Api-walk, path 1, step 2
  ---
  before: registered: GE
  call: 1: PRIVATE_EXPEDITED flags 0
  expected: EPERM
  answer: 0
  path: 1: REGISTER_GLOBAL_EXPEDITED flags 0;${" "}
  ...
# walked: membarrier/registration/Api-walk 1 of 2 edges, 1 different, 0 undecided
not ok 2 - ordering GLOBAL_EXPEDITED, x: both loads missed in 3 of 9 rounds # TODO gap: membarrier/registration/Registration-exit
1..2
# verdict: differs
`;

describe("quiesce kernel", () => {
  it("reports on this kernel, as JSON by its schema", async () => {
    const { code, stdout } = await quiesce(["kernel", "--no-ordering", "--json"]);
    const { verdict, walked, differences } = validated<Shown>("kernel", stdout);
    expect([
      ["conforms", 0],
      ["unavailable", 3],
    ]).toContainEqual([verdict, code]);
    expect(differences).toEqual([]);
    if (verdict === "conforms") for (const { taken, edges } of walked) expect(taken).toBe(edges);
  });

  it("ends immediately when it is interrupted, says what it has found, and leaves no process", async () => {
    const child = start(["kernel", "--tap", "--rounds", "100000000"]);
    const ended = ending(child);
    await expect.poll(() => programsOf(child.pid).length, PATIENT).toBeGreaterThan(1);
    const ours = programsOf(child.pid);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^TAP version 13\n[\s\S]*\nBail out! interrupted\n$/);
    const left = (): number[] => programs().flatMap(({ id }) => (ours.includes(id) ? [id] : []));
    await expect.poll(left, PATIENT).toEqual([]);
  });

  it("--read shows what was printed elsewhere: the edge that differs, and what a gap is", async () => {
    folder.write({ "other.tap": TAP });
    const text = await quiesce(["kernel", "--read", "other.tap"], { cwd: folder.path });
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /before +registered: GE\n +call +1: PRIVATE_EXPEDITED flags 0\n +expected +EPERM\n/,
    );
    expect(text.stdout).toMatch(/answer +0\n +path +1: REGISTER_GLOBAL_EXPEDITED flags 0\n/);
    expect(text.stdout).toContain("npx quiesce check membarrier/registration/Registration-exit --explain");
    const json = await quiesce(["kernel", "--read", "other.tap", "--json"], { cwd: folder.path });
    expect(validated<Shown>("kernel", json.stdout).gaps[0]?.sentence).toMatch(/^Today an exit makes/);
  });

  it("--explain shows the counterexample of a gap", async () => {
    folder.write({ "gap.tap": TAP });
    const { stdout } = await quiesce(["kernel", "--read", "gap.tap", "--explain"], { cwd: folder.path });
    expect(stdout).toContain("RegisteredAreReached is violated");
    expect(stdout).toMatch(/Exit/);
  });

  it.each([
    ["nothing.tap", undefined, /nothing\.tap {2}cannot read what the program printed: there is no such file/],
    ["early.tap", TAP.replace(/1\.\.2[\s\S]*/, ""), /early\.tap {2}.*it ends early/],
    ["other.tap", "ok\n", /other\.tap {2}.*line 1 of its output is not TAP: ok\n {2}It takes all/],
    [
      "binary.tap",
      Uint8Array.from({ length: 2000 }, (_, i) => (i * 7) % 256),
      /binary\.tap {2}.*the file is not UTF-8/,
    ],
  ])("--read %s ends with 2 and says why", async (name, content, message) => {
    if (content !== undefined) folder.write({ [name]: content });
    const { code, stdout, stderr } = await quiesce(["kernel", "--read", name], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    const json = await quiesce(["kernel", "--json", "--read", name], { cwd: folder.path });
    expect(validated<ShownError>("error", json.stdout).error).toMatchObject({ where: name, exitCode: 2 });
  });

  it("--emit writes one C file, whole or not at all", async () => {
    const file = join(folder.path, "one.c");
    expect(await quiesce(["kernel", "--emit", file])).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(file, "utf8")).not.toMatch(/^#\s*include "/m);
    const bad = await quiesce(["kernel", "--emit", join(folder.path, "nowhere", "one.c")]);
    expect(bad).toMatchObject({ code: 2, stdout: "" });
    expect(bad.stderr).toMatch(/can't be written to .*: its folder does not exist/);
    expect(existsSync(join(folder.path, "nowhere"))).toBe(false);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

/** All processes of the compiled program, whoever has started them. */
function programs(): { readonly id: number; readonly parent: number }[] {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return [...all.matchAll(/^\s*(\d+)\s+(\d+) \S*\/build\/native\/kernel-/gm)].map(([, id, parent]) => ({
    id: Number(id),
    parent: Number(parent),
  }));
}

/** Those of one run: another test's may run beside it. */
function programsOf(run: number | undefined): number[] {
  const all = programs();
  const found = [run ?? -1];
  for (const one of found) found.push(...all.flatMap(({ id, parent }) => (parent === one ? [id] : [])));
  return found.slice(1);
}
