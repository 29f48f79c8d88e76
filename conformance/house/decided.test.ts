import { describe, expect, it } from "vitest";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import { decidedFile, specRoot } from "../base/root.js";
import { readLedger, staleClaims } from "../program/check/ledger.js";

/** Up to this number of states a claim is no large one: it takes seconds. */
const SMALL_STATES = 50_000;

const claims = await requireClaims([], specRoot);
const ledger = await readLedger(decidedFile);

const AGAIN = "decide them again: npx quiesce check --stale --record, then npm run generate";

describe("no claim is recorded as decided when it said something else", () => {
  const recorded = claims.filter(({ id }) => ledger.has(id));

  it("holds", async () => {
    const stale = (await staleClaims(recorded, ledger)).map(({ id }) => id);
    expect(stale, AGAIN).toEqual([]);
  });

  it("would notice one", async () => {
    const [claim] = recorded;
    if (claim === undefined) throw new Error("no claim is recorded");
    const changed = { ...claim, config: `${claim.config}CHECK_DEADLOCK TRUE\n` };
    expect(await staleClaims([claim, changed], ledger)).toEqual([changed]);
  });

  it("and what each push decides is recorded", () => {
    const missing = claims.filter(({ id, set }) => set === "ci" && !ledger.has(id));
    expect(
      missing.map(({ id }) => id),
      AGAIN,
    ).toEqual([]);
  });

  it("has no row of a claim that is gone", () => {
    const known = new Set(claims.map(({ id }) => id));
    expect([...ledger.keys()].filter((id) => !known.has(id))).toEqual([]);
  });
});

describe("every file of claims has a row that each push decides", () => {
  it("unless all of its rows are large", () => {
    const pushed = new Set(claims.filter(({ set }) => set === "ci").map(({ file }) => file));
    const small = claims.filter(
      ({ declared }) => (declared.states ?? Number.POSITIVE_INFINITY) <= SMALL_STATES,
    );
    const left = new Set(small.map(({ file }) => file).filter((file) => !pushed.has(file)));
    expect([...left]).toEqual([]);
  });
});
