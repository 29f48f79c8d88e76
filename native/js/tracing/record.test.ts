import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildController } from "./controller.js";
import {
  ALL_OFF,
  ALL_ON,
  babeltrace,
  buildFake,
  foldersOf,
  fresh,
  hasBabeltrace,
  Running,
  told,
  wrongWith,
} from "./trace.fixture.js";

const controller = await buildController();
const fake = await buildFake();

/** Runs a recorder from before the programs to after their end. */
async function recorded(directory: string, out: string, ...programs: string[][]): Promise<Running[]> {
  const recorder = new Running([controller, "record", directory, out]);
  await recorder.said('"recording"');
  const running = programs.map((words) => new Running([fake, directory, ...words]));
  for (const program of running) await program.ended();
  expect(await recorder.end("SIGINT")).toBe(0);
  return [recorder, ...running];
}

/** In the file `control`, see native/tracepoint/layout.h. */
const OFFSET_OF_ACTIVE = 2 * 128 + 8;

const FIELDS = [
  "fake:integers: { a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0x0, j = 0x0, k = 0x0, l = 0x0 }",
  "fake:integers: { a = 255, b = 65535, c = 4294967295, d = 18446744073709551615, e = -1, f = -1, g = -1, h = -1, i = 0xFF, j = 0xFFFF, k = 0xFFFFFFFF, l = 0xFFFFFFFFFFFFFFFF }",
  "fake:integers: { a = 255, b = 65535, c = 4294967295, d = 18446744073709551615, e = -128, f = -32768, g = -2147483648, h = -9223372036854775808, i = 0xFF, j = 0xFFFF, k = 0xFFFFFFFF, l = 0xFFFFFFFFFFFFFFFF }",
  "fake:floats: { single = 0, twice = -1.5 }",
  "fake:floats: { single = 3.40282e+38, twice = 2.22507e-308 }",
  'fake:strings: { one = "", two = "" }',
  'fake:strings: { one = "a text of more than a few characters, with \\"quotes\\", \\\\ and ä", two = "" }',
  "fake:sequences: { _bytes_length = 3, bytes = [ [0] = 1, [1] = 2, [2] = 255 ], _longs_length = 2, longs = [ [0] = -9223372036854775808, [1] = 9223372036854775807 ], _doubles_length = 1, doubles = [ [0] = 0.5 ], _hex_length = 2, hex = [ [0] = 0xDEADBEEF, [1] = 0x0 ], after = 7 }",
  "fake:sequences: { _bytes_length = 0, bytes = [ ], _longs_length = 0, longs = [ ], _doubles_length = 0, doubles = [ ], _hex_length = 0, hex = [ ], after = 8 }",
  'fake:states: { state = ( "IDLE" : container = 0 ) }',
  'fake:states: { state = ( "LAST" : container = 2147483647 ) }',
  'fake:states: { state = ( "FIRST" : container = -2147483648 ) }',
  "fake:states: { state = ( <unknown> : container = 77 ) }",
  'dotted.provider.of.events:event: { struct = 1, event = 2, string = "three", _integer_length__ = 1, integer = [ [0] = 4 ], _integer_length_ = 5, float = -6, env = 7, integer_length = 8, _x_ = 9, x = 10 }',
  "fake:nothing: { }",
];

