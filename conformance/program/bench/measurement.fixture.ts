import type { Measurement, RowPlan } from "./rows.js";

/** A measurement of one row, as the table has them. */
export function measurementOf(row: RowPlan, more: Partial<Measurement> = {}): Measurement {
  return {
    group: "Read side",
    program: "read_pair",
    options: {},
    quick: {},
    ours: "quiesce",
    theirs: "liburcu-memb",
    rows: [row],
    ...more,
  };
}
