import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClaims } from "../claim/claim.js";
import { findTools, type Tools } from "../tools/tools.js";
import { type ClaimResult, checkClaims } from "./check.js";
import { findVacuity } from "./vacuity.js";

const MODEL = `---- MODULE Turns ----
\\* ${randomUUID()}
EXTENDS Naturals, TLC
CONSTANT Sides
VARIABLE x
Init == x = 0
Next == x' = (x + 1) % 3
Leap == x < 3 /\\ x' = 7
Steps  == Init /\\ [][Next]_x
Fair   == Steps /\\ WF_x(Next)
Wishes == Fair /\\ <>(x = 7)
Leaps  == Steps /\\ WF_x(Leap)
Below  == x < 2
Sorted == Permutations(Sides)
Moves  == []<>(x = 1)
Bounds == [](x < 3)
====
`;

/** Each specification, what else its configuration has, and whether it has a behaviour; undefined: not asked. */
const ROWS: readonly [what: string, config: string, behaves: boolean | undefined][] = [
  ["what happens in the end", "SPECIFICATION Fair\nPROPERTY Moves", true],
  ["a wish that never comes true", "SPECIFICATION Wishes\nPROPERTY Moves", false],
  ["fairness of what is no step", "SPECIFICATION Leaps\nPROPERTY Moves", false],
  ["steps that a constraint cuts off", "SPECIFICATION Fair\nCONSTRAINT Below\nPROPERTY Moves", false],
  ["a symmetric set", "SPECIFICATION Wishes\nSYMMETRY Sorted\nPROPERTY Bounds", undefined],
  ["nothing to be asked for", "SPECIFICATION Wishes\nINVARIANT Below", undefined],
  ["no behaviour of its own", "INIT Init\nNEXT Next\nPROPERTY Bounds", undefined],
];

describe("a specification of which every liveness property holds", () => {
  let folder = "";
  let tools: Tools;
  let results: readonly ClaimResult[] = [];
  const check = async (coverage?: "none"): Promise<readonly ClaimResult[]> =>
    checkClaims(
      (await readClaims([folder], folder)).claims,
      tools,
      coverage === undefined ? {} : { coverage },
    );
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quiesce-behaviour-"));
    await writeFile(join(folder, "Turns.tla"), MODEL);
    for (const [index, [, config]] of ROWS.entries())
      await writeFile(
        join(folder, `Turns-${index}.cfg`),
        `\\* Verdict: holds\n\\* Idle: Next\nCONSTANT Sides = {p, q}\nCONSTANTS p = p q = q\n${config}\n`,
      );
    tools = await findTools();
    // Nobody asks, and what is remembered afterwards doesn't know it.
    expect((await check("none")).map(({ report }) => report?.behaves)).toEqual(ROWS.map(() => undefined));
    results = await check();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(ROWS.map((row, index) => [index, ...row] as const))(
    "%i: %s",
    async (index, _, _config, behaves) => {
      expect(results[index]?.report?.behaves).toBe(behaves);
    },
  );

  it("is named with the specification, once a file, and known without another run", async () => {
    const again = await check("none");
    expect(again.map(({ report }) => report?.behaves)).toEqual(ROWS.map(([, , behaves]) => behaves));
    const vacuity = (await findVacuity(again, async () => [])).filter(({ kind }) => kind === "no behaviour");
    expect(vacuity.map(({ name }) => name)).toEqual(["Wishes", "Leaps", "Fair"]);
  });
});
