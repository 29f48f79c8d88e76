import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMessages } from "../../../spec/tlc/output/messages.js";
import { readReport } from "../../../spec/tlc/output/report.js";
import { parseValue } from "../../../spec/tlc/value/value.js";
import { readPrinted } from "./explain-claim.js";
import { elementsOf, entriesOf, numberOf, readListing, textOf } from "./machine-code.js";
import { machineTable, type TraceEnding } from "./machine-table.js";

/** What TLC printed for a claim of ours (fixtures/record.mjs), as the table that a person sees. */
function table(fixture: string, ending: TraceEnding): string {
  const text = readFileSync(new URL(`./fixtures/${fixture}.out`, import.meta.url), "utf8");
  const { printed, trace } = readReport(readMessages(text));
  const model = readPrinted(printed);
  if (model === undefined || trace === undefined)
    throw new Error(`${fixture}.out has no listing or no trace`);
  return machineTable(trace, model, ending);
}

/** Lines from the table of steps, without the code above it. */
function steps(text: string): string[] {
  return text.slice(text.indexOf("\n\n") + 2).split("\n");
}

describe("machineTable", () => {
  it("shows values, letters, fences, loads through pointers, awaits, and what is not yet performed", () => {
    expect(table("Await", { broken: "NoUseAfterFree is violated" })).toBe(
      `The code as compiled
  reader1  load gp; announced1 <- gp1; barrier (A); load head; load *ptr1;
           announced1 <- 0 (release) (B)
  updater  cell1 <- 1 (live); head <- 1 (release) (D); mb (E); gp <- 2; await announced1 in {0, 2};
           acquire (H); cell0 <- 2 (freed)

     reader1                          updater
 1                                    cell1 <- 1 (live)
 2   load gp -> 1
 3   load head -> 0
       not yet: announced1 <- gp1
 4                                    head <- 1 (release) (D)
 5                                    gp <- 2
                                        behind mb (E)
 6                                    await announced1 in {0, 2} -> 0
 7                                    cell0 <- 2 (freed)
                                        behind acquire (H)
 8   load *ptr1 (cell0) -> 2 (freed)
       not yet: announced1 <- gp1
     ✗ NoUseAfterFree is violated`,
    );
  });

  it("shows an interrupt whose handler has no barrier", () => {
    expect(steps(table("Handler", { broken: "OneSeesTheOther is violated" }))).toEqual([
      "     fast                                    slow",
      " 1   load y -> 0",
      "       not yet: x <- 1",
      " 2                                           y <- 1",
      " 3   interrupted by slow, without a barrier",
      "       not yet: x <- 1",
      " 4                                           interrupts are done",
      " 5                                           load x -> 0",
      "                                               behind mb",
      " 6   x <- 1",
      "     ✗ OneSeesTheOther is violated",
    ]);
  });

  it("shows that an interrupt goes only to the threads of its scope", () => {
    const text = table("Scope", { broken: "NoFreedProbeRuns is violated" });
    expect(text).toContain('interrupt {"reader1"} (E)');
    const told = steps(text).filter((line) => line.includes("interrupt"));
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^ *\d+ {3}interrupted by updater \(E\)/);
    expect(told[1]).toContain("interrupts are done (E)");
  });

  it("shows that interrupts reach nobody, and that a thread is killed", () => {
    const told = steps(table("Overlooked", { broken: "NoUseAfterFree is violated" }));
    expect(told.join("\n")).toContain("its interrupts reach nobody");
    expect(told.filter((line) => line.includes("is killed"))).toEqual([
      expect.stringMatching(/^ *\d+ {3}is killed$/),
    ]);
    expect(told.filter((line) => line.includes("interrupted by"))).toEqual([]);
  });

  it("shows a guard that is not taken, and where the threads of a deadlock are stuck", () => {
    const text = table("Deadlock", "deadlock");
    expect(text).toMatch(/reader1 {2}load waiting; .*\[one of 3 orders that the compiler may choose\]/s);
    expect(steps(text)).toEqual([
      "      reader1                                         updater",
      "  1                                                   load announced1 -> 1",
      "  2   load waiting -> 0",
      "  3                                                   waiting <- 1 if seen1_0 in {1}",
      "  4   interrupted by updater (I): barrier",
      "  5                                                   interrupts are done (I)",
      "  6                                                   load announced1 -> 1",
      "                                                        behind mb (I)",
      "  7   announced1 <- 0 (release) (B)",
      "  8   waiting <- 0 if waiting in {1}: not done,",
      "      waiting = 0",
      "...                                                   stuck before: await waiting in {0} if seen1_1",
      "                                                      in {1}",
      "      ✗ deadlock: nobody can take a step, for ever",
    ]);
  });

  it("shows signals with their handlers", () => {
    const lines = steps(table("Signal", { broken: "NoUseAfterFree is violated" }));
    expect(lines.filter((line) => /signal/.test(line)).map((line) => line.trim())).toEqual([
      "6                                                   signal reader1 (E)",
      "7   handles a signal: need1 <- 0, without a",
      "13                                                   signal reader1 (H)",
      "14   handles a signal: need1 <- 0, without a",
    ]);
    const handled = lines.findIndex((line) => line.includes("handles a signal"));
    expect(lines[handled + 2]).toBe("       not yet: announced1 <- gp1");
  });

  it("shows a load that reads from its own thread's store", () => {
    expect(steps(table("Forwarding", { broken: "the outcome occurs" })).slice(1, 5)).toEqual([
      " 1   load x -> 1 (its own store, not performed yet)",
      "       not yet: x <- 1",
      " 2   load y -> 0",
      "       not yet: x <- 1",
    ]);
  });
});

describe("readListing", () => {
  it("names what an instruction lacks", () => {
    const value = parseValue('[t |-> << << [text |-> "x <- 1"] >> >>]');
    expect(() => readListing(value)).toThrow(/instruction without "letter"/);
  });

  it("reads functions, records, sequences and intervals as TLC prints them", () => {
    expect(entriesOf(parseValue('("a b" :> 1)')).map(([key]) => key)).toEqual(["a b"]);
    expect(entriesOf(parseValue("<<7, 8>>")).map(([key, value]) => [key, numberOf(value)])).toEqual([
      ["1", 7],
      ["2", 8],
    ]);
    expect(elementsOf(parseValue("2..4")).map(numberOf)).toEqual([2, 3, 4]);
    expect(textOf(parseValue("t1"))).toBe("t1");
    expect(() => textOf(parseValue("{}"))).toThrow(/something other than a string/);
    expect(() => numberOf(parseValue('"x"'))).toThrow(/something other than a whole number/);
    expect(() => elementsOf(undefined)).toThrow(/a sequence or a set/);
    expect(() => entriesOf(parseValue("1"))).toThrow(/than a function/);
  });
});
