import { describe, expect, it } from "vitest";
import { processorTime } from "./machine.js";

describe("processorTime", () => {
  it("counts waiting for a disk as idle, and leaves out guests, which are counted elsewhere", () => {
    expect(processorTime("cpu  10 1 5 100 20 2 3 4 99 0\ncpu0 1 1 1 1\n")).toEqual({ all: 145, idle: 120 });
  });
});
