import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClaims } from "../claim/claim.js";
import { readConfig, withOnlyProperty } from "../claim/config.js";
import { readReport } from "../output/report.js";
import type { Violation } from "../output/violation.js";
import type { TlcOutcome } from "../run/outcome.js";
import { findTools, type Tools } from "../tools/tools.js";
import { nameByElimination } from "./broken-alone.js";
import { type ClaimResult, checkClaims, recallClaim } from "./check.js";

const TEXT =
  "SPECIFICATION Spec\nINVARIANTS I J\nPROPERTY A B\n\\* B is late\nPROPERTIES C\nCONSTANT N = 1\n";

describe("withOnlyProperty", () => {
  it("leaves the rest of a configuration as it is", () => {
    const { problems, ...config } = readConfig(withOnlyProperty(TEXT, "B"));
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ specification: "Spec", invariants: [], properties: ["B"] });
    expect(config.assignments.map(({ name, value }) => [name, value])).toEqual([["N", "1"]]);
  });
});

describe("nameByElimination", () => {
  const outcome = (exitCode: number, success: boolean, more: Partial<TlcOutcome> = {}): TlcOutcome => ({
    ...{ exitCode, timedOut: false, messages: [], stderr: "", seconds: 1 },
    report: {
      ...readReport([]),
      success,
      statistics: { generated: 1, distinct: 1, queue: 0 },
      ...(exitCode === 13 && { violated: { kind: "temporal" } }),
    },
    ...more,
  });
  const found = (
    answers: Readonly<Record<string, TlcOutcome>>,
    violation: Violation = { kind: "temporal" },
  ) =>
    nameByElimination(violation, TEXT, {
      file: undefined,
      seconds: 1,
      run: async (config) => answers[readConfig(config).properties[0] ?? ""] ?? outcome(0, true),
    });

  it("names the one that does not hold alone", async () => {
    expect(await found({ B: outcome(13, false) })).toEqual({ kind: "temporal", name: "B" });
  });

  it("names none where several do not hold, or one was not decided", async () => {
    const oneOf = ["A", "B"];
    expect(await found({ A: outcome(13, false), B: outcome(13, false) })).toEqual({
      kind: "temporal",
      oneOf,
    });
    for (const open of [outcome(0, true, { timedOut: true }), outcome(255, false), outcome(0, false)])
      expect(await found({ A: outcome(13, false), B: open })).toEqual({ kind: "temporal", oneOf });
  });

  it("changes nothing where a name or a place is known, and where all hold alone", async () => {
    expect(await found({})).toEqual({ kind: "temporal" });
    for (const violation of [{ kind: "temporal", name: "A" }, { kind: "invariant" }] as const)
      expect(await found({ B: outcome(13, false) }, violation)).toEqual(violation);
  });
});

const MODEL = `---- MODULE L ----
\\* ${randomUUID()}
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = (x + 1) % 3
Spec == Init /\\ [][Next]_x /\\ WF_x(Next)
A == <>(x = 2)
B == []<>(x = 1)
C == <>(x = 5)
D == []<>(x = 7)
Small == x < 3
====
`;

const ROWS: readonly [properties: string, violates: string, asDeclared: boolean, reason: string][] = [
  ["A B C", "C", true, ""],
  ["A B C", "A", false, "declared that A is violated, but C is violated"],
  ["D A", "D", true, ""],
  ["A C D", "C or D", true, ""],
  ["A C D", "C", false, "TLC does not say which of C, D"],
];

describe("with TLC", () => {
  let folder = "";
  let tools: Tools;
  let results: readonly ClaimResult[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quiesce-alone-"));
    await writeFile(join(folder, "L.tla"), MODEL);
    for (const [index, [properties, violates]] of ROWS.entries())
      await writeFile(
        join(folder, `L-${index}.cfg`),
        `\\* Verdict: violated\n\\* Violates: ${violates}\nSPECIFICATION Spec\nINVARIANT Small\nPROPERTIES ${properties}\n`,
      );
    tools = await findTools();
    results = await checkClaims((await readClaims([folder], folder)).claims, tools);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(ROWS.map((row, index) => [index, ...row] as const))(
    "%i: of %s, %s is declared to be violated",
    async (index, _properties, _violates, asDeclared, reason) => {
      const { claim, verdict, ...result } = results[index] as ClaimResult;
      expect(verdict).toBe("violated");
      expect(result.asDeclared).toBe(asDeclared);
      expect(result.reason ?? "").toContain(reason);
      // From the cache, without a run.
      expect((await recallClaim(claim, tools))?.reason).toBe(result.reason);
    },
  );
});
