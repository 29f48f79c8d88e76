import type { BenchSide } from "../../../native/js/bench.js";
import type { Variant } from "../picture/grace-period-run.js";

/** A way to make readers pass a barrier, as rows name it. */
export interface Way {
  readonly how: string;
  readonly side: BenchSide;
  /** How long it is measured with --quick. */
  readonly ms: number;
}

/** The ways that the article and its readers discussed, by the names that the picture of a grace period gives them. */
export const WAYS: Readonly<Record<Variant, Way>> = {
  fence: { how: "a fence in each section", side: "quiesce-mb", ms: 60 },
  signal: { how: "a signal", side: "quiesce-signal", ms: 60 },
  all: { how: "every CPU", side: "quiesce-every-cpu", ms: 60 },
  private: { how: "expedited = 1", side: "quiesce", ms: 60 },
  grace: { how: "expedited = 0", side: "quiesce-gentle", ms: 200 },
};

/** The names of the rows that are measured of a way. */
export function wayRows(how: string): Readonly<Record<"us" | "interrupts" | "switches", string>> {
  return {
    us: `grace period, ${how}, another process computes`,
    interrupts: `interrupts, ${how}, another process computes`,
    switches: `the other process loses its processor, ${how}`,
  };
}
