import { describe, expect, it } from "vitest";
import { BenchError } from "../../../native/js/errors.js";
import { type MeasureRequest, measureAll } from "./measure.js";
import { measurementOf } from "./measurement.fixture.js";
import type { Measurement, Side } from "./rows.js";

const measurement = (name: string, more: Partial<Measurement> = {}): Measurement =>
  measurementOf({ name, unit: "ns", key: "ns" }, more);

interface Told {
  readonly order: string[];
  readonly request: MeasureRequest;
}

/** Records who is run; each run takes a second of a clock of its own. */
function recording(more: Partial<MeasureRequest> = {}): Told {
  const order: string[] = [];
  let clock = 0;
  return {
    order,
    request: {
      measurements: [measurement("a"), measurement("b")],
      quick: true,
      rounds: 2,
      budgetMs: Infinity,
      signal: new AbortController().signal,
      lackOf: () => undefined,
      run: async (side: Side, { rows }: Measurement) => {
        order.push(`${rows[0]?.name} ${side}`);
        clock += 1000;
        return { ns: clock };
      },
      now: () => clock,
      ...more,
    },
  };
}

describe("measureAll", () => {
  it("lets ours and theirs take turns, and each begin in half of the rounds", async () => {
    const { order, request } = recording();
    const { rounds, measured } = await measureAll(request);
    expect(order).toEqual([
      "a quiesce",
      "a liburcu-memb",
      "b quiesce",
      "b liburcu-memb",
      "a liburcu-memb",
      "a quiesce",
      "b liburcu-memb",
      "b quiesce",
    ]);
    expect(rounds).toBe(2);
    expect(measured[0]?.ours.runs).toEqual([{ ns: 1000 }, { ns: 6000 }]);
  });

  it("begins no round that would go on after the time that it has", async () => {
    const { order, request } = recording({ rounds: 100, budgetMs: 9000 });
    expect(await measureAll(request)).toMatchObject({ rounds: 2, seconds: 8 });
    expect(order).toHaveLength(8);
  });

  it("begins nothing when the last moment is over, and says so where there is no figure", async () => {
    const { order, request } = recording({ lastMs: 1500 });
    const { measured } = await measureAll(request);
    expect(order).toEqual(["a quiesce", "a liburcu-memb"]);
    expect(measured.map(({ ours }) => ours.problem)).toEqual([undefined, "no time was left for it"]);
  });

  it("measures nothing on a side that lacks it, and says what it lacks", async () => {
    const { order, request } = recording({
      lackOf: (side) => (side === "liburcu-memb" ? "not installed" : undefined),
    });
    const { measured } = await measureAll(request);
    expect(order).toEqual(["a quiesce", "b quiesce", "a quiesce", "b quiesce"]);
    expect(measured[0]).toMatchObject({
      ours: { runs: [{}, {}] },
      theirs: { lack: "not installed", runs: [] },
    });
  });

  it("goes on with the other rows when a program fails, and does not try it again", async () => {
    const order: string[] = [];
    const { request } = recording({
      run: async (side, { rows }) => {
        order.push(`${rows[0]?.name} ${side}`);
        if (rows[0]?.name === "a" && side === "quiesce") throw new BenchError("it did not end in time");
        return { ns: 1 };
      },
    });
    const { measured } = await measureAll(request);
    expect(measured[0]?.ours).toEqual({ side: "quiesce", runs: [], problem: "it did not end in time" });
    expect(order.filter((run) => run === "a quiesce")).toHaveLength(1);
    expect(order.filter((run) => run === "b quiesce")).toHaveLength(2);
  });

  it("stops at an interrupt", async () => {
    const stop = new AbortController();
    const { order, request } = recording({ signal: stop.signal });
    const stopping = measureAll({
      ...request,
      run: (...args) => {
        stop.abort();
        return request.run(...args);
      },
    });
    await expect(stopping).rejects.toMatchObject({ exitCode: 130 });
    expect(order).toEqual(["a quiesce"]);
  });
});
