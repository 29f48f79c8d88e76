import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../base/errors.js";
import { createScratch, type Scratch } from "../base/scratch.js";
import { readClaims } from "../claim/claim.js";
import { findTools, type Tools } from "../tools/tools.js";
import { type CheckEvent, type CheckOptions, type ClaimResult, checkClaims, coresEach } from "./check.js";

let tools: Tools;
let home: Scratch;
let specs: string;
beforeAll(async () => {
  tools = await findTools();
});
beforeEach(async () => {
  home = await createScratch("test");
  specs = join(home.path, "specs");
});
afterEach(async () => {
  await home.remove();
});

const COUNTER = `---- MODULE Counter ----
EXTENDS Naturals
CONSTANT Last
VARIABLE n
Init == n \\in {0}
Nowhere == n \\in {}
Next == n < Last /\\ n' = n + 1
Spec == Init /\\ [][Next]_n
Fair == Spec /\\ WF_n(Next)
Small == n < 3
Typed == n \\in 0..Last
Ends == <>(n = Last)
Ends2 == <>(n = 99)
====
`;

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(specs, path)), { recursive: true });
    writeFileSync(join(specs, path), text);
  }
}
const claim = (verdict: string, rest: string, spec = "SPECIFICATION Spec"): string =>
  `\\* Claim: for a test.\n\\* Module: Counter\n\\* Verdict: ${verdict}\n${spec}\nCONSTANT Last = 5\nCHECK_DEADLOCK FALSE\n${rest}\n`;

async function check(options: CheckOptions = {}, own: Partial<Tools> = {}): Promise<ClaimResult[]> {
  const { claims, problems } = await readClaims([], specs);
  expect(problems).toEqual([]);
  return await checkClaims(claims, { ...tools, cache: join(home.path, "cache"), ...own }, options);
}
const shown = ({ claim, verdict, asDeclared, states }: ClaimResult) => [
  claim.id,
  verdict,
  asDeclared,
  states,
];

describe("coresEach", () => {
  it("divides the cores among those that want all of them at the same time, and gives each one", () => {
    expect([1, 2, 3, 5].map((runs) => coresEach(runs, 4, 8))).toEqual([8, 4, 2, 2]);
    expect([0, 1, 9].map((runs) => coresEach(runs, 4, 2))).toEqual([2, 2, 1]);
    expect(coresEach(9, 1, 6)).toBe(6);
  });
});

