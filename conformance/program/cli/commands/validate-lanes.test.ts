import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, quiesce } from "../shared/program.fixture.js";

const folder = createFolder("validate lanes");
afterAll(() => folder.remove());

/** A lease that a clerk gives out, and that expires by itself. Only the clients have something that is indexed. */
const MODULE = `---- MODULE Lease ----
EXTENDS Naturals
CONSTANTS Client, Clerk
VARIABLES asks, holder, given
vars == <<asks, holder, given>>
Init == asks = [c \\in Client |-> FALSE] /\\ holder = "nobody" /\\ given = 0
Ask(c) == ~asks[c] /\\ asks' = [asks EXCEPT ![c] = TRUE] /\\ UNCHANGED <<holder, given>>
Give(k, c) == /\\ asks[c] /\\ holder = "nobody"
              /\\ holder' = c /\\ given' = given + 1
              /\\ UNCHANGED asks
Expire == holder # "nobody" /\\ holder' = "nobody" /\\ UNCHANGED <<asks, given>>
Next == Expire \\/ \\E c \\in Client : Ask(c) \\/ \\E k \\in Clerk : Give(k, c)
Spec == Init /\\ [][Next]_vars
Bounded == given < 4
====
`;
const CLAIM = `SPECIFICATION Spec
CONSTANTS
  Client = {"ann", "bob"}
  Clerk = {"desk"}
CONSTRAINT Bounded
CHECK_DEADLOCK FALSE
`;
const CONTRACT = {
  lanes: [
    { name: "client", set: "Client" },
    { name: "clerk", set: "Clerk" },
  ],
  steps: {
    Ask: "client",
    Give: { parameters: { k: "Clerk", c: "Client" }, lane: "k" },
    Expire: {},
  },
  words: [{ name: "given", value: "given" }],
};

type Event = readonly [lane: string, step: string];

/** One step after the other. */
function recording(lanes: readonly string[], ...events: readonly Event[]): string {
  return [
    JSON.stringify({ format: "quiesce-recording", version: 1, lanes }),
    ...events.map(([lane, step], i) => JSON.stringify({ lane, step, start: 10 * i, end: 10 * i + 1 })),
  ].join("\n");
}

const GIVEN: readonly Event[] = [
  ["client ann", "Ask"],
  ["clerk", "Give"],
];
const LANES = ["client ann", "clerk"];
const WITH_CLOCK = [...LANES, "environment"];

beforeAll(() => {
  folder.write({
    "Lease.tla": MODULE,
    "Lease.cfg": CLAIM,
    "Lease.contract.json": JSON.stringify(CONTRACT),
    "hidden.json": JSON.stringify({ ...CONTRACT, steps: { ...CONTRACT.steps, Expire: { hidden: true } } }),
    "twice.jsonl": recording(LANES, ...GIVEN, ["clerk", "Give"]),
    "expired.jsonl": recording(WITH_CLOCK, ...GIVEN, ["environment", "Expire"], ["clerk", "Give"]),
    "early.jsonl": recording(WITH_CLOCK, GIVEN[0] as Event, ["environment", "Expire"]),
    "whose.jsonl": recording(WITH_CLOCK, ["environment", "Ask"]),
  });
});

const run = (...args: string[]) =>
  quiesce(["validate", "--claim", "Lease.cfg", ...args], { cwd: folder.path });

describe("the lanes that quiesce validate shows", () => {
  it("are the contract's, where the module has no line of them, and who took a step is not guessed", async () => {
    const { code, stdout } = await run("--diagram", "twice.jsonl");
    expect(code).toBe(1);
    // The clerk changes nothing of its own, and Bob has no lane in the recording.
    expect(stdout).toMatch(/^ +client ann +client bob +clerk$/m);
    const column = stdout
      .split("\n")
      .find((line) => line.includes("client bob"))
      ?.indexOf("clerk");
    const row = stdout.split("\n").find((line) => /^ +3 +Give/.test(line));
    expect(row?.indexOf("Give")).toBe(column);
    expect(stdout).toMatch(/participant \w+ as clerk/);
  });

  it("have the environment, which records its own steps in a lane of that name", async () => {
    expect(await run("expired.jsonl")).toMatchObject({ code: 0 });
    const { code, stdout } = await run("early.jsonl");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "environment, event 1: Expire [10 ns, 11 ns]: the specification allows no step of it here",
    );
  });

  it("refuse what somebody else takes, and what is filled in, and say what to do", async () => {
    const whose = await run("whose.jsonl");
    expect(whose.code).toBe(2);
    expect(whose.stderr).toMatch(/"Ask" is a thread's, .*\n[\s\S]*Record it in the lane of its thread/);
    const hidden = await run("--contract", "hidden.json", "expired.jsonl");
    expect(hidden.code).toBe(2);
    expect(hidden.stderr).toMatch(
      /"Expire" is hidden .*\n[\s\S]*Leave it out of the recording: it is filled in/,
    );
  });
});
