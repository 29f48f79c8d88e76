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

/** As all of them are where the kernel has no GLOBAL_EXPEDITED. */
const { theirs: _, ...fenced } = trace({ event: "four", fences: 1 }, [
  { name: "event with 4 integers, a fence in every section", unit: "ns", key: "ns_median" },
]);

/** One thread writes as fast as it can, and a recorder has the other processor: what is measured is the recorder. */
const toDisk: Measurement = {
  ...trace({ event: "four" }, [
    { name: "events with 4 integers, written to disk", unit: "a us", key: "written_us" },
    { name: "bytes an event with 4 integers, on disk", unit: "bytes", key: "bytes_event" },
    {
      name: "events lost of those that come as fast as they can",
      unit: "%",
      key: "lost_percent",
      count: true,
    },
  ]),
  options: { event: "four", rounds: 4000, events: 1000 },
  quick: { event: "four", rounds: 1000, events: 1000 },
  toDisk: true,
};

/** So many as both can write come from one thread: what is measured is whether the recorder looks often enough. */
const ATTAINABLE = 4;
const paced: Measurement = {
  ...trace({ event: "four" }, [
    { name: `events lost of ${ATTAINABLE} a us`, unit: "%", key: "lost_percent", count: true },
  ]),
  options: { event: "four", rounds: 4000, events: 1000, a_us: ATTAINABLE },
  quick: { event: "four", rounds: 1000, events: 1000, a_us: ATTAINABLE },
  toDisk: true,
};

/** Theirs is `lttng enable-event`, ours `quiesce-trace apply`: the programs that switch, each started for that. */
const switching: Measurement = {
  group: "Tracing",
  program: "trace_switch",
  options: { times: 20 },
  quick: { times: 5 },
  ours: "trace-quiesce",
  theirs: "trace-lttng",
  rows: [
    { name: "from the command that switches on to the first event", unit: "us", key: "first_us" },
    { name: "the command that switches on", unit: "us", key: "ended_us" },
    {
      name: "the program is interrupted by a command that switches on",
      unit: "us",
      key: "taken_us",
      count: true,
    },
  ],
};

/**
 * The ways to make readers pass a barrier that the article names, of which the directory's flags choose the first or the
 * fourth. LTTng has no choice between them, so there are no figures of theirs.
 */
const VARIANTS = {
  fences: "a fence in every section",
  signals: "a signal to each thread",
  global: "membarrier GLOBAL",
  expedited: "GLOBAL_EXPEDITED",
  private: "PRIVATE_EXPEDITED, unsafe across processes",
} as const;

function changing(how: keyof typeof VARIANTS): Measurement[] {
  const name = VARIANTS[how];
  const ms = how === "global" ? 200 : 60;
  const change = (who: string, rows: readonly RowPlan[]): Measurement => ({
    group: "Tracing",
    program: "trace_change",
    options: { how, who, ms: 5 * ms },
    quick: { how, who, ms },
    ours: "trace-controller",
    rows,
  });
  const costs = (whom: string): RowPlan[] => [
    { name: `${whom} is interrupted for, ${name}`, unit: "us", key: "taken_us", count: true },
    { name: `${whom} loses its processor, ${name}`, unit: "each", key: "switches", count: true },
    { name: `interrupts of ${whom}, ${name}`, unit: "each", key: "interrupts", count: true },
  ];
  return [
    change("program", [
      { name: `a change of the rules, ${name}`, unit: "us", key: "us" },
      ...costs("the traced program"),
    ]),
    change("other", costs("another process")),
  ];
}

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
  fenced,
  toDisk,
  paced,
  switching,
  ...(["fences", "signals", "global", "expedited", "private"] as const).flatMap(changing),
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