describe("checkClaims", () => {
  it("decides each by running TLC, and says how it differs", async () => {
    write({
      "a/Counter.tla": COUNTER,
      "a/holds.cfg": claim("holds\n\\* States: 6", "INVARIANT Typed"),
      "a/violated.cfg": claim("violated\n\\* Violates: Small\n\\* States: 4", "INVARIANT Small"),
      "a/live.cfg": claim("violated\n\\* Violates: Ends2", "PROPERTY Ends2", "SPECIFICATION Fair"),
      "a/allowed.cfg": claim("allowed\n\\* Violates: Small", "INVARIANT Small"),
      "a/wrong.cfg": claim("holds", "INVARIANT Small"),
      "a/count.cfg": claim("holds\n\\* States: 7", "INVARIANT Typed"),
      "a/vacuous.cfg": claim("holds", "INVARIANT Typed", "INIT Nowhere\nNEXT Next"),
      "a/unknown.cfg": claim("holds", "INVARIANT Unknown"),
    });
    const results = await check();
    expect(results.map(shown)).toEqual([
      ["a/allowed", "allowed", true, 4],
      ["a/count", "holds", false, 6],
      ["a/holds", "holds", true, 6],
      ["a/live", "violated", true, 6],
      ["a/unknown", "inconclusive", false, undefined],
      ["a/vacuous", "inconclusive", false, 0],
      ["a/violated", "violated", true, 4],
      ["a/wrong", "violated", false, 4],
    ]);
    const reasons = new Map(results.map((result) => [result.claim.id, result.reason]));
    expect(reasons.get("a/count")).toBe("declared 7 distinct states, but there are 6");
    expect(reasons.get("a/wrong")).toBe("declared holds, but Small is violated");
    expect(reasons.get("a/vacuous")).toContain("no initial state");
    expect(reasons.get("a/unknown")).toContain("Unknown");
    expect(results.find((result) => result.claim.id === "a/violated")?.report?.trace?.states).toHaveLength(4);
  });

  it("shows where a bad module is wrong, and reports modules that are missing or ambiguous", async () => {
    write({
      "a/Counter.tla": COUNTER.replace("n < Last", "n < Lust"),
      "a/claim.cfg": claim("holds", "INVARIANT Typed"),
      "b/Counter.tla": COUNTER.replace("Naturals", "Naturals, Twice"),
      "b/claim.cfg": claim("holds", "INVARIANT Typed"),
      "c/Twice.tla": "---- MODULE Twice ----\n====\n",
      "d/Twice.tla": "---- MODULE Twice ----\nTwo == 2\n====\n",
    });
    const [parse, ambiguous] = await check();
    expect(parse).toMatchObject({ verdict: "inconclusive", asDeclared: false });
    expect(parse?.report?.errors[0]).toMatchObject({
      location: { file: join(specs, "a", "Counter.tla"), line: 7 },
      message: expect.stringContaining("Lust"),
    });
    expect(ambiguous).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("several folders"),
    });
  });

  it("answers from the cache what it decided before, whatever is declared, unless told not to", async () => {
    const files = {
      "Counter.tla": COUNTER,
      "claim.cfg": claim("holds\n\\* States: 6", "INVARIANT Typed"),
      "unknown.cfg": claim("holds", "INVARIANT Unknown"),
    };
    write(files);
    const origin = async (options: CheckOptions = {}, own: Partial<Tools> = {}) =>
      (await check(options, own)).map((result) => [result.claim.id, result.fromCache, result.asDeclared]);
    const fresh = [
      ["claim", false, true],
      ["unknown", false, false],
    ];
    expect(await origin()).toEqual(fresh);
    expect(await origin()).toEqual([
      ["claim", true, true],
      ["unknown", false, false],
    ]);
    // Without any TLC at all, too.
    const noJava = { java: { ...tools.java, command: "/no/such/java" } };
    expect((await check({}, noJava)).map(shown)[0]).toEqual(["claim", "holds", true, 6]);
    expect(await origin({ cache: false })).toEqual(fresh);
    write({ "claim.cfg": claim("holds\n\\* States: 8", "INVARIANT Typed") });
    expect((await origin())[0]).toEqual(["claim", true, false]);
    write({ "Counter.tla": COUNTER.replace("n' = n + 1", "n' = n + 2") });
    expect((await origin())[0]).toEqual(["claim", false, false]);
  });

  it("takes the large ones first, and reports what happens", async () => {
    const sizes: Record<string, number> = { a: 4, b: 6, c: 5 };
    write({ "Counter.tla": COUNTER, "d.cfg": claim("holds", "INVARIANT Typed") });
    for (const [name, states] of Object.entries(sizes)) {
      const text = claim(`holds\n\\* States: ${states}`, "INVARIANT Typed").replace("= 5", `= ${states - 1}`);
      write({ [`${name}.cfg`]: text });
    }
    const events: CheckEvent[] = [];
    const results = await check({ parallel: 1, onEvent: (event) => events.push(event) });
    const started = events.flatMap((event) => (event.kind === "started" ? [event.claim.id] : []));
    const finished = events.flatMap((event) => (event.kind === "finished" ? [event.result.claim.id] : []));
    expect(started).toEqual(["d", "b", "c", "a"]);
    expect(finished).toEqual(started);
    expect(results.map(shown).map(([id]) => id)).toEqual(["a", "b", "c", "d"]);
    expect(results.every((result) => result.asDeclared)).toBe(true);
  });

  it("names the limit that was reached, and caches nothing", async () => {
    const endless = COUNTER.replace("n < Last /\\ n' = n + 1", "n' = n + 1").replace("0..Last", "Nat");
    write({ "Counter.tla": endless, "claim.cfg": claim("holds", "INVARIANT Typed") });
    const late = {
      verdict: "inconclusive",
      asDeclared: false,
      fromCache: false,
      reason: "not decided within 2 s",
    };
    expect(await check({ timeoutMs: 2000 })).toEqual([expect.objectContaining(late)]);
    expect(readdirSync(home.path)).toEqual(["specs"]);
  });

  it("stops immediately, with everything that is under way", async () => {
    const endless = COUNTER.replace("n < Last /\\ n' = n + 1", "n' = n + 1").replace("0..Last", "Nat");
    write({ "Counter.tla": endless });
    for (const name of ["a", "b", "c"]) write({ [`${name}.cfg`]: claim("holds", "INVARIANT Typed") });
    const stop = new AbortController();
    const started: string[] = [];
    const work = check({
      parallel: 2,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === "started") started.push(event.claim.id);
        if (started.length === 2) setTimeout(() => stop.abort(), 1000);
      },
    });
    await expect(work).rejects.toThrow(Interrupted);
    expect(started).toEqual(["a", "b"]);
  });
});
