import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, ending, quiesce, start } from "../shared/program.fixture.js";
import { type ShownError, validated } from "../shared/schema.fixture.js";

const folder = createFolder("recordings");
afterAll(() => folder.remove());

const HEAD = '{"format":"quiesce-recording","version":1,"lanes":["reader 1","updater 0"]}';
const line = (lane: number, step: string, at: number, more = ""): string =>
  `{"lane":${lane},"step":"${step}","start":${at},"end":${at + 1}${more}}`;
const JOINED = ["Register", "RaiseUsed", "AddReader"].map((step, i) => line(0, step, i * 10));

beforeAll(() => {
  folder.write({
    "good.jsonl": [HEAD, ...JOINED].join("\n"),
    "bad.jsonl": [HEAD, ...JOINED, line(0, "Unlock", 40)].join("\n"),
    "word.jsonl": [HEAD, line(0, "Register", 0, ',"words":{"slot[1]":2}')].join("\n"),
    "step.jsonl": [HEAD, line(0, "Registers", 0)].join("\n"),
    "broken.jsonl": `${HEAD}\n{"lane":0`,
    "kept.jsonl": [HEAD, line(0, "Lock", 0), line(0, "Unlock", 5), line(1, "Synchronize", 20)].join("\n"),
    "spans.jsonl": [HEAD, line(0, "Lock", 0), line(0, "Unlock", 50), line(1, "Synchronize", 20)].join("\n"),
  });
  // So wide that TLC has to try each order of very many steps.
  const lanes = Array.from({ length: 9 }, (_, i) => (i === 0 ? "updater 0" : `reader ${i}`));
  const wide = lanes
    .slice(1)
    .flatMap((lane) =>
      ["Register", "RaiseUsed", "AddReader", "LoadGp", "Announce", "Dereference", "Unlock", "Wake"].map(
        (step, i) => JSON.stringify({ lane, step, start: i, end: 1_000_000 + i }),
      ),
    );
  writeFileSync(
    join(folder.path, "wide.jsonl"),
    [HEAD.replace(/"lanes":.*/, `"lanes":${JSON.stringify(lanes)}}`), ...wide].join("\n"),
  );
});

interface Shown {
  readonly kind: string;
  readonly interrupted: boolean;
  readonly recordings: readonly {
    readonly file: string;
    readonly verdict: string;
    readonly reason?: string;
    readonly explained?: number;
    readonly next?: readonly {
      readonly event: { readonly step: string };
      readonly allowed: readonly string[];
    }[];
    readonly breaches?: readonly { readonly kind: string }[];
  }[];
}

async function shown(...args: string[]) {
  const { code, stdout } = await quiesce(["validate", "--json", ...args], { cwd: folder.path });
  return { code, ...validated<Shown>("validate", stdout) };
}

