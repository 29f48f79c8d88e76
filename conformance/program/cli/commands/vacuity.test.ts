import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, module, quiesce } from "../shared/program.fixture.js";
import { type ShownClaims, validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());

/** A door that can't be locked: nobody locks it while it is open. */
const DOOR = `CONSTANT Locks
VARIABLES open, locked
Init == open = FALSE /\\ locked = FALSE
Open == ~open /\\ ~locked /\\ open' = TRUE /\\ UNCHANGED locked
Shut == open /\\ open' = FALSE /\\ UNCHANGED locked
Lock == Locks /\\ open /\\ ~open /\\ locked' = TRUE /\\ UNCHANGED open
Next == Open \\/ Shut \\/ Lock
Spec == Init /\\ [][Next]_<<open, locked>>
Safe == ~(open /\\ locked)
Kept == locked =>
          ~open
Opens == \\A side \\in {1, 2} : locked /\\ side = 1 ~> open`;

const config = (header: readonly string[], locks = "TRUE"): string =>
  [
    ...header.map((line) => `\\* ${line}`),
    "SPECIFICATION Spec",
    `CONSTANT Locks = ${locks}`,
    "INVARIANT Safe",
    "",
  ].join("\n");

beforeAll(() =>
  folder.write({
    "Door.tla": module("Door", DOOR),
    "Door.cfg": config(["Verdict: holds", "States: 2"]),
    "Door-large.cfg": config(["Verdict: holds", "States: 5001"], "FALSE"),
    "Door-declared.cfg": config(["Verdict: holds", "Idle: Lock"]),
    "Door-stale.cfg": config(["Verdict: holds", "Idle: Lock, Shut, Break"]),
    "Door-kept.cfg": `${config(["Verdict: holds", "Idle: Lock"])}INVARIANT Kept\nPROPERTY Opens\n`,
    "Door-bad.cfg": config(["Verdict: holds", "Idle: Lock; Shut"]),
  }),
);

const check = (...args: string[]) =>
  quiesce(["check", ...args.map((one) => one.replace("DOOR", folder.path))], {});

describe("check, with an action that is never taken", () => {
  it("names it with its place and what to do, and goes on", async () => {
    const { code, stdout } = await check("DOOR/Door.cfg");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Claims {3}1 of 1 as declared/);
    expect(stdout).toMatch(/! \S*\/Door\.cfg {3}never taken: Lock\n {4}\S*\/Door\.tla:9:1 {3}Lock\n/);
    expect(stdout).toContain("\\* Idle: Lock");
  });

  it("fails with --strict, from the cache, too, and says so as JSON", async () => {
    const { code, stdout } = await check("DOOR/Door.cfg", "--strict", "--json");
    expect(code).toBe(1);
    const shown = validated<ShownClaims>("check", stdout);
    expect(shown.asDeclared).toBe(true);
    expect(shown.vacuity).toEqual([
      {
        ...{ kind: "never taken", name: "Lock", claims: `${folder.path}/Door.cfg` },
        ...{ file: `${folder.path}/Door.tla`, module: "Door", line: 9, column: 1 },
      },
    ]);
  });

  it("says nothing about a declared one, unless it is taken or does not exist", async () => {
    const declared = await check("DOOR/Door-declared.cfg", "--strict");
    expect([declared.code, declared.stdout.includes("!")]).toEqual([0, false]);
    const { code, stdout } = await check("DOOR/Door-stale.cfg", "--strict");
    expect(code).toBe(1);
    expect(stdout).toMatch(/! \S+ {3}declared idle, but it happens: Shut\n/);
    expect(stdout).toMatch(/! \S+ {3}declared idle, but there is no such action or property: Break\n/);
  });

  it("does not examine a large model except with --strict, which repeats runs that were not counted", async () => {
    const plain = await check("DOOR/Door-large.cfg");
    expect(plain.stdout).not.toContain("never taken");
    const again = await check("DOOR/Door-large.cfg");
    expect(again.stdout).toContain("1 from the cache");
    const strict = await check("DOOR/Door-large.cfg", "--strict");
    expect(strict.stdout).toContain("never taken: Lock");
    expect(strict.stdout).not.toContain("from the cache");
  });

  it("names a property whose left side is never true", async () => {
    const { code, stdout } = await check("DOOR/Door-kept.cfg", "--strict");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /! \S+ {3}never put to the test: .*: Kept, Opens\n {4}\S*\/Door\.tla:13:1 {3}Kept\n/,
    );
  });

  it("refuses a name that is not one", async () => {
    const { code, stderr } = await check("DOOR/Door-bad.cfg");
    expect(code).toBe(2);
    expect(stderr).toMatch(/Door-bad\.cfg:2:\d+ {2}`Lock;` is not the name of an action/);
  });
});