describe.skipIf(!(await hasBabeltrace()))("what is recorded, babeltrace2 reads", () => {
  it("all types, extreme values, and names that are words of TSDL, without a warning", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    await recorded(directory, out, ["threads", "1", "events", "40", "everything"]);
    const read = await babeltrace(out);
    expect(read.complaints).toEqual([]);
    const shown = read.lines.map((line) => line.replace(/^.*?\) (\S+: )\{[^{}]*\}, /, "$1"));
    expect(shown.slice(0, FIELDS.length)).toEqual(FIELDS);
    expect(read.lines).toHaveLength(40);
  });

  it("several processes and threads, started after the recorder, in the order of one clock", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const words = ["threads", "3", "events", "400", "ring", "1048576"];
    const [recorder] = await recorded(directory, out, words, words);
    expect(recorder?.lines().at(-1)).toMatchObject({ recorded: { events: 2400, lost: 0, processes: 2 } });
    const read = await babeltrace(out);
    expect(read).toMatchObject({ complaints: [], lost: new Map() });
    expect(read.lines).toHaveLength(2400);
    for (const folder of foldersOf(out)) expect(wrongWith(await babeltrace(folder))).toEqual([]);
    // The dead have left nothing.
    expect(readdirSync(directory).toSorted()).toEqual(["control", "lock", "recorder"]);
  });

  it("events that found no room are counted where they are missing", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const [recorder, program] = await recorded(directory, out, ["events", "30000", "ring", "4096"]);
    const [, written, lost] = /^0 (\d+) (\d+)$/m.exec(program?.stdout ?? "") ?? [];
    expect(Number(lost)).toBeGreaterThan(0);
    expect(recorder?.lines().at(-1)).toMatchObject({
      recorded: { events: Number(written), lost: Number(lost) },
    });
    const read = await babeltrace(out);
    expect(wrongWith(read)).toEqual([]);
    expect(read.lines).toHaveLength(Number(written));
    expect(read.lost).toEqual(new Map([["0", Number(lost)]]));
  });

  it("a ring that overwrites gives its last events to a snapshot, and no event twice", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const program = new Running([fake, directory, "events", "5000", "ring", "8192", "overwrite", "stay"]);
    await program.said("done");
    for (const _ of [1, 2])
      expect(await (await told([controller, "record", directory, out, "--snapshot"])).child.exitCode).toBe(0);
    await program.end("SIGKILL");
    const read = await babeltrace(out);
    expect(wrongWith(read)).toEqual([]);
    expect(read.lines.at(-1)).toContain("n = 4999");
    expect(read.lines.length).toBeGreaterThan(50);
    expect(read.lines.length + (read.lost.get("0") ?? 0)).toBe(5000);
  });

  it("a name that would be a path or break the metadata is only a name", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    await recorded(directory, out, ["events", "10", "names"]);
    expect(foldersOf(out)).toHaveLength(1);
    expect(foldersOf(out)[0]?.slice(out.length)).toMatch(/^\/_\._e_v_il_-\d+-[0-9a-f]+$/);
    expect((await babeltrace(out)).complaints).toEqual([]);
  });
});

