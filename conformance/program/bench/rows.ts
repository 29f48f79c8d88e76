import type { BenchOptions, BenchProgram, BenchSide } from "../../../native/js/bench.js";
import type { Crate } from "../../../native/js/bench-rust.js";
import { WAYS, type Way, wayRows } from "./ways.js";

/** Whose figures a row has. */
export type Side = BenchSide | Crate;

/**
 * What a row should reach: its ratio to theirs, our own figure, or its ratio to the first row of its measurements'
 * family, that is, "the same at every size".
 */
export interface Aim {
  readonly of: "ratio" | "ours" | "first";
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A row of the table: one of the figures of a measurement. */
export interface RowPlan {
  readonly name: string;
  readonly unit: string;
  /** Its name in what the measuring program says. */
  readonly key: string;
  readonly aim?: Aim;
  /** A count, such as of interrupts: no ratio below it means anything. */
  readonly count?: boolean;
}

/** What one run of a measuring program gives, for each side. */
export interface Measurement {
  readonly group: Group;
  readonly program: BenchProgram;
  readonly options: BenchOptions;
  /** Instead of those options, with --quick. */
  readonly quick: BenchOptions;
  readonly ours: Side;
  readonly theirs?: Side;
  /** Further columns; those of liburcu are not measured with --quick. */
  readonly others?: readonly Side[];
  readonly rows: readonly RowPlan[];
  /** For charts, and for aims that compare with the first: measurements that differ in one number. */
  readonly family?: { readonly name: string; readonly of: string; readonly at: number };
  /** A recorder writes to disk meanwhile, and whoever runs the program makes of it what was written. */
  readonly toDisk?: boolean;
  /** How often in each round: more often where a run is short (1). */
  readonly repeat?: number;
}

export const GROUPS = [
  "Read side",
  "Grace period",
  "Updaters",
  "Deferral",
  "Memory",
  "Scaling",
  "Tracing",
] as const;
export type Group = (typeof GROUPS)[number];

const CRATES = ["crossbeam-epoch", "seize"] as const;

const pair = (
  name: string,
  ours: Side,
  theirs: Side | undefined,
  atMost?: number,
  others: readonly Side[] = [],
): Measurement => ({
  group: "Read side",
  program: "read_pair",
  options: { ms: 200 },
  quick: { ms: 40 },
  repeat: 2,
  ours,
  others,
  ...(theirs !== undefined && { theirs }),
  rows: [{ name, unit: "ns", key: "ns", ...(atMost !== undefined && { aim: { of: "ratio", atMost } }) }],
});

interface GracePeriod {
  readonly name: string;
  readonly options: BenchOptions;
  readonly atMost: number;
  /** Ours, for each grace period. */
  readonly interrupts?: number;
}

const OTHER_FLAVOURS = ["liburcu-mb", "liburcu-bp", "liburcu-qsbr"] as const;

const gracePeriod = ({ name, options, atMost, interrupts }: GracePeriod): Measurement => ({
  group: "Grace period",
  program: "grace_period",
  options: { ...options, ms: 500 },
  quick: { ...options, ms: 100 },
  ours: "quiesce",
  theirs: "liburcu-memb",
  others: OTHER_FLAVOURS,
  rows: [
    { name: `grace period, ${name}`, unit: "us", key: "us", aim: { of: "ratio", atMost } },
    {
      name: `interrupts, ${name}`,
      unit: "each",
      key: "interrupts",
      count: true,
      ...(interrupts !== undefined && { aim: { of: "ours", atMost: interrupts } }),
    },
    { name: `membarriers, ${name}`, unit: "each", key: "membarriers", count: true },
  ],
});

/** What "the same" may differ by: clocks and caches are not the same twice. */
const SAME = 1.2;

const capacity = (slots: number): Measurement => {
  const options = { reader: "asleep", capacity: slots };
  return {
    group: "Grace period",
    program: "grace_period",
    options: { ...options, ms: 300 },
    quick: { ...options, ms: 60 },
    ours: "quiesce",
    family: { name: "grace period by capacity", of: "slots", at: slots },
    rows: [
      {
        name: `grace period, capacity ${slots.toLocaleString("en-US")}, one slot used`,
        unit: "us",
        key: "us",
        ...(slots > 1 && { aim: { of: "first", atMost: SAME } }),
      },
    ],
  };
};

const COUNTS = [1, 2, 4, 8] as const;
const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

const readers = (count: number): Measurement => ({
  group: "Scaling",
  program: "readers",
  options: { readers: count, ms: 300 },
  quick: { readers: count, ms: 60 },
  ours: "quiesce",
  theirs: "liburcu-memb",
  others: CRATES,
  family: { name: "read pairs by readers", of: "readers", at: count },
  rows: [{ name: `read pairs, ${many(count, "reader")}`, unit: "a us", key: "pairs_us" }],
});

const gracePeriodsByReaders = (count: number): Measurement => ({
  group: "Scaling",
  program: "grace_period",
  options: { reader: "short", readers: count, ms: 400 },
  quick: { reader: "short", readers: count, ms: 80 },
  ours: "quiesce",
  theirs: "liburcu-memb",
  family: { name: "grace period by readers", of: "busy readers", at: count },
  rows: [{ name: `grace period, ${many(count, "busy reader")}`, unit: "us", key: "us" }],
});

/** All updaters wait for a reader that is hardly ever outside of a section, so what counts is how they share. */
const BEHIND_SECTIONS = { reader: "sleeps", section_us: 1000, apart: 1 };

const updatersBy = (count: number): Measurement => ({
  group: "Scaling",
  program: "updaters",
  options: { ...BEHIND_SECTIONS, updaters: count, ms: 1000 },
  quick: { ...BEHIND_SECTIONS, updaters: count, ms: 150 },
  ours: "quiesce",
  theirs: "liburcu-memb",
  family: { name: "grace periods by updaters", of: "updaters", at: count },
  rows: [
    { name: `grace periods, ${many(count, "updater")}`, unit: "a ms", key: "calls_ms" },
    { name: `slowest call, ${many(count, "updater")}`, unit: "ms", key: "slowest_ms" },
  ],
});

/** liburcu has no choice between the ways, so there are no figures of theirs. */
const bystander = ({ how, side: ours, ms }: Way): Measurement => ({
  group: "Grace period",
  program: "bystander",
  options: { ms: 5 * ms },
  quick: { ms },
  ours,
  rows: [
    { name: wayRows(how).us, unit: "us", key: "us" },
    {
      name: wayRows(how).interrupts,
      unit: "each",
      key: "interrupts",
      count: true,
    },
    {
      name: wayRows(how).switches,
      unit: "each",
      key: "switches",
      count: true,
    },
  ],
});

const TWO = { updaters: 2, reader: "asleep" };

/** Everything that `quiesce bench` measures, in the order of its table. The aims are those of the issue. */
export const MEASUREMENTS: readonly Measurement[] = [
  pair("empty loop with the dereference", "none", undefined),
  pair("read pair, reader in a register", "quiesce", "liburcu-memb", 0.75, CRATES),
  pair("read pair, flavour fixed when compiled", "quiesce-membarrier", "liburcu-memb", 0.75),
  pair("read pair, domain known when linked", "quiesce-known", "liburcu-memb", 0.65),
  pair("read pair that does not nest", "quiesce-enter", "liburcu-memb", 0.5),
  pair("read pair, reader found by thread-local storage", "quiesce-thread", "liburcu-memb", 0.95, [
    "liburcu-bp",
  ]),
  pair("read pair, mb flavour", "quiesce-mb", "liburcu-mb", 0.05),
  pair("read pair, qsbr flavour", "quiesce-qsbr", "liburcu-qsbr"),

  gracePeriod({
    name: "no reader registered, another thread runs",
    options: { reader: "none" },
    atMost: 1,
  }),
  gracePeriod({ name: "a registered reader asleep", options: { reader: "asleep" }, atMost: 0.5 }),
  gracePeriod({
    name: "busy reader, short sections",
    options: { reader: "short" },
    atMost: 0.5,
    interrupts: 1.05,
  }),
  gracePeriod({
    name: "20 us sections",
    options: { reader: "spins", section_us: 20 },
    atMost: 0.6,
    interrupts: 2,
  }),
  ...[1, 4096, 1_048_576].map(capacity),
  ...Object.values(WAYS).map(bystander),
  {
    group: "Grace period",
    program: "long_section",
    options: { section_ms: 500 },
    quick: { section_ms: 500 },
    ours: "quiesce",
    theirs: "liburcu-memb",
    rows: [
      {
        name: "membarriers behind a 0.5 s section, a short-section reader beside it",
        unit: "each",
        key: "membarriers",
        count: true,
        aim: { of: "ours", atMost: 2 },
      },
      { name: "processor time behind a 0.5 s section", unit: "ms", key: "busy_ms" },
    ],
  },

  {
    group: "Updaters",
    program: "updaters",
    options: { ...BEHIND_SECTIONS, updaters: 8, ms: 2000 },
    quick: { ...BEHIND_SECTIONS, updaters: 8, ms: 600 },
    ours: "quiesce",
    theirs: "liburcu-memb",
    others: OTHER_FLAVOURS,
    rows: [
      {
        name: "8 updaters, a reader asleep 1 ms a section: calls",
        unit: "a ms",
        key: "calls_ms",
        aim: { of: "ratio", atLeast: 1 },
      },
      {
        name: "8 updaters, a reader asleep 1 ms a section: slowest call",
        unit: "ms",
        key: "slowest_ms",
        aim: { of: "ratio", atMost: 1 },
      },
    ],
  },
  {
    group: "Updaters",
    program: "updaters",
    options: { ...TWO, ms: 4000 },
    quick: { ...TWO, ms: 1200 },
    ours: "quiesce",
    theirs: "liburcu-memb",
    rows: [
      {
        name: "two updaters in a loop: slowest call",
        unit: "ms",
        key: "slowest_ms",
        aim: { of: "ratio", atMost: 1 },
      },
      { name: "two updaters in a loop: calls of the one with fewer", unit: "", key: "fewest" },
    ],
  },

  {
    group: "Deferral",
    program: "deferral",
    options: { what: "many", ms: 500 },
    quick: { what: "many", ms: 100 },
    ours: "quiesce-defer",
    theirs: "liburcu-memb",
    others: CRATES,
    rows: [
      {
        name: "deferral: enqueue, an object",
        unit: "ns",
        key: "enqueue_ns",
        aim: { of: "ratio", atMost: 0.1 },
      },
      {
        name: "deferral: until freed, an object",
        unit: "ns",
        key: "freed_ns",
        aim: { of: "ratio", atMost: 0.1 },
      },
    ],
  },
  {
    group: "Deferral",
    program: "deferral",
    options: { what: "one", times: 20 },
    quick: { what: "one", times: 5 },
    ours: "quiesce-defer",
    theirs: "liburcu-memb",
    rows: [
      {
        name: "deferral: one object, idle worker",
        unit: "ms",
        key: "one_ms",
        aim: { of: "ratio", atMost: 0.1 },
      },
    ],
  },

  {
    group: "Memory",
    program: "memory",
    options: { capacity: 4096 },
    quick: { capacity: 4096 },
    ours: "quiesce",
    theirs: "liburcu-memb",
    others: ["liburcu-bp", "liburcu-qsbr"],
    rows: [
      { name: "memory, a reader", unit: "bytes", key: "reader_bytes" },
      { name: "memory, a domain for 4,096 readers, one registered", unit: "KiB", key: "domain_kib" },
    ],
  },

  ...COUNTS.map(readers),
  ...COUNTS.map(gracePeriodsByReaders),
  ...COUNTS.map(updatersBy),
];