describe("quiesce validate", () => {
  it("decides about each recording, and says what would have been allowed", async () => {
    const { code, recordings } = await shown("good.jsonl", "bad.jsonl", "word.jsonl");
    expect(code).toBe(1);
    expect(recordings.map(({ file, verdict }) => [file, verdict])).toEqual([
      ["good.jsonl", "explained"],
      ["bad.jsonl", "rejected"],
      ["word.jsonl", "rejected"],
    ]);
    expect(recordings[1]).toMatchObject({ explained: 3, next: [{ event: { step: "Unlock" } }] });
    expect(recordings[1]?.next?.[0]?.allowed).toEqual(["LoadGp", "Unregister"]);
    expect(recordings[2]?.next?.[0]).toMatchObject({
      possible: true,
      words: [{ name: "slot[1]", observed: 2, expected: "1" }],
    });
  });

  it("tells a person how far a recording can be explained, with a table and a diagram", async () => {
    const { code, stdout } = await quiesce(["validate", "--diagram", "bad.jsonl"], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toContain(
      "✗ bad.jsonl: no order of its steps is a behaviour; 3 of 4 events are explained\n",
    );
    expect(stdout).toContain(
      "reader 1, event 4: Unlock [40 ns, 41 ns]: the specification allows LoadGp, Unregister here",
    );
    expect(stdout).toContain("```mermaid\nsequenceDiagram\n");
    expect(stdout).toContain(
      "1 recordings of 4 events against rcu/number-steps/Urcu-any-updates: 1 rejected",
    );
    expect(stdout).toContain("Boxes: 1 ns / 1 ns / 1 ns (min / median / max)");
  });

  it("checks the promise of RCU", async () => {
    const { code, recordings, kind } = await shown("--guarantee", "kept.jsonl", "spans.jsonl");
    expect({ code, kind }).toEqual({ code: 1, kind: "guarantee" });
    expect(recordings.map(({ verdict }) => verdict)).toEqual(["kept", "broken"]);
    expect(recordings[1]?.breaches).toMatchObject([{ kind: "spans" }]);
    expect((await quiesce(["validate", "--guarantee", "kept.jsonl"], { cwd: folder.path })).code).toBe(0);
  });

  it.each([
    [["broken.jsonl"], /this line is not JSON/, "broken.jsonl:2"],
    [["nowhere.jsonl"], /there is no such file/, "nowhere.jsonl"],
    [["step.jsonl"], /has no step "Registers"/, "step.jsonl, reader 1, event 1"],
    [["--guarantee", "good.jsonl"], /"Register" is no step of a history/, "good.jsonl, reader 1, event 1"],
    [["--claim", "rcu/nothing", "good.jsonl"], /no such folder, file or claim/, expect.anything()],
    [["--claim", "rcu/qsbr/", "good.jsonl"], /stands for \d+ claims/, undefined],
    [["--claim", "litmus/SB", "good.jsonl"], /claim|contract/, expect.anything()],
    [
      ["--contract", "none.json", "good.jsonl"],
      /there is no such file/,
      expect.stringMatching(/none\.json$/),
    ],
    [["--constant", "None=1", "good.jsonl"], /assigns no constant "None"/, "--constant"],
  ] as const)("refuses %j, and says where", async (args, message, where) => {
    const { code, stdout } = await quiesce(["validate", "--json", ...args], { cwd: folder.path });
    expect(code).toBe(2);
    const { error } = validated<ShownError>("error", stdout);
    expect(error.message).toMatch(message);
    expect(error.where).toEqual(where);
  });

  it("when interrupted, reports what it has found and leaves nothing behind", async () => {
    const temporary = join(folder.path, "tmp");
    mkdirSync(temporary);
    const child = start(["validate", "--json", "--parallel", "1", "bad.jsonl", "wide.jsonl"], {
      cwd: folder.path,
      env: { TMPDIR: temporary },
    });
    const ended = ending(child);
    // Each run of TLC has a folder of its own: with the second, something is known.
    const runs = new Set<string>();
    while (runs.size < 2) {
      for (const name of readdirSync(temporary)) if (name.includes("recorded")) runs.add(name);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const { interrupted, recordings } = validated<Shown>("validate", stdout);
    expect(interrupted).toBe(true);
    expect(recordings.map(({ file }) => file)).toEqual(["bad.jsonl", "wide.jsonl"]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("quiesce record", () => {
  it("writes what validate reads, in both formats", async () => {
    for (const name of ["run.qsrec", "run.jsonl"]) {
      const args = ["record", "--recordings", "3", "--seconds", "60", "--out", name, "--json"];
      const made = await quiesce(args, { cwd: folder.path });
      expect(made.code).toBe(0);
      expect(validated<{ recordings: number }>("record", made.stdout)).toMatchObject({
        file: name,
        recordings: 3,
      });
      const { code, recordings } = await shown(name);
      expect({ code, count: recordings.length }).toEqual({ code: 0, count: 3 });
    }
    expect(readFileSync(join(folder.path, "run.jsonl"), "utf8")).toMatch(/^\{"format":"quiesce-recording"/);
  });

  it("leaves no file where it can't write, or there is no such mutant", async () => {
    const before = readdirSync(folder.path);
    const nowhere = await quiesce(["record", "--out", "none/run.qsrec"], { cwd: folder.path });
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/can't be written to none\/run\.qsrec: its folder does not exist/);
    const mutant = await quiesce(["record", "--mutant", "nobody", "--out", "x.qsrec"], { cwd: folder.path });
    expect(mutant.code).toBe(2);
    expect(mutant.stderr).toMatch(/no mutant of the native library is called "nobody"/);
    expect(readdirSync(folder.path)).toEqual(before);
  });
});
