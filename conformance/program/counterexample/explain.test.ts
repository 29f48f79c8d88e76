import { describe, expect, it } from "vitest";
import { fixture } from "../../../spec/tlc/output/fixtures/fixture.js";
import { readMessages } from "../../../spec/tlc/output/messages.js";
import { readReport } from "../../../spec/tlc/output/report.js";
import type { Trace } from "../../../spec/tlc/output/trace.js";
import { parseValue } from "../../../spec/tlc/value/value.js";
import { changesOf, printChange } from "../../../spec/tlc/value/value-change.js";
import { explainTrace, threadTable } from "./explain.js";
import { readLanes } from "./lanes.js";

const traceOf = (name: string): Trace => {
  const { trace } = readReport(readMessages(fixture(`${name}.out`)));
  if (trace === undefined) throw new Error(`${name} has no trace`);
  return trace;
};
const trace = (states: readonly [action: string, variables: Readonly<Record<string, string>>][]): Trace => ({
  states: states.map(([name, variables], i) => ({
    number: i + 1,
    ...(i > 0 && { action: { name } }),
    variables: new Map(Object.entries(variables).map(([n, text]) => [n, parseValue(text)])),
  })),
  end: { kind: "finite" },
});

describe("a long trace", () => {
  const steps = Array.from({ length: 1500 }, (_, i): [string, Record<string, string>] => [
    "Next",
    { x: String(i) },
  ]);
  const long = trace(steps);

  it("is folded, unless it is asked for in full", () => {
    const lines = explainTrace(long).split("\n");
    expect(lines.length).toBeLessThan(200);
    expect(lines).toContain("       ... 1,420 steps (--full-trace shows them) ...");
    expect(lines.at(-1)).toMatch(/^ +x: 1498 -> 1499$/);
    expect(explainTrace(long, undefined, true)).toMatch(/ 700 +Next\n +x: 698 -> 699\n/);
  });

  it("keeps the state that a run comes back to", () => {
    const lasso = explainTrace({ ...long, end: { kind: "lasso", backTo: 700 } });
    expect(lasso).toMatch(/659 steps [^\n]*\n +700 +Next\n +x: 698 -> 699\n[^\n]*761 steps/);
    expect(lasso).toMatch(/and again from 700, for ever$/);
  });
});

describe("what never changes", () => {
  it("has no columns, however much it looks like threads", () => {
    const shown = explainTrace(
      trace([
        ["", { cost: "(a :> 1 @@ b :> 2)", x: "1", y: "(c :> 0 @@ d :> 0)" }],
        ["Step", { cost: "(a :> 1 @@ b :> 2)", x: "2", y: "(c :> 1 @@ d :> 0)" }],
        ["Step", { cost: "(a :> 1 @@ b :> 2)", x: "3", y: "(c :> 1 @@ d :> 1)" }],
      ]),
    );
    expect(shown.split("\n")[0]).toMatch(/^ +c +d$/);
  });
});

