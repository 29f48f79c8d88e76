import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COUNTER, claim, createFolder, type Ended, module, quiesce } from "../shared/program.fixture.js";
import { type ShownClaims, validated } from "../shared/schema.fixture.js";

// Someone else's folder, with spaces and letters that a C locale does not know, read from another current directory.
const folder = createFolder("meine Specs – λ");
const elsewhere = createFolder("elsewhere");
const here = { cwd: elsewhere.path, env: { LC_ALL: "C" } };
afterAll(() => {
  folder.remove();
  elsewhere.remove();
});

const BIG = `VARIABLE x
Init == x = 0
Next == x' = x + 1
Spec == Init /\\ [][Next]_x
Slow == \\A i \\in 1..2000000000 : i # x
Huge == [i \\in 1..30000000 |-> <<i, x>>] # <<>>`;
const plain = (header: string, config: string): string =>
  `${header
    .split("\n")
    .map((line) => `\\* ${line}`)
    .join("\n")}\nSPECIFICATION Spec\n${config}\n`;

beforeAll(() => {
  folder.write({
    "Counter.tla": module("Counter", COUNTER),
    "Counter-holds.cfg": claim("Claim: it stays below the top\nVerdict: holds\nStates: 4"),
    "Counter-violated.cfg": claim("Verdict: violated\nViolates: Below\nStates: 4", "INVARIANT Below"),
    "Counter-crlf.cfg": claim("Verdict: holds\nStates: 4").replaceAll("\n", "\r\n"),
    "Counter-wrong-property.cfg": claim("Verdict: violated\nViolates: Small", "INVARIANTS Stays Small"),
    "Counter-but-holds.cfg": claim("Verdict: violated\nViolates: Small"),
    "Counter-wrong-count.cfg": claim("Verdict: holds\nStates: 5"),
    "Counter-deadlock.cfg": claim("Verdict: violated\nViolates: deadlock", "INVARIANT Small"),
    "Counter-temporal.cfg": claim("Verdict: violated\nViolates: Over", "CHECK_DEADLOCK FALSE\nPROPERTY Over"),
    "Counter-large.cfg": claim("Verdict: holds\nSet: full"),
    "Sweep.cfg": plain(
      "Module: Counter\nSweep: Top | Verdict  Violates States\n       0   | holds    -        1\n       2   | violated Stays    2",
      "CONSTANT Top = 1\nINVARIANT Stays\nCHECK_DEADLOCK FALSE",
    ),
    "Assumed.tla": module(
      "Assumed",
      "ASSUME Wrong == 1 > 2\nVARIABLE x\nInit == x = 0\nSpec == Init /\\ [][FALSE]_x",
    ),
    "Assumed.cfg": plain("Verdict: violated\nViolates: assumption", "CHECK_DEADLOCK FALSE"),
    "Only.tla": module("Only", 'ASSUME 1 < 2\nASSUME PrintT(<<"said", 3>>)'),
    "Only.cfg": "\\* Verdict: holds\n\\* States: 0\n",
    "Broken.tla": module("Broken", "VARIABLE x\nInit == x = )\nSpec == Init /\\ [][FALSE]_x"),
    "Broken.cfg": plain("Verdict: holds", "CHECK_DEADLOCK FALSE\nINVARIANT Init"),
    "Evaluation.tla": module(
      "Evaluation",
      'VARIABLE x\nInit == x = 0\nNext == x\' = x + "one"\nSpec == Init /\\ [][Next]_x',
    ),
    "Evaluation.cfg": plain("Verdict: holds", "CHECK_DEADLOCK FALSE"),
    "Nothing.tla": module(
      "Nothing",
      "VARIABLE x\nInit == x \\in {}\nSpec == Init /\\ [][FALSE]_x\nFine == x = 1",
    ),
    "Nothing.cfg": plain("Verdict: holds", "INVARIANT Fine"),
  });
});

