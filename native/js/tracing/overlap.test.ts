import { describe, expect, it } from "vitest";
import { asked } from "../../../spec/tlc/base/patient.fixture.js";
import { run } from "../compiler.js";
import { buildOverlap, controllerMutants } from "./trace.fixture.js";

/** QUIESCE_TRACE_ROUNDS=1000000 plays longer. */
const ROUNDS = Number(process.env["QUIESCE_TRACE_ROUNDS"] ?? 4000);
/** Where others run, too, rounds are thrown away; these many seconds are then enough for some. */
const SECONDS = ROUNDS / 400 + 20;

interface Played {
  /** Rounds that count, and those that were thrown away since one of the two came late. */
  readonly rounds: number;
  readonly late: number;
  /** Rounds in which the reader saw the old word, and those in which the grace period ended in its section. */
  readonly inside: number;
  readonly early: number;
}

/** undefined: the two can't run at once here. */
async function play(program: string): Promise<Played | undefined> {
  const { code, stdout, stderr } = await run([program, String(ROUNDS), String(SECONDS)]);
  if (code === 4) return undefined;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Played;
}

const mutant = controllerMutants().find(({ name }) => name === "private-in-place-of-global");
const isSeen = (how: "inside" | "early", least: number) => (played: Played | undefined) =>
  played === undefined || played[how] > least;
const program = await buildOverlap();
const right = await asked(() => play(program), isSeen("inside", 100), 10);

describe.skipIf(right === undefined)("on silicon, a reader in another process whose store waits", () => {
  it("is waited for, with the barrier that reaches all processes", () => {
    expect(right?.inside).toBeGreaterThan(100);
    expect(right?.early).toBe(0);
  });

  it("is missed, with the one that reaches only the controller's own", async () => {
    expect(mutant).toBeDefined();
    const broken = await buildOverlap(mutant);
    const wrong = await asked(() => play(broken), isSeen("early", 0), 10);
    expect(wrong?.early).toBeGreaterThan(0);
    if (process.env["QUIESCE_TRACE_ROUNDS"] !== undefined)
      console.log("GLOBAL_EXPEDITED:", right, "PRIVATE_EXPEDITED in its place:", wrong);
  });
});
