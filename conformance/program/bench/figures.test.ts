import { describe, expect, it } from "vitest";
import { aimText, type BenchFigures, figuresOf, meets, rowsOf } from "./figures.js";
import type { Measured, MeasuredAll } from "./measure.js";
import { measurementOf } from "./measurement.fixture.js";
import { MEASUREMENTS, type RowPlan, type Side } from "./rows.js";
import { shortNumber, showBench } from "./show.js";

const runs = (side: Side, key: string, ...values: number[]): Measured => ({
  side,
  runs: values.map((value) => ({ [key]: value })),
});

const NS: RowPlan = { name: "pair", unit: "ns", key: "ns", aim: { of: "ratio", atMost: 0.75 } };

const all = (ours: readonly number[], theirs: readonly number[], row = NS): MeasuredAll => ({
  measurement: measurementOf(row),
  ours: runs("quiesce", row.key, ...ours),
  theirs: runs("liburcu-memb", row.key, ...theirs),
  others: [],
});

const MACHINE = {
  processor: "P",
  cores: 2,
  memoryMiB: 2048,
  kernel: "6",
  compiler: "cc",
  liburcu: "0.13",
  busy: 0,
};

const shown = (...measured: MeasuredAll[]): BenchFigures =>
  figuresOf({ measured, rounds: 1, seconds: 1 }, { machine: MACHINE, quick: false, notes: [] });

describe("the table's arithmetic", () => {
  it("divides our median by theirs, whatever single runs were disturbed", () => {
    const [row] = rowsOf([all([1, 900, 1.2], [2, 1.9, 50])]);
    expect(row).toMatchObject({
      ours: { min: 1, median: 1.2, max: 900 },
      theirs: { min: 1.9, median: 2, max: 50 },
      ratio: 0.6,
      met: true,
    });
  });

  it("calls an aim missed that is missed by a little, and one met that is met exactly", () => {
    expect(meets({ of: "ratio", atMost: 0.75 }, 1, 0.75)).toBe(true);
    expect(meets({ of: "ratio", atMost: 0.75 }, 1, 0.7501)).toBe(false);
    expect(meets({ of: "ratio", atLeast: 1 }, 1, 0.99)).toBe(false);
    expect(meets({ of: "ours", atMost: 2 }, 3, 0.01)).toBe(false);
  });

  it("says neither met nor missed without a figure to compare with", () => {
    const [alone] = rowsOf([all([1], [])]);
    expect(alone).toMatchObject({ ours: { median: 1 }, theirs: null, ratio: null, met: null });
    const [nothing] = rowsOf([all([], [1])]);
    expect(nothing).toMatchObject({ ours: null, ratio: null, met: null });
  });

  it("divides by nothing that is 0, nor by a count that only others can have caused", () => {
    expect(rowsOf([all([1], [0])])[0]?.ratio).toBeNull();
    const row: RowPlan = {
      name: "interrupts",
      unit: "each",
      key: "n",
      count: true,
      aim: { of: "ours", atMost: 1 },
    };
    expect(rowsOf([all([1], [0.002], row)])[0]).toMatchObject({ ratio: null, met: true });
  });

  it("compares a size with the first one of its family, not with liburcu", () => {
    const size = (at: number, us: number): MeasuredAll => {
      const row: RowPlan = { name: `size ${at}`, unit: "us", key: "us", aim: { of: "first", atMost: 1.2 } };
      const family = { name: "sizes", of: "slots", at };
      return {
        measurement: measurementOf(row, { family }),
        ours: runs("quiesce", "us", us),
        others: [],
      };
    };
    const rows = rowsOf([size(1, 0.25), size(64, 0.25), size(4096, 5)]);
    expect(rows.slice(1)).toMatchObject([
      { ratio: 1, against: "size 1", met: true },
      { ratio: 20, against: "size 1", met: false },
    ]);
  });

  it("counts met, missed and unknown aims, and no row that has none", () => {
    const { aims } = shown(
      all([1], [2]),
      all([2], [2]),
      all([], [2]),
      all([1], [1], { ...NS, aim: undefined } as never),
    );
    expect(aims).toEqual({ met: 1, missed: 1, unknown: 1 });
  });
});

describe("the table as it is printed", () => {
  it("never has a figure where nothing was measured", () => {
    const text = showBench(
      shown({ ...all([], [2]), ours: { side: "quiesce", runs: [], lack: "qs_x in y.h" } }),
    );
    expect(text).toMatch(/pair +not there yet +2\.00 ns +<= 0\.75\n/);
    expect(text).toContain("Not there yet: qs_x in y.h");
  });

  it("says met and missed in words, since there are no colours in a pipe", () => {
    const text = showBench(shown(all([1], [2]), all([2], [2])));
    expect(text).toMatch(/0\.50 +<= 0\.75 {2}met\n[\s\S]*1\.00 +<= 0\.75 {2}missed\n/);
    expect(text).not.toContain("\u001b");
  });

  it("names a program that failed, and which side of it", () => {
    const failed: Measured = { side: "quiesce", runs: [], problem: "it did not end in time" };
    const text = showBench(shown({ ...all([], [2]), ours: failed }));
    expect(text).toMatch(/pair +failed/);
    expect(text).toContain("pair: quiesce: it did not end in time");
  });

  it("has three digits that say something, however great or small", () => {
    expect([1234567, 105.3, 12.34, 1.234, 0.0317, 0.0002, 0].map(shortNumber)).toEqual([
      "1,234,567",
      "105",
      "12.3",
      "1.23",
      "0.0317",
      "0.000200",
      "0",
    ]);
  });
});

describe("the table's rows", () => {
  const plans = MEASUREMENTS.flatMap(({ rows }) => rows);

  it("have different names, so that --only and --json can tell them apart", () => {
    expect(new Set(plans.map(({ name }) => name)).size).toBe(plans.length);
  });

  it("have the aims of the issue: losing one, or making it easier, would be noticed", () => {
    const aims = plans.flatMap(({ name, aim }) =>
      aim === undefined ? [] : [`${name}: ${aim.of} ${aimText(aim)}`],
    );
    expect(aims).toMatchInlineSnapshot(`
      [
        "read pair, reader in a register: ratio <= 0.75",
        "read pair, flavour fixed when compiled: ratio <= 0.75",
        "read pair, domain known when linked: ratio <= 0.65",
        "read pair that does not nest: ratio <= 0.5",
        "read pair, reader found by thread-local storage: ratio <= 0.95",
        "read pair, mb flavour: ratio <= 0.05",
        "grace period, no reader registered, another thread runs: ratio <= 1",
        "grace period, a registered reader asleep: ratio <= 0.5",
        "grace period, busy reader, short sections: ratio <= 0.5",
        "interrupts, busy reader, short sections: ours <= 1.05",
        "grace period, 20 us sections: ratio <= 0.6",
        "interrupts, 20 us sections: ours <= 2",
        "grace period, capacity 4,096, one slot used: first the same (<= 1.2)",
        "grace period, capacity 1,048,576, one slot used: first the same (<= 1.2)",
        "membarriers behind a 0.5 s section, a short-section reader beside it: ours <= 2",
        "8 updaters, a reader asleep 1 ms a section: calls: ratio >= 1",
        "8 updaters, a reader asleep 1 ms a section: slowest call: ratio <= 1",
        "two updaters in a loop: slowest call: ratio <= 1",
        "deferral: enqueue, an object: ratio <= 0.1",
        "deferral: until freed, an object: ratio <= 0.1",
        "deferral: one object, idle worker: ratio <= 0.1",
      ]
    `);
  });
});
