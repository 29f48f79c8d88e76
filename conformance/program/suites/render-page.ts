import { code, plain, table } from "../markdown/markdown.js";
import { isNeedless, killersOf, type MatrixRow, type SuiteMatrix } from "./matrix.js";
import { cellText, howOf } from "./show.js";
import { SUITES } from "./suites.js";
import { mutantsIn, totalsOf } from "./totals.js";

const MADE = "<!-- Made by `quiesce conform --mutants --suites --page` from matrix.json. Do not edit. -->";

/** The matrix as a page: what each suite kills, how fast, and what it misses. */
export function renderPage(matrix: SuiteMatrix, machine: string): string {
  const days = matrix.rows.flatMap(({ results }) => Object.values(results).map(({ day }) => day)).toSorted();
  const groups = [...new Set(matrix.rows.map(({ of }) => of))];
  return [
    MADE,
    "# Which suite kills which mutant",
    opening(matrix, machine, days),
    "## The suites",
    table(
      ["suite", "what it does"],
      SUITES.map(({ name, about }) => [code(name), plain(about)]),
    ),
    totals(matrix),
    LIMITS,
    ...alone(matrix),
    ...groups.flatMap((of) => group(of, matrix)),
    "",
  ].join("\n\n");
}

function opening(matrix: SuiteMatrix, machine: string, days: readonly string[]): string {
  const mutants = mutantsIn(matrix);
  const dead = mutants.filter((row) => killersOf(row).length > 0);
  const alive = mutants.filter((row) => killersOf(row).length === 0);
  const when = days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
  return [
    `${dead.length} of ${mutants.length} mutants are killed by at least one suite.`,
    ...(alive.length > 0
      ? [`Not killed: ${alive.map(({ of, name }) => code(`${of} ${name}`)).join(", ")}.`]
      : []),
    `Run on ${machine}, ${when}. A number is the seconds until the suite had noticed the mutant, compiling it`,
    "included; `-`: it ran and noticed nothing; `(-)`: the same, while others had more than a quarter of the machine's time,",
    "which may be why; `?`: what it saw is not certain; `…`: it has not been run; nothing: it has",
    "nothing to do with this mutant. The rows *(nothing)* change nothing: a suite that killed one of them would be worth nothing.",
  ].join("\n");
}

function totals(matrix: SuiteMatrix): string {
  const notRun = (suite: string): number =>
    mutantsIn(matrix).filter((row) => row.notRun.includes(suite)).length;
  return table(
    [
      "suite",
      "ran on",
      "kills",
      "misses",
      "not certain",
      "not run yet",
      "alone",
      "seconds to a kill: least, median, most",
    ],
    totalsOf(matrix).map(({ suite, applies, kills, misses, open, alone: only, seconds }) => [
      code(suite),
      ...[applies, kills, misses, open, notRun(suite), only].map(String),
      seconds === undefined ? "" : seconds.map((one) => one.toFixed(1)).join(", "),
    ]),
  );
}

/** What a person should know who reads the figures. */
const LIMITS = [
  "What the suites can't show:",
  "",
  "- **An order that this processor keeps anyway.** x86 hides the letters B, D and H, and all that is weaker than a full",
  "  barrier: `litmus` decides about the reader's as compilers made it for arm64, `claim` and `test` (the accesses of",
  "  `native/test/accesses.c`) about the others.",
  "- **A missing membarrier, by recordings.** A recording has to show an announcement that leaves the store buffer only",
  "  after the scan, in a run where sections and grace periods meet by chance. Flushing up to 30 lines before each section,",
  "  one reader and one updater alone, and sections as long as 2,000 pauses showed none in 166,672 grace periods. `litmus`",
  "  shows it, since there a section and a grace period begin together: `RCU+sync-in-slow-section`.",
  "- **What a program never calls.** `replay` walks readers, updaters and registration, recordings the same without",
  "  registration: a mutant of deferral, of hash tables or of misuse is missed by both, and killed by its test.",
  "- **How fast, on a quiet machine.** The first run, on 2026-11-29, had two processors for fifty processes of others, and a",
  "  cache for what compilers make of sources that mutants have alike: its seconds say what is fast beside what, no more.",
  "- **Along which claims `drive` goes** depends on the file that is changed: always `readers`, and `updaters`, `poll`,",
  "  `call`, `fork` or `end` where the file has to do with it.",
].join("\n");

function alone(matrix: SuiteMatrix): string[] {
  const rows = mutantsIn(matrix).filter((row) => killersOf(row).length === 1);
  const lines = matrix.suites.flatMap((suite) => {
    const own = rows.filter((row) => killersOf(row)[0] === suite);
    if (own.length === 0) return [];
    return [
      `- ${code(suite)} (${own.length}): ${own.map(({ of, name }) => code(of === "native" ? name : `${of} ${name}`)).join(", ")}`,
    ];
  });
  return ["## Killed by one suite only", lines.join("\n")];
}

function group(of: string, matrix: SuiteMatrix): string[] {
  const rows = matrix.rows.filter((row) => row.of === of);
  const suites = matrix.suites.filter((suite) =>
    rows.some(({ results, notRun }) => results[suite] !== undefined || notRun.includes(suite)),
  );
  const needless = rows.filter(isNeedless);
  const shown = rows.filter((row) => !isNeedless(row));
  const line = (row: MatrixRow): string[] => [
    code(row.name),
    ...suites.map((suite) => (row.notRun.includes(suite) ? "…" : cellText(row.results[suite]))),
    plain(howOf(row)),
  ];
  return [
    `## ${of}`,
    table(["mutant", ...suites.map(code), "how it was noticed first"], shown.map(line)),
    ...(needless.length > 0
      ? [
          "Barriers that their tests do not need: under the weakest order, the machine allows nothing more without them.",
          needless.map(({ name }) => `- ${code(name)}`).join("\n"),
        ]
      : []),
  ];
}