describe("the controller", () => {
  it("switches events on and off, and says who is there", async () => {
    const directory = fresh();
    await told([controller, "apply", directory], ALL_OFF);
    const program = new Running([fake, directory, "threads", "2", "pause", "200"]);
    await program.said("open");
    const on = await told([controller, "apply", directory], ALL_ON);
    expect(on.lines()).toMatchObject([{ applied: { processes: 1, words: 8, waiting: [] } }]);
    const [first] = (await told([controller, "list", directory])).lines();
    expect(first).toMatchObject({ process: { program: "fake", alive: true, rings: 2 } });
    expect(first?.["process"]?.["events"]).toMatchObject(Array(8).fill({ config: 1, gone: false }));
    const off = await told([controller, "apply", directory], ALL_OFF);
    expect(off.lines()).toMatchObject([{ applied: { words: 8, waiting: [] } }]);
    await program.end("SIGKILL");
    expect((await told([controller, "status", directory])).lines()).toMatchObject([
      { status: { processes: 0, dead: 1, configs: 0, configs_waiting: 0 } },
    ]);
    // What it has recorded is kept until somebody takes it, but its tracepoints are of no use any more.
    const dead = await told([controller, "apply", directory], ALL_ON);
    expect(dead.lines()).toMatchObject([{ applied: { processes: 0, words: 0 } }]);
    const reaped = await told([controller, "reap", directory, "--unrecorded"]);
    expect(reaped.lines()).toMatchObject([{ reaped: { processes: 1, kept: 0 } }]);
  });

  it("removes what killed programs leave once nobody would find anything in it", async () => {
    const directory = fresh();
    const traces = (): string[] => readdirSync(directory).filter((name) => name.endsWith(".trace"));
    const killed = async (at: "open" | "done"): Promise<void> => {
      const program = new Running([fake, directory, "events", "50", "stay"]);
      await program.said(at);
      await program.end("SIGKILL");
    };
    await told([controller, "apply", directory], ALL_OFF);
    await killed("open");
    expect(traces()).toHaveLength(1);
    await told([controller, "apply", directory], ALL_ON);
    expect(traces()).toEqual([]);
    await killed("done");
    await told([controller, "apply", directory], ALL_OFF);
    expect(traces()).toHaveLength(1);
    const [, recorded] = (await told([controller, "record", directory, fresh(), "--snapshot"]))
      .lines()
      .slice(-2);
    expect(recorded).toMatchObject({ recorded: { events: 50, processes: 1 } });
    expect(traces()).toEqual([]);
  });

  it("waits for a section, says for whose, and frees nothing that it may use", async () => {
    const directory = fresh();
    await told([controller, "apply", directory], ALL_ON);
    const program = new Running([fake, directory, "hold"]);
    await program.said("holding");
    const apply = (rule: string): Promise<Running> =>
      told([controller, "apply", directory, "--patience", "100"], rule);
    const held = await apply(ALL_OFF);
    expect(held.lines()).toMatchObject([{ applied: { waiting: [{ program: "fake", why: "section" }] } }]);
    const status = async (): Promise<unknown> =>
      (await told([controller, "status", directory])).lines()[0]?.["status"]?.["configs_waiting"];
    expect(await status()).toBe(1);
    // As many others as there are: then there is none left, and it says so.
    const many = Array.from({ length: 127 }, (_, i) => `rule\t*\t*\t*\t14\t0\t0\t${i + 2}\t-\n`).join("");
    await apply(many);
    const others = (by: number): string =>
      many.replaceAll(/\t(\d+)\t-\n/g, (_, n) => `\t${Number(n) + by}\t-\n`);
    await apply(others(1000));
    const none = await apply(others(2000));
    expect(none.child.exitCode).toBe(3);
    expect(none.stdout).toContain("no configuration is free");
    await program.end("SIGKILL");
    expect((await apply(ALL_OFF)).lines()).toMatchObject([{ applied: { waiting: [] } }]);
    expect(await status()).toBe(0);
  });

  it.each([
    ["rule\tx\n", /9 columns.*line 1/],
    ["running\t1\nrule\t*\t*\t*\t15\t0\t0\t1\t-\n", /0 to 14.*line 2/],
    ["rule\t*\t*\t*\t14\t0\t4\t1\t-\n", /a channel is a number from 0 to 3/],
    ["rule\t*\t*\t*\t14\t0\t0\t1\tabc\n", /hexadecimal/],
    ["rule\t*\t*\t*\t14\t0\t0\t99999999999\t-\n", /one event of how many/],
    [`rule\t${"x".repeat(64)}\t*\t*\t14\t0\t0\t1\t-\n`, /1 to 63 characters/],
    ["nonsense\n", /is no rule/],
    ["running\t1\0\n", /byte 0/],
    ["rule\t*\t*\t*\t14\t0\toff\n".repeat(128), /more than 127/],
  ])("refuses %j, and changes nothing", async (rules, message) => {
    const directory = fresh();
    const refused = await told([controller, "apply", directory], rules);
    expect(refused.child.exitCode).toBe(2);
    expect(refused.stdout).toMatch(message);
    expect(existsSync(join(directory, "control"))).toBe(false);
  });

  it("keeps the rules as they were written, and only changes those that were read", async () => {
    const directory = fresh();
    const rules =
      "running\t1\noverwrite\t2\t1\nrule\ta*\tb\t?c\t6\t7\t2\t10\t0102ff\nrule\t*\t*\tq\t14\t0\toff\n";
    await told([controller, "apply", directory], rules);
    const lines = (await told([controller, "rules", directory])).lines();
    expect(lines).toMatchObject([
      { rules: { running: true, overwrite: [0, 0, 1, 0] } },
      {
        rule: {
          program: "a*",
          provider: "b",
          name: "?c",
          level: 6,
          pid: 7,
          off: false,
          channel: 2,
          sample: 10,
          filter: "0102ff",
        },
      },
      { rule: { program: "*", name: "q", off: true } },
    ]);
    const generation = String(lines[0]?.["rules"]?.["generation"]);
    const first = await told([controller, "apply", directory, "--if-generation", generation], ALL_ON);
    const second = await told([controller, "apply", directory, "--if-generation", generation], ALL_OFF);
    expect([first.child.exitCode, second.child.exitCode]).toEqual([0, 2]);
    expect(second.stdout).toContain("the rules have changed");
    // A controller that is killed between the flip of `active` and the second raise leaves this behind.
    const held = String((await told([controller, "rules", directory])).lines()[0]?.["rules"]?.["generation"]);
    const control = readFileSync(join(directory, "control"));
    const active = OFFSET_OF_ACTIVE;
    control.writeUInt32LE(1 - control.readUInt32LE(active), active);
    writeFileSync(join(directory, "control"), control);
    const third = await told([controller, "apply", directory, "--if-generation", held], ALL_OFF);
    expect([third.child.exitCode, third.stdout]).toEqual([
      2,
      expect.stringContaining("the rules have changed"),
    ]);
  });

  it("says what it can do, and what is wrong with what it is asked", async () => {
    expect((await told([controller, "--help"])).stdout).toContain("Examples:");
    for (const words of [
      [],
      ["dance"],
      ["list"],
      ["list", "a", "b"],
      ["--no-option"],
      ["record", "x", "y", "--pid", "-1"],
    ])
      expect((await told([controller, ...words])).child.exitCode).toBe(2);
    const file = join(fresh(), "file");
    writeFileSync(file, "");
    expect((await told([controller, "list", file])).child.exitCode).toBe(2);
    expect(readFileSync(file, "utf8")).toBe("");
  });
});
