import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COUNTER, createFolder, module, quiesce } from "../shared/program.fixture.js";
import { type ShownClaims, validated } from "../shared/schema.fixture.js";

const folder = createFolder("foreign");
afterAll(() => folder.remove());

const MODEL = "SPECIFICATION Spec\nCONSTANT Top = 3\nCHECK_DEADLOCK FALSE\n";
const headed = (lines: readonly string[], checks: string): string =>
  `${lines.map((line) => `\\* ${line}\n`).join("")}${MODEL}${checks}\n`;
const text = (name: string): string => readFileSync(join(folder.path, name), "utf8");
const check = async (...more: string[]) => {
  const { code, stdout } = await quiesce(["check", folder.path, "--json", ...more]);
  return { code, shown: validated<ShownClaims>("check", stdout) };
};

const FINE = `${MODEL}INVARIANT Small\n`;
const LOST = `${MODEL}INVARIANT Below\n`.replaceAll("\n", "\r\n");

beforeAll(() => {
  folder.write({
    "Counter.tla": module("Counter", COUNTER),
    "Counter-bare.cfg": FINE,
    "Counter-bare-violated.cfg": LOST,
    "Counter-counts.cfg": headed(
      ["Verdict:holds", "Generated: 4", "Depth: 4", "Deadlock: off", "Workers: all"],
      "INVARIANT Small",
    ),
    "Counter-depth.cfg": headed(["Verdict: holds", "Depth: 3"], "INVARIANT Small"),
    "Counter-either.cfg": headed(["Verdict: violated", "Violates: Stays or Below"], "INVARIANTS Stays Below"),
    "Counter-simulated.cfg": headed(
      ["Verdict: none-found", "Mode: simulate num=5 depth=2"],
      "INVARIANT Below",
    ),
    "Counter-shallow.cfg": headed(["Verdict: none-found", "Mode: depth-first 2"], "INVARIANT Below"),
    "Counter-deep.cfg": headed(
      ["Verdict: violated", "Violates: Below", "Mode: depth-first 9", "Environment: A=b", "Java-stack: 4m"],
      "INVARIANT Below",
    ),
    "Counter-typo.cfg": headed(["Verdit: holds"], "INVARIANT Small"),
    "Proved.tla": module(
      "Proved",
      `${COUNTER.replace("CONSTANT", "E == INSTANCE FiniteSetTheorems\nCONSTANT")}
T == INSTANCE TLAPS
THEOREM Spec => []Small
<1>1. Init => Small BY T!SMTT(10), E!FS_EmptySet DEF Init, Small
<1>2. QED BY <1>1, T!PTL`,
    ),
    "Proved.cfg": headed(["Verdict: holds", "States: 4"], "INVARIANT Small"),
  });
});

describe("check on configurations without a header", () => {
  it("decides the others, names these, and ends with 2", async () => {
    const { code, shown } = await check();
    expect(code).toBe(2);
    expect(shown.claims.map(({ id, verdict, asDeclared }) => [id, verdict, asDeclared])).toEqual([
      ["Counter-counts", "holds", true],
      ["Counter-deep", "violated", true],
      ["Counter-depth", "holds", false],
      ["Counter-either", "violated", true],
      ["Counter-shallow", "none-found", true],
      ["Counter-simulated", "none-found", true],
      ["Proved", "holds", true],
    ]);
    expect(shown.claims.at(-1)?.stubs).toContain("TLAPS");
    expect(shown.claims.find(({ id }) => id === "Counter-depth")?.reason).toBe(
      "declared depth 3, but it is 4",
    );
    expect(shown.problems.map(({ file, message }) => [file.replace(/.*\//, ""), message])).toEqual([
      ["Counter-bare-violated.cfg", "the claim has no declared verdict"],
      ["Counter-bare.cfg", "the claim has no declared verdict"],
      ["Counter-typo.cfg", "unknown key Verdit"],
      ["Counter-typo.cfg", "the claim has no declared verdict"],
    ]);
  });

  it("reports what came out with --undeclared, and never calls it declared", async () => {
    folder.write({
      "Counter-typo.cfg": headed(["Verdict: holds"], "INVARIANT Small"),
      "Counter-depth.cfg": FINE,
    });
    const { code, shown } = await check("--undeclared");
    expect(code).toBe(0);
    expect(shown.claims.filter(({ declared }) => declared === "undeclared")).toMatchObject([
      { id: "Counter-bare", verdict: "holds", asDeclared: false },
      { id: "Counter-bare-violated", verdict: "violated", asDeclared: false, reason: "Below is violated" },
      { id: "Counter-depth", verdict: "holds", asDeclared: false },
    ]);
    expect(text("Counter-bare.cfg")).toBe(FINE);
    const { stdout } = await quiesce(["check", folder.path, "--undeclared"]);
    expect(stdout).toMatch(/^Claims {3}7 of 7 as declared {3}3 undeclared/);
    expect(stdout).toContain("? Counter-bare-violated   undeclared; found: Below is violated   4 states");
  });

  it("writes what came out with --init, once, above what is there, with its line ends", async () => {
    const typed = text("Counter-typo.cfg");
    const { code, shown } = await check("--init");
    expect(code).toBe(0);
    expect(shown.written).toHaveLength(3);
    expect(text("Counter-bare.cfg")).toBe(`\\* Verdict: holds\n\\* States: 4\n${FINE}`);
    expect(text("Counter-bare-violated.cfg")).toBe(
      `\\* Verdict: violated\r\n\\* Violates: Below\r\n\\* States: 4\r\n${LOST}`,
    );
    expect(text("Counter-typo.cfg")).toBe(typed);
    const again = await check("--init");
    expect(again.code).toBe(0);
    expect(again.shown.written).toEqual([]);
    expect(again.shown.claims.every(({ asDeclared }) => asDeclared)).toBe(true);
  });

  it("writes all that may be violated, where TLC does not say which of them it was", async () => {
    const both = `${MODEL}PROPERTIES Up Down\n`;
    folder.write({
      "Two.tla": module("Two", `${COUNTER}\nUp == <>(x = 7)\nDown == <>(x = 8)`),
      "Two.cfg": both,
    });
    expect((await check("--init")).code).toBe(0);
    expect(text("Two.cfg")).toBe(`\\* Verdict: violated\n\\* Violates: Up or Down\n\\* States: 4\n${both}`);
    const again = (await check()).shown.claims.find(({ id }) => id === "Two");
    expect(again).toMatchObject({ asDeclared: true });
  });

  it("writes nothing where nothing was decided", async () => {
    folder.write({ "Counter-wrong.cfg": MODEL.replace("Spec", "NoSpec") });
    const { code, shown } = await check("--init");
    expect(code).toBe(1);
    expect(shown.written).toMatchObject([{ reason: expect.stringContaining("not decided") }]);
    expect(text("Counter-wrong.cfg")).not.toContain("Verdict");
  });
});
