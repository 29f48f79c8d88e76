import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readClaims } from "../claim/claim.js";
import { findTools } from "../tools/tools.js";
import { type ClaimResult, checkClaims } from "./check.js";

let folder = "";
let results: readonly ClaimResult[] = [];

const MODEL = `---- MODULE Model ----
\\* ${randomUUID()}
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\\ y = 0
Next == x < 6 /\\ x' = x + 2 /\\ y' = y + 1
Spec == Init /\\ [][Next]_vars
A == INSTANCE Abstract WITH z <- x
B == INSTANCE Abstract WITH z <- y
Fine == [][x' > x]_x
Abs == x = 0 /\\ [][x' = x + 1]_x
ASpec == A!Spec
BSpec == B!Spec
Both == Fine /\\ ASpec
Starts == x = 1 /\\ [][TRUE]_x
Zero == x = 0
Always == []Zero
====
`;
const ABSTRACT = `---- MODULE Abstract ----
EXTENDS Naturals
VARIABLE z
Init == z = 0
Spec == Init /\\ [][z' = z + 1]_z
====
`;

/** Which properties are checked, which of them is declared to be violated, and what comes of it. */
const ROWS: readonly [properties: string, violates: string, reason?: RegExp][] = [
  ["Fine Abs", "Abs"],
  ["Abs Fine", "Fine", /declared that Fine is violated, but Abs is violated/],
  ["Fine ASpec", "ASpec"],
  ["Fine Both", "Both"],
  ["Fine Starts", "Starts"],
  ["Fine Always", "Always"],
  ["ASpec BSpec", "BSpec", /does not say which of ASpec, BSpec/],
  ["ASpec BSpec", "ASpec or BSpec"],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-broken-"));
  await writeFile(join(folder, "Model.tla"), MODEL);
  await writeFile(join(folder, "Abstract.tla"), ABSTRACT);
  for (const [index, [properties, violates]] of ROWS.entries()) {
    const header = `\\* Verdict: violated\n\\* Violates: ${violates}\n`;
    const config = `SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\nPROPERTIES ${properties}\n`;
    await writeFile(join(folder, `Model-${index}.cfg`), header + config);
  }
  const { claims } = await readClaims([folder], folder);
  results = await checkClaims(claims, await findTools());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(ROWS.map((row, index) => [index, ...row] as const))(
  "%i: of %s, %s is declared to be violated",
  (index, _properties, _violates, reason) => {
    const found = results[index];
    expect(found?.verdict).toBe("violated");
    if (reason === undefined) expect(found?.reason).toBeUndefined();
    else expect(found?.reason).toMatch(reason);
    expect(found?.asDeclared).toBe(reason === undefined);
  },
);
