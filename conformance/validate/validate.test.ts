import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { Residents } from "../../spec/tlc/resident/residents.js";
import { findTools, type Tools } from "../../spec/tlc/tools/tools.js";
import type { Observed, RecordedEvent, Recording } from "../record/recording.js";
import { orderOf } from "./boxes.js";
import { explain } from "./explain.js";
import { recordingOf } from "./recording.fixture.js";
import { readSpecification } from "./specification.js";
import { type Validated, type ValidateOptions, validate } from "./validate.js";

/** Somebody's lock with tickets; a clock ticks beside it, which nobody records. */
const MODULE = `---- MODULE Ticket ----
EXTENDS Naturals
CONSTANT Threads
VARIABLES next, serving, ticket, clock
vars == <<next, serving, ticket, clock>>
Take(t) == /\\ ticket[t] = 0
           /\\ ticket' = [ticket EXCEPT ![t] = next]
           /\\ next' = next + 1
           /\\ UNCHANGED <<serving, clock>>
Enter(t) == ticket[t] = serving /\\ UNCHANGED vars
Leave(t) == /\\ ticket[t] = serving
            /\\ serving' = serving + 1
            /\\ ticket' = [ticket EXCEPT ![t] = 0]
            /\\ UNCHANGED <<next, clock>>
LookAtClock(t, c) == clock = c /\\ UNCHANGED vars
Tick == clock' = clock + 1 /\\ UNCHANGED <<next, serving, ticket>>
Init == next = 1 /\\ serving = 1 /\\ ticket = [t \\in Threads |-> 0] /\\ clock = 0
Next == Tick \\/ \\E t \\in Threads : Take(t) \\/ Enter(t) \\/ Leave(t) \\/ LookAtClock(t, clock)
Spec == Init /\\ [][Next]_vars
Fair == TRUE
====
`;
const CLAIM = `\\* Claim: it is served.
\\* Module: Ticket
\\* Verdict: holds
SPECIFICATION Spec
CONSTANT Threads = {"a", "b"}
`;
/** Its threads are model values, which no module declares: with `a = a`, as TLC's toolbox writes it, and without. */
const MODELS = CLAIM.replace('{"a", "b"}', "{a, b}\n  a = a");
const by = { parameters: { t: "Threads" }, lane: "t" };
const CONTRACT = {
  lanes: [{ name: "thread", set: "Threads" }],
  steps: {
    ...{ Take: by, Enter: by, Leave: by },
  },
  words: [
    { name: "serving", value: "serving" },
    { name: "ticket", each: { t: "Threads" }, value: "ticket[t]" },
  ],
};
/** The same with the clock, whose steps nobody records. */
const CLOCKED = {
  ...CONTRACT,
  steps: {
    ...CONTRACT.steps,
    ...{ Tick: { hidden: true }, LookAtClock: { parameters: { t: "Threads", c: "0..20" }, lane: "t" } },
  },
};

