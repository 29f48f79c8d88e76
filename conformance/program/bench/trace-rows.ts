import type { Measurement, RowPlan } from "./rows.js";

const trace = (
  options: Measurement["options"],
  rows: readonly RowPlan[],
  family?: Measurement["family"],
): Measurement => ({
  group: "Tracing",
  program: "trace",
  options: { ...options, rounds: 1000, events: 1000 },
  quick: { ...options, rounds: 200, events: 1000 },
  ours: "trace-quiesce",
  theirs: "trace-lttng",
  rows,
  ...(family && { family }),
});

const recorded = (event: string, name: string): Measurement =>
  trace({ event }, [
    { name: `event ${name}`, unit: "ns", key: "ns_median", aim: { of: "ratio", atMost: 0.6 } },
  ]);

const COUNTS = [1, 2, 4, 8] as const;

/** What `quiesce bench --trace` measures: the aims are those of issue 14. */
export const TRACE_MEASUREMENTS: readonly Measurement[] = [
  trace({ event: "off" }, [
    { name: "event switched off", unit: "ns", key: "ns_median", aim: { of: "ratio", atMost: 1 } },
  ]),
  recorded("none", "without fields, recorded to memory"),
  recorded("four", "with 4 integers, recorded to memory"),
  recorded("eight", "with 8 integers, recorded to memory"),
  recorded("string", "with a string of 32 bytes, recorded to memory"),
  trace({ event: "four", threads: 2 }, [{ name: "memory a thread, tracing", unit: "KiB", key: "kb_thread" }]),
  ...COUNTS.map((threads) =>
    trace(
      { event: "four", threads },
      [
        {
          name: `events with 4 integers, ${threads} thread${threads === 1 ? "" : "s"}`,
          unit: "a us",
          key: "events_us",
        },
      ],
      { name: "events by threads", of: "threads", at: threads },
    ),
  ),
];
