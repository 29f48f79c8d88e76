import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { NOTHING_SEEN, type RunLimits, runProgram, TallyReader } from "./child.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-child-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LIMITS: RunLimits = { milliseconds: 1000, rounds: 0, seed: 1, silenceMs: 600_000 };
const TOLD = "printf 'rounds 1000 20\\nseen 900 3 1 &0\\nseen 100 0 0 -1\\nmore\\n'";
const SEEN = {
  rounds: 1000,
  seconds: 0.02,
  outcomes: [
    { count: 900, first: 3, values: ["1", "&0"] },
    { count: 100, first: 0, values: ["0", "-1"] },
  ],
  lost: 0,
};

let programs = 0;
function script(text: string): string {
  const file = join(folder, `program${++programs}`);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o700);
  return file;
}

const ran = async (text: string, limits: Partial<RunLimits> = {}, signal = new AbortController().signal) =>
  await runProgram(script(text), { ...LIMITS, ...limits }, signal);

describe("what a program tells", () => {
  it("is put together wherever the output is cut", () => {
    const text = "rounds 10 5\nseen 10 0 1\nmore\nrounds 20 9\nseen 12 0 1\nseen 8 11 2\nlost 1\nend\n";
    for (let cut = 0; cut <= text.length; cut++) {
      const reader = new TallyReader();
      reader.take(text.slice(0, cut));
      expect(reader.take(text.slice(cut)) || cut === text.length).toBe(true);
      expect(reader.last).toMatchObject({ rounds: 20, seconds: 0.009, lost: 1 });
      expect(reader.last.outcomes.map(({ count }) => count)).toEqual([12, 8]);
    }
  });

  it("counts only once it is complete", () => {
    const reader = new TallyReader();
    expect(reader.take("rounds 10 5\nseen 10 0 1\n")).toBe(false);
    expect(reader.last).toBe(NOTHING_SEEN);
    reader.take("more\nrounds 20 9\nseen 20");
    expect(reader.last.rounds).toBe(10);
  });
});

describe("a program", () => {
  it("that ends", async () => {
    expect(await ran(`${TOLD}; echo "$@" >&2`)).toEqual({ tally: SEEN, end: { kind: "ended" } });
  });

  it("that crashes: what it told before counts", async () => {
    const { tally, end } = await ran(`${TOLD}; kill -SEGV $$`);
    expect({ tally, end }).toEqual({ tally: SEEN, end: { kind: "crashed", message: "SIGSEGV" } });
    expect((await ran("echo no >&2; exit 7")).end).toEqual({ kind: "crashed", message: "exit code 7: no" });
  });

  it("that hangs, also one that hears no SIGTERM, is ended, with all that it started", async () => {
    const hanging = `${TOLD}; trap '' TERM; sleep 1000 & wait; sleep 1000`;
    // It may not have come to tell anything within its time.
    const { tally, end } = await asked(
      () => ran(hanging, { silenceMs: 500 }),
      (run) => run.tally.rounds > 0 && run.end.kind === "hung",
    );
    expect(tally).toEqual(SEEN);
    expect(end).toMatchObject({
      kind: "hung",
      message: expect.stringMatching(/no round ended within 0.5 s/),
    });
  });

  it("that others keep from the processors does not hang: it is said to be starved", async () => {
    let looks = 0;
    const share = () => ({ ran: 1, waited: 10_000 * ++looks });
    const { end } = await runProgram(
      script("exec sleep 1000"),
      { ...LIMITS, silenceMs: 300 },
      new AbortController().signal,
      undefined,
      share,
    );
    expect(end).toEqual({
      kind: "starved",
      message: expect.stringMatching(/^no round ended within 0.3 s: others had the processors/),
    });
  });

  it("that the machine lacks something for", async () => {
    expect((await ran("echo no membarrier >&2; exit 3")).end).toEqual({
      kind: "refused",
      message: "no membarrier",
    });
  });

  it("is asked to end by the signal, and may tell what there is", async () => {
    const interrupt = new AbortController();
    const file = script(
      `trap "${TOLD.replaceAll("\\", "\\\\")}; exit 0" TERM; ${TOLD}; while :; do sleep 0.01; done`,
    );
    const end = await runProgram(file, LIMITS, interrupt.signal, () => {
      interrupt.abort();
      return false;
    });
    expect(end).toEqual({ tally: SEEN, end: { kind: "stopped" } });
  });

  it("ends when somebody has seen enough", async () => {
    const file = script(`${TOLD}; while :; do sleep 0.01; done`);
    const ended = await runProgram(file, LIMITS, new AbortController().signal, () => true);
    expect(ended).toEqual({ tally: SEEN, end: { kind: "stopped" } });
  });
});