const folder = mkdtempSync(join(tmpdir(), "quiesce-validate-test-"));
let tools: Tools;
let residents: Residents | undefined;
beforeAll(async () => {
  writeFileSync(join(folder, "Ticket.tla"), MODULE);
  writeFileSync(join(folder, "Ticket.cfg"), CLAIM);
  writeFileSync(join(folder, "Ticket.contract.json"), JSON.stringify(CONTRACT));
  writeFileSync(join(folder, "Ticket-models.cfg"), MODELS);
  writeFileSync(join(folder, "Ticket-models.contract.json"), JSON.stringify(CONTRACT));
  writeFileSync(join(folder, "Ticket-clocked.cfg"), CLAIM);
  writeFileSync(join(folder, "Ticket-clocked.contract.json"), JSON.stringify(CLOCKED));
  tools = await findTools();
  residents = Residents.of(tools);
});
afterAll(async () => {
  await residents?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function optionsOf(more: Partial<ValidateOptions> = {}, name = "Ticket"): Promise<ValidateOptions> {
  const [claim] = await requireClaims([join(folder, `${name}.cfg`)], folder);
  if (claim === undefined) throw new Error("no claim");
  return {
    ...{ tools, residents, parallel: 1, signal: new AbortController().signal },
    specification: await readSpecification(claim),
    ...more,
  };
}

async function validated(
  recordings: readonly Recording[],
  more?: Partial<ValidateOptions>,
  name?: string,
): Promise<readonly Validated[]> {
  const sources = recordings.map((recording) => ({ file: "run", recording }));
  return await validate(sources, await optionsOf(more, name));
}

const verdicts = async (...recordings: Recording[]) =>
  (await validated(recordings)).map(({ verdict }) => verdict);

const at = (
  step: string,
  start: number,
  end?: number,
  words?: Readonly<Record<string, Observed>>,
): RecordedEvent => ({
  step,
  start,
  ...(end !== undefined && { end }),
  ...(words !== undefined && { words }),
});

const turn = (from: number, width = 2) => [
  at("Take", from, from + width),
  at("Enter", from + 10, from + 10 + width),
  at("Leave", from + 20, from + 20 + width),
];

describe("a recording of somebody's lock", () => {
  it("is explained by any order of the steps inside their boxes, also many in one run", async () => {
    const inTurn = recordingOf({ "thread a": turn(0), "thread b": turn(100) });
    // b takes its ticket first, though its box begins later than a's.
    const late = recordingOf({
      "thread a": [at("Take", 0, 50), at("Enter", 60, 61)],
      "thread b": [at("Take", 10, 12, { 'ticket["b"]': 1 }), at("Enter", 13, 14), at("Leave", 15, 16)],
    });
    expect(await verdicts(inTurn, late)).toEqual(["explained", "explained"]);
  });

  it("may be of threads that are model values, which no module declares", async () => {
    const good = recordingOf({ "thread a": turn(0), "thread b": turn(100) });
    const bad = recordingOf({ "thread a": turn(0), "thread b": turn(100).slice(1) });
    const found = await validated([good, bad], {}, "Ticket-models");
    expect(found.map(({ verdict }) => verdict)).toEqual(["explained", "rejected"]);
  });

  it("is rejected when both are inside, and accepted again when the boxes are too wide to tell", async () => {
    const both = (width: number) =>
      recordingOf({
        "thread a": [at("Take", 0, 1), at("Enter", 10, 10 + width), at("Leave", 200, 201)],
        "thread b": [at("Take", 2, 3), at("Enter", 30, 30 + width), at("Leave", 210, 300)],
      });
    expect(await verdicts(both(10), both(175))).toEqual(["rejected", "explained"]);
  });

  it("is rejected when something else was observed than the specification has", async () => {
    const sees = (serving: number) =>
      recordingOf({ "thread a": [at("Take", 0, 1), at("Enter", 2, 3), at("Leave", 4, 5, { serving })] });
    expect(await verdicts(sees(2), sees(3))).toEqual(["explained", "rejected"]);
  });

  it("need not have a step happen that was not over at its end, but may", async () => {
    const open = recordingOf({
      "thread a": [at("Take", 0, 1), at("Leave", 2)],
      "thread b": [at("Take", 3, 4)],
    });
    const needed = recordingOf({
      "thread a": [at("Take", 0, 1), at("Leave", 2)],
      "thread b": [at("Take", 3, 4), at("Enter", 5, 6)],
    });
    const impossible = recordingOf({
      "thread a": [at("Take", 0, 1), at("Leave", 20)],
      "thread b": [at("Take", 3, 4), at("Enter", 5, 6)],
    });
    expect(await verdicts(open, needed, impossible)).toEqual(["explained", "explained", "rejected"]);
  });

  it("may have hidden steps in between, and is not rejected for want of more of them", async () => {
    const clock = (c: number) =>
      recordingOf({ "thread a": [{ ...at("LookAtClock", 0, 1), with: { c } }, at("Take", 2, 3)] });
    const results = await validated([clock(4), clock(9)], { mostHidden: 5 }, "Ticket-clocked");
    expect(results.map(({ verdict }) => verdict)).toEqual(["explained", "inconclusive"]);
    expect(results[1]?.reason).toMatch(/so many hidden steps at a time; allow more with --hidden/);
    const more = await validated([clock(9)], {}, "Ticket-clocked");
    expect(more.map(({ verdict }) => verdict)).toEqual(["explained"]);
  });

  it("is not decided where its beginning is missing", async () => {
    const whole = recordingOf({ "thread a": turn(0) });
    const lanes = whole.lanes.map((lane) => ({ ...lane, missing: 3 }));
    const [result] = await validated([{ ...whole, lanes }]);
    expect(result).toMatchObject({
      verdict: "inconclusive",
      reason: "its beginning is missing: 3 events of thread a",
    });
  });

  it("is explained as far as it goes, with what comes next and what would have been allowed", async () => {
    const recording = recordingOf({
      "thread a": [...turn(0), at("Take", 100, 101)],
      "thread b": [at("Take", 40, 41), at("Enter", 50, 51, { serving: 7 })],
    });
    const found = await explain({ file: "run", recording }, await optionsOf());
    expect(found).toMatchObject({
      explained: 4,
      prefix: [3, 1],
      next: [
        {
          ...{ lane: "thread b", index: 1, possible: true },
          words: [{ name: "serving", observed: 7, expected: "2" }],
          allowed: ["Enter", "Leave"],
        },
      ],
    });
    expect(found?.trace?.states.map(({ action }) => action?.name)).toEqual([
      undefined,
      "Take",
      "Enter",
      "Leave",
      "Take",
    ]);
    expect([...(found?.trace?.states[0]?.variables.keys() ?? [])].toSorted()).toEqual([
      "clock",
      "next",
      "serving",
      "ticket",
    ]);
  });

  it("is told apart from one whose step is possible with other parameters alone", async () => {
    const look = (c: number, start: number) => ({ ...at("LookAtClock", start, start + 1), with: { c } });
    const recording = recordingOf({ "thread a": [look(2, 0), look(1, 5)] });
    const found = await explain({ file: "run", recording }, await optionsOf({}, "Ticket-clocked"));
    expect(found).toMatchObject({ explained: 1, next: [{ index: 1, otherwise: true }] });
  });

  it("hits a time limit without a verdict", async () => {
    const [result] = await validated([recordingOf({ "thread a": turn(0) })], { timeoutMs: 1 });
    expect(result).toMatchObject({ verdict: "inconclusive", reason: "the time limit of 0.001 s was hit" });
  });
});

describe("what does not fit the contract", () => {
  const bad = async (lanes: Readonly<Record<string, readonly RecordedEvent[]>>): Promise<unknown> =>
    await validated([recordingOf(lanes)], {}, "Ticket-clocked").catch((error: unknown) => error);

  it.each([
    ["a kind of thread", { "fibre a": turn(0) }, /no kind of thread .* "fibre a"/],
    ["a thread", { "thread c": turn(0) }, /is no thread of the specification/],
    ["a step", { "thread a": [at("Takes", 0, 1)] }, /has no step "Takes"/],
    ["a step that is hidden", { "thread a": [at("Tick", 0, 1)] }, /"Tick" is hidden/],
    ["a word", { "thread a": [at("Take", 0, 1, { served: 1 })] }, /no word "served"/],
    ["a word without its number", { "thread a": [at("Take", 0, 1, { ticket: 1 })] }, /must say which/],
    [
      "a word with a number",
      { "thread a": [at("Take", 0, 1, { "serving[1]": 1 })] },
      /no number in brackets/,
    ],
    ["a parameter", { "thread a": [{ ...at("Take", 0, 1), with: { x: 1 } }] }, /"Take" has no parameter "x"/],
  ] as const)("is refused: %s", async (_what, lanes, message) => {
    expect(await bad(lanes)).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});

describe("boxes", () => {
  const recording = recordingOf({
    a: [at("x", 0, 10), at("x", 5, 30), at("x", 40)],
    b: [at("x", 8, 20), at("x", 31, 50)],
  });

  it("order two events where one ends before the other begins", () => {
    const { needs, required } = orderOf(recording, Number.POSITIVE_INFINITY);
    expect(needs).toEqual([
      [
        [0, 0],
        [0, 0],
        [0, 1],
      ],
      [
        [0, 0],
        [2, 0],
      ],
    ]);
    expect(required).toEqual([2, 2]);
  });

  it("order all events where each has no width", () => {
    expect(orderOf(recording, "start").needs).toEqual([
      [
        [0, 0],
        [0, 0],
        [0, 2],
      ],
      [
        [2, 0],
        [2, 0],
      ],
    ]);
  });
});