describe("explainTrace", () => {
  it("shows what each step changed, with one column per thread", () => {
    expect(explainTrace(traceOf("Invariant"))).toBe(
      [
        "     r1                              r2",
        " 1   at the start",
        '       f = (<<1, "a">> :> {<<1, "a">>} @@ <<2, "b">> :> {<<2, "b">>})',
        '       cells = (0 :> "live" @@ 1 :> "live" @@ 2 :> "live")',
        "       set = {}",
        '       x = [n |-> -5, name |-> "a \\"quoted\\" back\\\\slash"]',
        '       pc = (r1 :> "idle" @@ r2 :> "idle")',
        "       head = 0",
        "       log = <<>>",
        " 2   Free (of no one thread)",
        '       cells[0]: "live" -> "freed"',
        "       x.n: -5 -> -6",
        " 3   Step",
        "       set: gains r1",
        '       pc[r1]: "idle" -> "Announce"',
        "       log: <<>> -> <<<<r1, 0>>>>",
        " 4                                   Step",
        "                                       set: gains r2",
        '                                       pc[r2]: "idle" -> "Announce"',
        "                                       log[2]: new, <<r2, 0>>",
      ].join("\n"),
    );
  });

  it("shows a lasso, with what the closing step changes", () => {
    expect(explainTrace(traceOf("Lasso")).split("\n").slice(-3)).toEqual([
      "  6   Back",
      "        x: 4 -> 2",
      "...   and again from 3, for ever",
    ]);
  });

  it("shows stuttering", () => {
    const last = explainTrace(traceOf("Stutter")).split("\n").at(-1);
    expect(last).toBe("...   and nothing happens any more, for ever (stuttering)");
  });

  it("shows a step that changes nothing", () => {
    expect(
      explainTrace(
        trace([
          ["", { x: "1" }],
          ["Use", { x: "1" }],
        ]),
      ),
    ).toMatch(/Use\n +nothing changes$/);
  });

  it("takes threads that are strings, and names them as keys", () => {
    const pc = (a: string, b: string) => ({ pc: `[r1 |-> "${a}", r2 |-> "${b}"]`, gp: "0" });
    const text = explainTrace(
      trace([
        ["", pc("idle", "idle")],
        ["Lock", pc("idle", "in")],
        ["Lock", pc("in", "in")],
      ]),
    );
    expect(text.split("\n")[0]).toMatch(/^ +r1 +r2$/);
    expect(text).toContain('pc["r2"]: "idle" -> "in"');
    const columns = text
      .split("\n")
      .filter((line) => line.endsWith("Lock"))
      .map((line) => line.indexOf("Lock"));
    expect(columns[0]).toBeGreaterThan(columns[1] as number);
  });

  it("finds the thread of a step that only touches variables of some of the threads", () => {
    const at = (pc: string, held: string) => ({ pc: `(0 :> "${pc}" @@ 1 :> "Idle" @@ 2 :> "Idle")`, held });
    const text = explainTrace(
      trace([
        ["", at("Free", "<<0, 0>>")],
        ["Take", at("Free", "<<0, 1>>")],
        ["Free", at("Idle", "<<0, 1>>")],
      ]),
    );
    const header = text.split("\n")[0] as string;
    const take = text.split("\n").find((line) => line.endsWith("Take")) as string;
    expect(take.indexOf("Take")).toBe(header.indexOf("thread 2"));
  });

  it("lets pc decide where another variable has the same indices", () => {
    const at = (pc: string, cell: string) => ({
      pc: `(0 :> "${pc}" @@ 1 :> "Idle")`,
      cell: `(0 :> 1 @@ 1 :> ${cell})`,
      slot: "<<0>>",
    });
    const text = explainTrace(
      trace([
        ["", at("Fill", "0")],
        ["Fill", at("Idle", "1")],
        ["Claim", { ...at("Idle", "1"), slot: "<<1>>" }],
      ]),
    );
    const [header, ...lines] = text.split("\n") as [string, ...string[]];
    expect(lines.find((line) => line.endsWith("Fill"))?.indexOf("Fill")).toBe(header.indexOf("thread 0"));
    expect(lines.find((line) => line.endsWith("Claim"))?.indexOf("Claim")).toBe(header.indexOf("thread 1"));
  });

  it("goes by the action's arguments where TLC prints them", () => {
    const t = trace([
      ["", { pc: "(a :> 0 @@ b :> 0)" }],
      ["Step", { pc: "(a :> 1 @@ b :> 1)" }],
    ]);
    const states = t.states.map((s, i) =>
      i === 0 ? s : { ...s, action: { name: "Step", context: "b, 3" } },
    );
    const text = explainTrace({ ...t, states });
    const [header, ...lines] = text.split("\n") as [string, ...string[]];
    expect(lines.find((line) => line.includes("Step(b, 3)"))?.indexOf("Step")).toBe(header.lastIndexOf("b"));
  });

  it("assigns each step as the module's lanes say: by the action's argument, or by the variable that moves", () => {
    const lanes = readLanes([
      "\\* Lanes: r <= 1 = reader r, u > 1 = updater u, leader = the leader, led = the leader, else = nobody",
      "Look(u) == TRUE",
    ]);
    const t = trace([
      ["", { seen: "<<0, 0>>", leader: '"a"', led: "0", n: "0" }],
      ["Look", { seen: "<<1, 0>>", leader: '"a"', led: "0", n: "0" }],
      ["Lead", { seen: "<<1, 1>>", leader: '"b"', led: "1", n: "0" }],
      ["Rest", { seen: "<<1, 1>>", leader: '"b"', led: "1", n: "1" }],
    ]);
    const [header, ...lines] = explainTrace(t, lanes).split("\n") as [string, ...string[]];
    expect(header.trim().split(/ {2,}/)).toEqual(["reader 1", "updater 2", "the leader"]);
    const column = (step: string): number | undefined =>
      lines.find((line) => line.includes(step))?.indexOf(step);
    expect(column("Look")).toBe(header.indexOf("updater 2"));
    expect(column("Lead")).toBe(header.indexOf("the leader"));
    expect(lines.find((line) => line.includes("Rest"))).toContain("Rest (of nobody)");
  });

  it("has no columns where there are no threads", () => {
    expect(explainTrace(traceOf("Deadlock")).split("\n")[0]).toBe(" 1   at the start");
  });

  it("takes a record for threads only if it explains most steps", () => {
    const at = (n: number, low: number) => ({ n: `${n}`, bounds: `[high |-> 9, low |-> ${low}]` });
    const steps = [at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(3, 1)].map(
      (s) => ["Up", s] as [string, typeof s],
    );
    expect(explainTrace(trace(steps)).split("\n")[0]).toBe(" 1   at the start");
  });

  it("fits into 100 columns where words allow it", () => {
    for (const name of ["Invariant", "Wrapped", "Lasso", "ActionProperty"]) {
      for (const line of explainTrace(traceOf(name)).split("\n")) {
        expect(line.length).toBeLessThanOrEqual(100);
        expect(line).toBe(line.trimEnd());
      }
    }
  });
});

