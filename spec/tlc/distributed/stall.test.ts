import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StallWatch } from "./stall.js";

const progress = (distinct: number) => ({ generated: 9, distinct, queue: 1, depth: 2 });

describe("StallWatch", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("calls once when the figures stay the same for the limit", () => {
    const onStall = vi.fn();
    const watch = new StallWatch(1000, () => true, onStall);
    watch.take(progress(1));
    vi.advanceTimersByTime(800);
    watch.take(progress(2));
    vi.advanceTimersByTime(800);
    watch.take(progress(2));
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(300);
    expect(onStall).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(5000);
    expect(onStall).toHaveBeenCalledOnce();
  });

  it("does not call while a stall is expected, nor after its end", () => {
    const onStall = vi.fn();
    let may = false;
    const watch = new StallWatch(1000, () => may, onStall);
    vi.advanceTimersByTime(3000);
    expect(onStall).not.toHaveBeenCalled();
    may = true;
    watch.end();
    vi.advanceTimersByTime(3000);
    expect(onStall).not.toHaveBeenCalled();
  });
});
