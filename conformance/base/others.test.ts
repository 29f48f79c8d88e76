import { describe, expect, it } from "vitest";
import { othersShare, watchOthers } from "./others.js";

describe("the share of the machine that others had", () => {
  it("is what was busy and not our own", () => {
    const before = { busy: 100, all: 1000, own: 50 };
    expect(othersShare(before, { busy: 180, all: 1200, own: 80 })).toBeCloseTo(50 / 200);
    expect(othersShare(before, { busy: 130, all: 1200, own: 80 })).toBe(0);
    expect(othersShare(before, before)).toBe(0);
  });

  it.runIf(process.platform === "linux")("can be watched", () => {
    const share = watchOthers()();
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  });
});