describe("changes", () => {
  it.each([
    ["1", "2", ["v: 1 -> 2"]],
    ["1", "1", []],
    ["{1, 2}", "{2, 3}", ["v: gains 3, loses 1"]],
    ["{}", "{a}", ["v: gains a"]],
    ["{a}", "{}", ["v: {a} -> {}"]],
    ["<<1, 2>>", "<<1, 3>>", ["v[2]: 2 -> 3"]],
    ["<<1, 2>>", "<<1, 2, 3>>", ["v[3]: new, 3"]],
    ["<<1, 2>>", "<<1>>", ["v[2]: gone, was 2"]],
    ["<<1, 2, 3>>", "<<2, 3>>", ["v: <<1, 2, 3>> -> <<2, 3>>"]],
    ["[a |-> 1, b |-> {1}]", "[a |-> 1, b |-> {1, 2}]", ["v.b: gains 2"]],
    ['(0 :> "x" @@ 5 :> "y")', '(0 :> "x" @@ 5 :> "z")', ['v[5]: "y" -> "z"']],
    ["(r1 :> <<0, 0>> @@ r2 :> <<0, 0>>)", "(r1 :> <<0, 7>> @@ r2 :> <<0, 0>>)", ["v[r1][2]: 0 -> 7"]],
    ["[a |-> 1]", "[b |-> 1]", ["v.a: gone, was 1", "v.b: new, 1"]],
    ["1", '"one"', ['v: 1 -> "one"']],
  ])("from %s to %s", (before, after, changes) => {
    expect(changesOf("v", parseValue(before), parseValue(after)).map((c) => printChange(c))).toEqual(changes);
  });
});

describe("threadTable", () => {
  it("lays rows out in columns and numbers them", () => {
    const table = threadTable(
      ["updater", "reader"],
      [
        { column: 1, text: "load gp -> 1", below: ["store buffered"] },
        { column: 0, text: "head <- 1" },
        { column: "all", text: "membarrier" },
      ],
    );
    expect(table).toBe(
      [
        "     updater       reader",
        " 1                 load gp -> 1",
        "                     store buffered",
        " 2   head <- 1",
        " 3   membarrier",
      ].join("\n"),
    );
  });

  it("wraps what is too wide, the widest columns first", () => {
    const long = "word ".repeat(30).trim();
    const table = threadTable(
      ["a", "b"],
      [
        { column: 0, text: long },
        { column: 1, text: "short" },
      ],
      { width: 60 },
    );
    const lines = table.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(table.match(/word/g)).toHaveLength(30);
    expect(lines.at(-1)?.indexOf("short")).toBe(lines[0]?.indexOf("b"));
  });

  it("uses numbers as given", () => {
    const table = threadTable(
      [],
      [
        { column: "all", text: "x", number: 12 },
        { column: "all", text: "y" },
      ],
    );
    expect(table).toBe("12   x\n     y");
  });
});
