import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { seen } from "../../../../spec/tlc/base/patient.fixture.js";
import type { BenchFigures } from "../../bench/figures.js";
import { KEPT } from "../../bench/kept.fixture.js";
import { createFolder, ending, quiesce, start } from "../shared/program.fixture.js";
import { type ShownError, validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());

/** A compiler that knows no liburcu, under another version, so that nothing is found that another one has compiled. */
folder.write({
  "bin/cc":
    '#!/bin/sh\n[ "$1" = --version ] && { echo "cc without liburcu"; exit; }\n' +
    'case "$*" in *urcu*) echo "side.h:7: urcu/urcu-memb.h: No such file or directory" >&2; exit 1;; esac\nexec gcc "$@"\n',
});
const CC = join(folder.path, "bin", "cc");
chmodSync(CC, 0o755);

const ONE = ["bench", "--quick", "--rounds", "1", "--only"] as const;

describe("bench", () => {
  it("measures one row, as JSON that its schema documents", async () => {
    const { code, stdout, stderr } = await quiesce([...ONE, "reader in a register", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { rows, quick, rounds } = validated<BenchFigures>("bench", stdout);
    expect({ quick, rounds }).toEqual({ quick: true, rounds: 1 });
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row?.ours?.median).toBeGreaterThan(0.1);
    if (row?.theirs) expect(row.ratio).toBe((row.ours?.median ?? 0) / row.theirs.median);
  });

  it("measures tracepoints, ours in any case, and LTTng-UST's where it is installed", async () => {
    const { code, stdout } = await quiesce(["bench", "--trace", "--quick", "--rounds", "1", "--json"]);
    expect(code).toBe(0);
    const { rows, notes } = validated<BenchFigures>("bench", stdout);
    expect(rows.length).toBeGreaterThanOrEqual(50);
    expect(rows.find(({ name }) => name.startsWith("event with 4 integers"))?.ours?.min).toBeGreaterThan(1);
    const isInstalled = !notes.join().includes("not installed");
    for (const { name, unit, ours, theirs, sides, problem } of rows) {
      expect([name, problem]).toEqual([name, undefined]);
      // What is counted, or taken from somebody, may be nothing.
      const least = ["each", "%"].includes(unit) || name.includes("interrupted") ? 0 : Number.MIN_VALUE;
      expect(ours?.min, name).toBeGreaterThanOrEqual(least);
      expect(ours?.median, name).toBeGreaterThanOrEqual(ours?.min ?? Number.NaN);
      if (isInstalled && sides.theirs !== null) expect(theirs?.median, name).toBeGreaterThanOrEqual(least);
    }
    // Of four words of eight bytes, and a head of four.
    expect(rows.find(({ unit }) => unit === "bytes")?.ours?.median).toBeGreaterThanOrEqual(36);
  });

  it("prints ours alone where liburcu is not installed, and says how to get it", async () => {
    const only = [...ONE, "grace*registered reader asleep"];
    const { code, stdout } = await quiesce(only, { env: { CC } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/grace period, a registered reader asleep +[\d.,]+ us +<= 0\.5\n/);
    expect(stdout).toContain("liburcu is not installed");
    expect(stdout).toContain("apt-get install liburcu-dev");
    const json = await quiesce([...only, "--json"], { env: { CC } });
    const { machine, rows } = validated<BenchFigures>("bench", json.stdout);
    expect(machine.liburcu).toBeNull();
    expect(rows[0]).toMatchObject({ theirs: null, ratio: null, met: null, ours: {} });
  });

  it("writes charts, and says where", async () => {
    const charts = join(folder.path, "charts");
    const { code, stdout } = await quiesce([...ONE, "memory", "--svg", charts]);
    expect(code).toBe(0);
    expect(readdirSync(charts)).toEqual(["group-memory.svg"]);
    expect(stdout).toMatch(/memory, a reader +88/);
    const more = await quiesce([...ONE, "read pairs", "--svg", charts]);
    expect(more.stdout).toContain(join(charts, "read-pairs-by-readers.svg"));
    expect(existsSync(join(charts, "read-pairs-by-readers.svg"))).toBe(true);
  });

  it("shows what was kept, with its machine, its date and its charts, and measures nothing", async () => {
    folder.write({ "kept.json": JSON.stringify(KEPT), "other.json": JSON.stringify({ ...KEPT, form: "x" }) });
    const kept = join(folder.path, "kept.json");
    const charts = join(folder.path, "charts of what was kept");
    const { code, stdout } = await quiesce(["bench", "--from", kept, "--svg", charts]);
    expect(code).toBe(0);
    expect(stdout).toContain("Measured on 2026-01-31 on made-up-2-cores");
    expect(readdirSync(charts)).toContain("timeline.svg");
    const json = await quiesce(["bench", "--from", kept, "--json"]);
    expect(validated<BenchFigures>("bench", json.stdout)).toEqual(KEPT.figures);
    const other = await quiesce(["bench", "--from", join(folder.path, "other.json")]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('its form is "x"');
  });

  it("refuses what can't be kept or shown, before it measures", async () => {
    for (const [options, problem] of [
      [["--keep", "me", "--only", "memory"], "--keep needs the figures of all rows"],
      [["--keep", "../me"], "--keep takes a name for this machine"],
      [["--from", "x.json", "--quick"], "so it goes without --quick"],
      [["--from", "x.json", "--keep", "me"], "so it goes without --keep"],
    ] as const) {
      const { code, stderr } = await quiesce(["bench", ...options]);
      expect({ options, code }).toEqual({ options, code: 2 });
      expect(stderr).toContain(problem);
    }
  });

  it("names the rows when none has the words", async () => {
    const { code, stdout, stderr } = await quiesce([...ONE, "read pear"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^--only {2}no row has "read pear" in its name\n[\s\S]*read pair, mb flavour\n/);
    const { stdout: list } = await quiesce(["bench", "--list"]);
    expect(list.split("\n")).toContain("read pair, mb flavour");
  });

  it("says that the folder for the charts can't be made before it measures for minutes", async () => {
    folder.write({ file: "" });
    const { code, stdout } = await quiesce([
      ...ONE,
      "memory",
      "--json",
      "--svg",
      join(folder.path, "file", "x"),
    ]);
    expect(code).toBe(2);
    expect(validated<ShownError>("error", stdout).error).toMatchObject({ where: "--svg", exitCode: 2 });
  });

  it("when interrupted, ends at once and leaves no measuring program behind", async () => {
    const child = start(["bench", "--only", "two updaters"]);
    const ended = ending(child);
    // A program that measures, not the compiler that makes it; the next one may have taken its place by now.
    const running = (): number | undefined =>
      execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
        .split("\n")
        .map((line) => /^\s*(\d+)\s+(\d+)\s+\S*\/bench-updaters\S*(?:\s|$)/.exec(line))
        .filter((found) => Number(found?.[2]) === child.pid)
        .map((found) => Number(found?.[1]))[0];
    const measuring = await seen("something is measured", running);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      code: 130,
      stdout: "",
      stderr: expect.stringMatching(/interrupted\n$/),
    });
    expect(existsSync(`/proc/${measuring}`)).toBe(false);
    expect(running()).toBeUndefined();
  });

  it.each([
    ["LTTng's daemon starts", /^lttng-sessiond /],
    ["LTTng's daemon records", /^\S*\/bench-trace-trace-lttng-/],
  ])("when interrupted while %s, leaves none behind", async (_, during) => {
    if (processes().some(({ words }) => words.startsWith("lttng-sessiond"))) return;
    if (!existsSync("/usr/bin/lttng-sessiond")) return;
    const child = start(["bench", "--trace", "--only", "written to disk"]);
    const ended = ending(child);
    const others = await seen(during.source, () => {
      const all = processes();
      const guard = all.find(({ parent, words }) => parent === child.pid && words.includes("lttng-sessiond"));
      const daemon = all.find(({ parent }) => parent === guard?.pid);
      const isOn = all.some(
        ({ parent, words }) => during.test(words) && [guard?.pid, child.pid].includes(parent),
      );
      return guard !== undefined && daemon !== undefined && isOn && [guard, daemon];
    });
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stdout: "" });
    const left = new Set(processes().map(({ pid }) => pid));
    expect(others.filter(({ pid }) => left.has(pid))).toEqual([]);
    const folders = [tmpdir(), "/dev/shm"].flatMap((parent) => readdirSync(parent));
    expect(folders.filter((name) => name.startsWith(`quiesce-${child.pid}-`))).toEqual([]);
  });
});

/** Whatever runs here now; a process that has ended is none. */
function processes(): { pid: number; parent: number; words: string }[] {
  return execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, stat = "", words = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return stat === "" || stat.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), words }];
    });
}
