import type { Row } from "./figures.js";
import type { KeptBench } from "./kept.js";
import { WAYS, wayRows } from "./ways.js";

const row = (name: string, unit: string, median: number): Row => ({
  name,
  group: "Grace period",
  unit,
  ours: { min: median * 0.9, median, max: median * 2 },
  theirs: null,
  sides: { ours: "quiesce", theirs: null },
  others: [],
  ratio: null,
  against: null,
  aim: null,
  met: null,
  family: null,
});

/** A result as it would be kept, of figures that nobody measured. */
export const KEPT: KeptBench = {
  form: "quiesce-bench-1",
  name: "made-up-2-cores",
  date: "2026-01-31",
  commit: "0123456789ab",
  figures: {
    machine: {
      processor: "A processor <b>{{ 1 }}</b>",
      cores: 2,
      memoryMiB: 24_576,
      kernel: "6.1",
      compiler: "cc 12",
      liburcu: "0.13.2",
      busy: 0.02,
    },
    quick: false,
    rounds: 5,
    seconds: 300,
    aims: { met: 0, missed: 0, unknown: 0 },
    notes: [],
    rows: Object.values(WAYS).flatMap(({ how }, n) => {
      const { us, interrupts, switches } = wayRows(how);
      return [row(us, "us", 0.07 * 20 ** n), row(interrupts, "each", n), row(switches, "each", n / 2)];
    }),
  },
};