describe("check on someone else's folder", () => {
  let first: Ended;
  let shown: ShownClaims;
  beforeAll(async () => {
    first = await quiesce(["check", folder.path, "--json"], here);
    shown = validated<ShownClaims>("check", first.stdout);
  });
  const row = (id: string) => shown.claims.find((one) => one.id === id);

  it("ends with 1, because not everything is as declared, and prints nothing but the JSON", () => {
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 1, stderr: "" });
    expect(shown.asDeclared).toBe(false);
    expect(shown.tlc?.verified).toBe(true);
  });

  it.each([
    ["Counter-holds", "holds", 4],
    ["Counter-crlf", "holds", 4],
    ["Counter-violated", "violated", 4],
    ["Counter-deadlock", "violated", 4],
    ["Counter-temporal", "violated", 4],
    ["Sweep.0", "holds", 1],
    ["Sweep.2", "violated", 2],
  ])("%s is %s as declared", (id, verdict, states) => {
    expect(row(id)).toMatchObject({ verdict, asDeclared: true, states });
  });

  it("decides an assumption", () => {
    expect(row("Assumed")).toMatchObject({ verdict: "violated", asDeclared: true, fromCache: false });
  });

  it("decides a module with nothing but assumptions, and has what it printed", () => {
    expect(row("Only")).toMatchObject({
      verdict: "holds",
      asDeclared: true,
      states: 0,
      printed: ['<<"said", 3>>'],
    });
  });

  it("has what was violated, the behaviour, and the figures", () => {
    expect(row("Counter-violated")).toMatchObject({
      violates: "Below",
      violated: { kind: "invariant", property: "Below" },
      generated: 4,
      depth: 4,
      trace: {
        states: [0, 1, 2, 3].map((x) => ({ number: x + 1, variables: { x: { tla: String(x), json: x } } })),
        end: { kind: "finite" },
      },
    });
    expect(row("Counter-deadlock")).toMatchObject({ violated: { kind: "deadlock" } });
    expect(row("Counter-temporal")).toMatchObject({
      violated: { kind: "temporal", property: "Over" },
      trace: { end: { kind: "stuttering" } },
    });
    expect(row("Evaluation")).toMatchObject({
      errors: [{ kind: "evaluation", location: { module: "Evaluation", line: 6 } }],
      trace: { states: [{ number: 1 }] },
    });
    expect(row("Counter-holds")).not.toHaveProperty("violated");
  });

  it.each([
    ["Counter-wrong-property", "violated", /Small is violated, but Stays is violated/],
    ["Counter-but-holds", "holds", /declared violated, but it holds/],
    ["Counter-wrong-count", "holds", /declared 5 distinct states, but there are 4/],
    ["Broken", "inconclusive", /.+/],
    ["Evaluation", "inconclusive", /.+/],
    ["Nothing", "inconclusive", /no initial state/],
  ])("%s is %s, not as declared, and it says why", (id, verdict, reason) => {
    expect(row(id)).toMatchObject({ verdict, asDeclared: false, reason: expect.stringMatching(reason) });
  });

  it("leaves out the full set unless it is asked for or named", async () => {
    expect(row("Counter-large")).toBeUndefined();
    const listed = await quiesce(["check", folder.path, "--list", "--full"], here);
    expect(listed.stdout).toMatch(/^Counter-large {2}holds {2}\(full\)$/m);
    const named = await quiesce(["check", join(folder.path, "Counter-large.cfg"), "--list"], here);
    expect(named.stdout).toMatch(/^Counter-large/);
    expect((await quiesce(["check", folder.path, "--list"], here)).stdout).toMatch(
      /and 1 more in the full set/,
    );
  });

  it("answers from the cache the second time, for a person, with places and source lines", async () => {
    const { code, stdout, stderr } = await quiesce(["check", folder.path], here);
    // On a busy machine it may take over five seconds, after which it shows its progress.
    const said = stderr.replace(/^Claims {2}\d+ of \d+ .*\n/gm, "");
    expect({ code, said }).toEqual({ code: 1, said: "" });
    expect(stdout).toMatch(/^Claims {3}9 of 15 as declared/);
    expect(stdout).toMatch(/1\d from the cache/);
    expect(stdout).toMatch(/Broken\.tla:\d+:\d+ {2}/);
    expect(stdout).toMatch(/5 │ Init == x =/);
    expect(stdout).toMatch(/Evaluation\.tla:6:\d+ /);
    expect(stdout).toMatch(/6 │ Next == x' = x \+ "one"/);
    expect(stdout).toContain(`main.js check '${folder.path}/Counter-wrong-property.cfg' --explain`);
    expect(stdout).not.toContain("\u001b");
  });

  it("takes several paths, and --no-cache ignores cached results", async () => {
    const paths = [join(folder.path, "Counter-holds.cfg"), join(folder.path, "Sweep.cfg")];
    const again = async (...more: string[]) =>
      validated<ShownClaims>("check", (await quiesce(["check", ...paths, "--json", ...more], here)).stdout)
        .claims;
    expect((await again()).map(({ id, fromCache }) => [id, fromCache])).toEqual([
      ["Counter-holds", true],
      ["Sweep.0", true],
      ["Sweep.2", true],
    ]);
    expect((await again("--no-cache")).map(({ fromCache }) => fromCache)).toEqual([false, false, false]);
  });

  it("--explain shows the counterexample of a violated claim even when it is as declared", async () => {
    const { code, stdout } = await quiesce(
      ["check", join(folder.path, "Counter-violated.cfg"), "--explain"],
      here,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/Counter-violated {3}violated: Below\n {4}Below/);
    expect(stdout).toMatch(/ 1 {3}at the start\n {7}x = 0\n/);
    expect(stdout).toMatch(/ 4 {3}Next\n {7}x: 2 -> 3\n/);
    expect(stdout).toMatch(/✗ Below is violated\n$/);
  });

  it("uses colours only when asked to", async () => {
    const path = join(folder.path, "Counter-wrong-count.cfg");
    const { stdout } = await quiesce(["check", path], { ...here, env: { ...here.env, FORCE_COLOR: "1" } });
    expect(stdout).toContain("\u001b[31m✗");
    const both = { ...here.env, FORCE_COLOR: "1", NO_COLOR: "1", CI: "true" };
    expect((await quiesce(["check", path], { ...here, env: both })).stdout).not.toContain("\u001b");
    const ci = { ...here.env, CI: "true" };
    expect((await quiesce(["check", path], { ...here, env: ci })).stdout).not.toContain("\u001b");
  });
});

