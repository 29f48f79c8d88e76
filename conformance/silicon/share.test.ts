import { describe, expect, it } from "vitest";
import { seen } from "../../spec/tlc/base/patient.fixture.js";
import { isStarved, shareOf } from "./share.js";

describe("a silent program", () => {
  const before = { ran: 10, waited: 20 };
  it.each([
    ["is kept from the processors: it waits for them, and has them for little", 110, 900, true],
    ["hangs, running", 900, 100, false],
    ["hangs, running, with more threads than there are processors", 1010, 2020, false],
    ["hangs, asleep", 10, 20, false],
    ["hangs, asleep, on a busy machine", 15, 300, false],
  ])("%s", (_, ran, waited, starved) => {
    expect(isStarved(before, { ran, waited }, 1000)).toBe(starved);
  });

  it("hangs, where nobody knows what it had", () => {
    expect(isStarved(undefined, before, 1000)).toBe(false);
    expect(isStarved(before, undefined, 1000)).toBe(false);
  });

  it("is measured by what the kernel says of its threads", async () => {
    const first = shareOf(process.pid);
    expect(first?.ran).toBeGreaterThan(0);
    await seen("more time", () => (shareOf(process.pid)?.ran ?? 0) > (first?.ran ?? 0));
    expect(shareOf(2 ** 30)).toBeUndefined();
  });
});