describe("check of a folder with more than it looks at", () => {
  it("follows links, and names what it passes over, in every format", async () => {
    const own = createFolder();
    const cfg = claim("Verdict: holds\nStates: 4");
    own.write({
      "real/Counter.tla": module("Counter", COUNTER),
      "real/Linked.cfg": claim("Verdict: holds\nModule: Counter"),
      "specs/Counter.tla": module("Counter", COUNTER),
      "specs/Counter.cfg": cfg,
      "specs/states/Counter.tla": module("Counter", COUNTER),
      "specs/states/Counter.cfg": cfg,
      "specs/.x/Counter.cfg": cfg,
    });
    symlinkSync(join(own.path, "real"), join(own.path, "specs", "link"));
    const list = async (path: string, ...more: string[]) =>
      (await quiesce(["check", path, "--list", ...more], { cwd: own.path })).stdout;
    const text = await list("specs");
    expect(text).toMatch(/^Counter {2}holds\n[\s\S]*^link\/Linked {2}holds\n/m);
    expect(text).toContain("not looked at: 2 folders (specs/.x, specs/states); name one to check it\n");
    const shown = validated<ShownClaims>("check", await list("specs", "--json"));
    expect(shown.claims.map(({ id }) => id)).toEqual(["Counter", "link/Linked"]);
    expect(shown.notLookedAt.map(({ path }) => path)).toEqual(
      ["specs/.x", "specs/states"].map((path) => join(own.path, path)),
    );
    expect(await list("specs/states")).toMatch(/^Counter {2}holds\n/);
    expect(await list("specs/states")).not.toContain("not looked at");
    own.remove();
  });
});

describe("check within limits", () => {
  it("is inconclusive when the time or the memory runs out, and leaves nothing behind", async () => {
    const temporary = join(elsewhere.path, "tmp");
    mkdirSync(temporary);
    elsewhere.write({
      "Big.tla": module("Big", BIG),
      "Big-time.cfg": plain("Verdict: holds\nTime-limit: 4s", "CHECK_DEADLOCK FALSE\nINVARIANT Slow"),
      "Big-memory.cfg": plain("Verdict: holds", "CHECK_DEADLOCK FALSE\nINVARIANT Huge"),
    });
    const limits = ["--memory", "64", "--json"];
    const { code, stdout } = await quiesce(["check", elsewhere.path, ...limits], {
      env: { TMPDIR: temporary },
    });
    const { claims } = validated<ShownClaims>("check", stdout);
    expect(claims).toMatchObject([
      {
        id: "Big-memory",
        verdict: "inconclusive",
        reason: expect.stringMatching(/out of memory \(64 MiB\)/),
      },
      { id: "Big-time", verdict: "inconclusive", reason: "not decided within 4 s" },
    ]);
    expect(code).toBe(1);
  });
});

describe("check of our own claims", () => {
  it("takes ids and the beginnings of ids, from anywhere", async () => {
    const { code, stdout } = await quiesce(
      ["check", "rcu/number-no-f", "litmus/StoreBuffering", "--list"],
      here,
    );
    expect(code).toBe(0);
    const ids = stdout.split("\n").filter((line) => /^\w/.test(line));
    expect(ids.length).toBeGreaterThan(5);
    expect(ids.every((id) => /^(rcu\/[\w-]+\/number-no-f|litmus\/StoreBuffering)/.test(id))).toBe(true);
  });

  it("--explain shows the machine's table of threads by steps", async () => {
    const { code, stdout } = await quiesce(
      ["check", "litmus/StoreBuffering-handler.FALSE.tso", "--explain"],
      here,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/The code as compiled\n {2}fast {2}x <- 1; barrier; load y\n/);
    expect(stdout).toMatch(/ 1 {3}load y -> 0\n {7}not yet: x <- 1\n/);
  });
});
