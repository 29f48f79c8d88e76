import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClaims, showClaimProblem } from "./claim.js";
import { readClaimFile } from "./claim-file.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-claims-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let trees = 0;
/** Writes files below a new root, with a module beside each claim unless `bare`. */
async function tree(files: Readonly<Record<string, string | Uint8Array>>, bare = false): Promise<string> {
  const root = join(folder, String(trees++));
  await mkdir(root, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
    if (!bare && name.endsWith(".cfg")) await writeFile(join(root, name.replace(/\.cfg$/, ".tla")), "");
  }
  return root;
}
const BODY = 'SPECIFICATION Spec\nCONSTANT Order = "tso"\nINVARIANT Safe\n';
const header = (...lines: string[]) => `${lines.map((l) => `\\* ${l}`).join("\n")}\n${BODY}`;

/** The only problem of a single claim's text, as `line:column message | hint`. */
async function problemOf(text: string | Uint8Array): Promise<string> {
  const root = await tree({ "A.cfg": text });
  const { claims, problems } = await readClaims([], root);
  expect(claims).toEqual([]);
  return problems.map((p) => `${p.line}:${p.column} ${p.message}${p.hint ? ` | ${p.hint}` : ""}`).join("\n");
}

describe("readClaims", () => {
  it("reads a claim", async () => {
    const text = header(
      "Claim: One sentence; may go on",
      "  over further lines: really.",
      "Source: design, section 9",
      "Verdict: violated",
      "Violates: Safe",
      "States: 3336",
      "Set: full",
    );
    const root = await tree({ "rcu/number.cfg": text });
    expect(await readClaims([], root)).toEqual({
      problems: [],
      notLookedAt: [],
      claims: [
        {
          id: "rcu/number",
          file: join(root, "rcu/number.cfg"),
          root,
          line: 4,
          module: join(root, "rcu/number.tla"),
          sentence: "One sentence; may go on over further lines: really.",
          source: "design, section 9",
          set: "full",
          declared: { verdict: "violated", violates: "Safe", states: 3336 },
          overrides: {},
          config: text,
        },
      ],
    });
  });

  it("reads a sweep, one claim per row", async () => {
    const text = [
      "\\* Claim: It depends.",
      "\\* Sweep: Order Fast | Verdict  Violates  States",
      "\\*        tso   mb   | holds    -         33",
      "\\*        weak  none | violated Ordered   19",
      "SPECIFICATION Spec",
      'CONSTANTS Order = "sc" Fast = none \\* Order = 7',
      "INVARIANT Ordered",
    ].join("\n");
    const root = await tree({ "litmus/SB.cfg": text });
    const { claims, problems } = await readClaims([], root);
    expect(problems).toEqual([]);
    expect(claims.map((c) => [c.id, c.line, c.declared, c.overrides])).toEqual([
      ["litmus/SB.tso.mb", 3, { verdict: "holds", states: 33 }, { Order: '"tso"', Fast: "mb" }],
      [
        "litmus/SB.weak.none",
        4,
        { verdict: "violated", violates: "Ordered", states: 19 },
        { Order: '"weak"', Fast: "none" },
      ],
    ]);
    expect(claims[0]?.config).toBe(text.replace('Order = "sc" Fast = none', 'Order = "tso" Fast = mb'));
  });

  it("keeps the lines of the configuration where a row replaces a value of several lines", async () => {
    const text =
      '\\* Sweep: P | Verdict\n\\*   {"a b",2} | holds\nSPECIFICATION S\nCONSTANT P = {1,\n  2} N = 3\n';
    const { claims } = await readClaims([], await tree({ "A.cfg": text }));
    expect(claims[0]).toMatchObject({
      id: "A._a_b_2_".replace("_a_b", "_a_b"),
      overrides: { P: '{"a b",2}' },
    });
    expect(claims[0]?.config).toContain('CONSTANT P = {"a b",2}\n N = 3\n');
  });

  it("finds the module by the name, by the longest prefix, or by what the header says", async () => {
    const claim = "\\* Verdict: holds\nSPECIFICATION S\n";
    const named = "\\* Module: Other\n\\* Verdict: holds\nSPECIFICATION S\n";
    const root = await tree(
      {
        "a/X.cfg": claim,
        "a/X_y-z.cfg": claim,
        "a/Xz.cfg": named,
        "a/X.tla": "",
        "a/X_y.tla": "",
        // No module can be called that.
        "a/X_y-z.tla": "",
        "b/Other.tla": "",
      },
      true,
    );
    const { claims, problems } = await readClaims([], root);
    expect(problems).toEqual([]);
    expect(claims.map((c) => [c.id, c.module.slice(root.length + 1)])).toEqual([
      ["a/X", "a/X.tla"],
      ["a/X_y-z", "a/X_y.tla"],
      ["a/Xz", "b/Other.tla"],
    ]);
  });

  it("says when there is no module, or more than one", async () => {
    const named = "\\* Module: Other\n\\* Verdict: holds\nSPECIFICATION S\n";
    const root = await tree(
      { "a/X-y.cfg": "\\* Verdict: holds\n", "c/Z.cfg": named, "d/Other.tla": "", "e/Other.tla": "" },
      true,
    );
    const { problems } = await readClaims([], root);
    expect(problems.map((p) => [p.line, p.message])).toEqual([
      [1, "there is no module X-y or X beside the claim"],
      [1, "module Other is ambiguous"],
    ]);
    expect(problems[0]?.hint).toMatch(/\\\* Module: Name$/);
    const few = await tree({ "spec.cfg": "\\* Verdict: holds\n", "Net.tla": "", "Disk.tla": "" }, true);
    const hint = "Say which module it is about:   \\* Module: Disk   or \\* Module: Net";
    expect((await readClaims([], few)).problems).toMatchObject([{ hint }]);
    const typo = await tree({ "A.cfg": named.replace("Other", "Othr"), "Other.tla": "" }, true);
    expect((await readClaims([], typo)).problems).toMatchObject([
      { message: "there is no module Othr", hint: "Did you mean Other?", column: 12 },
    ]);
  });

  it("selects by folder, file, id, or the beginning of ids", async () => {
    const claim = "\\* Verdict: holds\nSPECIFICATION S\n";
    const broken = "\\* Claim: no verdict\nSPECIFICATION S\n";
    const sweep = "\\* Sweep: N | Verdict\n\\*   1 | holds\n\\*   2 | holds\nCONSTANT N = 1\n";
    const root = await tree({
      "rcu/A.cfg": claim,
      "rcu/A-b.cfg": claim,
      "litmus/S.cfg": sweep,
      "rcu/Bad.cfg": broken,
    });
    const ids = async (...paths: string[]) => {
      const { claims, problems } = await readClaims(paths, root);
      return [...claims.map((c) => c.id), ...problems.map((p) => `! ${p.message}`)];
    };
    expect(await ids("litmus")).toEqual(["litmus/S.1", "litmus/S.2"]);
    expect(await ids(join(root, "litmus"))).toEqual(["litmus/S.1", "litmus/S.2"]);
    expect(await ids("litmus/S")).toEqual(["litmus/S.1", "litmus/S.2"]);
    expect(await ids("litmus/S.2")).toEqual(["litmus/S.2"]);
    expect(await ids("litmus/S.cfg")).toEqual(["litmus/S.1", "litmus/S.2"]);
    expect(await ids(join(root, "rcu/A.cfg"))).toEqual(["rcu/A"]);
    expect(await ids(join(root, "rcu/A"))).toEqual(["rcu/A"]);
    expect(await ids("rcu/A")).toEqual(["rcu/A"]);
    expect(await ids("rcu/A-")).toEqual(["rcu/A-b"]);
    expect(await ids("rcu/A", "rcu/A.cfg", "litmus/S.1")).toEqual(["litmus/S.1", "rcu/A"]);
    expect(await ids("rcu/Bad")).toEqual(["! the claim has no declared verdict"]);
    expect(await ids("rcu")).toEqual(["rcu/A", "rcu/A-b", "! the claim has no declared verdict"]);
    expect(await ids("rcu/C")).toEqual(["! there is no such folder, file or claim"]);
    expect(await ids("litmus/S.3")).toEqual(["! there is no such folder, file or claim"]);
  });

  it("takes an id without the last folders before its name, so that ids survive when a folder is split", async () => {
    const claim = "\\* Verdict: holds\nSPECIFICATION S\n";
    const sweep = "\\* Sweep: N | Verdict\n\\*   1 | holds\n\\*   2 | holds\nCONSTANT N = 1\n";
    const root = await tree({
      "rcu/read/number.cfg": sweep,
      "rcu/wait/number-c.cfg": claim,
      "rcu/wait/number.tla": "",
      "rcu/number-steps/Urcu.cfg": claim,
      "rcu/call/defer/ring/Full-wakes.cfg": claim,
      "rcu/call/defer/ring/Full.tla": "",
    });
    const ids = async (...paths: string[]) => (await readClaims(paths, root)).claims.map((c) => c.id);
    for (const split of [
      "rcu/Full-wakes",
      "rcu/call/Full-wakes",
      "rcu/call/defer/Full-wakes",
      "rcu/call/Full-w",
    ])
      expect(await ids(split), split).toEqual(["rcu/call/defer/ring/Full-wakes"]);
    expect(await ids("rcu/defer/Full-wakes")).toEqual([]);
    expect(await ids("rcu/number.2")).toEqual(["rcu/read/number.2"]);
    expect(await ids("rcu/Urcu")).toEqual(["rcu/number-steps/Urcu"]);
    expect(await ids(join(root, "rcu/Urcu.cfg"))).toEqual(["rcu/number-steps/Urcu"]);
    // A beginning stays within the name: it does not match a folder that begins the same way.
    expect(await ids("rcu/number")).toEqual(["rcu/read/number.1", "rcu/read/number.2", "rcu/wait/number-c"]);
    expect(await ids("rcu/read/num")).toEqual(["rcu/read/number.1", "rcu/read/number.2"]);
    expect(await ids("rcu/read")).toEqual(["rcu/read/number.1", "rcu/read/number.2"]);
  });

  it("names claims outside of the root relative to the given folder", async () => {
    const root = await tree({});
    const other = await tree({ "x/A.cfg": "\\* Verdict: holds\n" });
    expect((await readClaims([other], root)).claims.map((c) => c.id)).toEqual(["x/A"]);
    expect((await readClaims([join(other, "x/A.cfg")], root)).claims.map((c) => c.id)).toEqual(["A"]);
  });

  it("skips what TLC and npm leave behind, and loops of links", async () => {
    const claim = "\\* Verdict: holds\n";
    const root = await tree({
      "A.cfg": claim,
      "node_modules/B.cfg": claim,
      ".git/C.cfg": claim,
      "states/26-01-01-10-00-00/D.cfg": claim,
      "26-01-01-10-00-00/E.cfg": claim,
      "M.toolbox/F.cfg": claim,
    });
    await symlink(root, join(root, "loop"));
    expect((await readClaims([], root)).claims.map((c) => c.id)).toEqual(["A"]);
  });

  it("accepts the line ends of Windows, and a byte order mark", async () => {
    const root = await tree({
      "A.cfg": `\uFEFF${header("Claim: x", "Verdict: violated", "Violates: Safe").replaceAll("\n", "\r\n")}`,
    });
    expect(await readClaims([], root)).toMatchObject({
      problems: [],
      claims: [{ sentence: "x", declared: { violates: "Safe" } }],
    });
  });

  it("lets a claim without a sentence say what it checks", async () => {
    const { claims } = await readClaims([], await tree({ "A.cfg": header("Verdict: holds") }));
    expect(claims[0]?.sentence).toBe("Safe, no deadlock");
  });

  it.each([
    [
      "no verdict",
      header("Claim: x"),
      "1:4 the claim has no declared verdict | Add a line such as:   \\* Verdict: holds",
    ],
    ["no header", BODY, "1:1 the claim has no declared verdict | Add a line such as:   \\* Verdict: holds"],
    [
      "an empty verdict",
      header("Verdict:"),
      "1:12 the claim has no declared verdict | Add a line such as:   \\* Verdict: holds",
    ],
    ["an unknown verdict", header("Verdict: hold"), "1:13 unknown verdict hold | Did you mean holds?"],
    [
      "another one",
      header("Verdict: maybe"),
      "1:13 unknown verdict maybe | A verdict is holds, violated, allowed, forbidden or none-found.",
    ],
    [
      "no property",
      header("Verdict: violated"),
      "1:13 the claim is violated, but does not say what is violated | Add the property's name:   \\* Violates: NoUseAfterFree   (or deadlock, assertion, assumption)",
    ],
    [
      "a misspelt property",
      header("Verdict: allowed", "Violates: Saef"),
      "2:14 the configuration does not check Saef | Did you mean Safe?",
    ],
    [
      "an unchecked property",
      header("Verdict: violated", "Violates: Terminates"),
      "2:14 the configuration does not check Terminates | It checks Safe.",
    ],
    [
      "a property that holds",
      header("Verdict: holds", "Violates: Safe"),
      "2:14 the claim says holds, but also that Safe is violated",
    ],
    [
      "two verdicts",
      header("Verdict: holds", "Verdict: holds"),
      "2:4 Verdict appears twice, first on line 1",
    ],
    ["a misspelt key", header("Verdict: holds", "Stats: 3"), "2:4 unknown key Stats | Did you mean States?"],
    [
      "a key in lower case",
      header("verdict: holds"),
      "1:4 unknown key verdict | Did you mean Verdict?\n1:1 the claim has no declared verdict | Add a line such as:   \\* Verdict: holds",
    ],
    [
      "states in words",
      header("Verdict: holds", "States: many"),
      "2:12 `many` is not a number of states | States is the count of distinct states, in digits: 3336",
    ],
    [
      "an unknown set",
      header("Verdict: holds", "Set: nightly"),
      "2:9 unknown set nightly | A set is ci (checked on each push) or full.",
    ],
    [
      "deadlock unchecked",
      `${header("Verdict: violated", "Violates: deadlock")}CHECK_DEADLOCK FALSE\n`,
      "2:14 the configuration does not check for deadlock (CHECK_DEADLOCK FALSE, or Deadlock: off)",
    ],
    [
      "a misspelt keyword",
      `${header("Verdict: holds")}INVARIANTT Safe\n`.replace("INVARIANT Safe\n", ""),
      "4:1 unknown keyword INVARIANTT | Did you mean INVARIANT?",
    ],
    ["an empty file", " \n", "1:1 the file is empty"],
    ["what is not UTF-8", new Uint8Array([0x5c, 0x2a, 0xff, 0xfe]), "1:1 the file is not UTF-8"],
    [
      "a huge file",
      new Uint8Array(1024 * 1024 + 1).fill(32),
      "1:1 the file is too large for a claim (1048577 bytes) | A claim has at most 1 MiB.",
    ],
    [
      "a sweep without |",
      header("Sweep: Order Verdict", "  tso holds"),
      "1:4 the sweep's columns have no | | A sweep's first line names its columns:   \\* Sweep: Order | Verdict Violates States",
    ],
    ["a sweep of nothing", header("Sweep: Order | Verdict"), "1:4 the sweep has no rows"],
    [
      "a sweep without verdicts",
      header("Sweep: Order | States", "  tso | 3"),
      "1:4 the sweep has no column Verdict",
    ],
    [
      "a sweep's unknown column",
      header("Sweep: Order | Verdict Statse", "  tso | holds 3"),
      "1:27 unknown column Statse | Did you mean States?",
    ],
    [
      "a sweep's unknown constant",
      header("Sweep: Oder | Verdict", "  tso | holds"),
      "1:11 the configuration does not assign Oder | Did you mean Order?",
    ],
    [
      "a row with a cell too few",
      header("Sweep: Order | Verdict States", "  tso | holds"),
      "2:6 the row must have one cell left of the | and 2 right of it, found 1 and 1 | Write - for a cell that says nothing",
    ],
    [
      "a row without |",
      header("Sweep: Order | Verdict", "  tso holds"),
      "2:6 the row must have one cell left of the | and 1 right of it, found not one | | Write - for a cell that says nothing",
    ],
    [
      "a row with two |",
      header("Sweep: Order | Verdict States", "  tso | holds | 3"),
      "2:6 the row must have one cell left of the | and 2 right of it, found not one | | Write - for a cell that says nothing",
    ],
    [
      "a row without a verdict",
      header("Sweep: Order | Verdict", "  tso | -"),
      "2:1 the claim has no declared verdict | Add a line such as:   \\* Verdict: holds",
    ],
    [
      "a row's unknown verdict",
      header("Sweep: Order | Verdict", "  tso | forbiden"),
      "2:12 unknown verdict forbiden | Did you mean forbidden?",
    ],
    [
      "a verdict beside a sweep",
      header("Verdict: holds", "Sweep: Order | Verdict", "  tso | holds"),
      "1:4 a sweep declares Verdict in its rows, not beside it",
    ],
  ])("reports %s", async (_, text, problem) => {
    expect(await problemOf(text)).toBe(problem);
  });

  it("reports ids that are declared twice", async () => {
    const sweep = header("Sweep: Order | Verdict", "  tso | holds", "  tso | holds");
    const { problems, claims } = await readClaims([], await tree({ "A.cfg": sweep }));
    expect(claims).toHaveLength(1);
    expect(problems).toMatchObject([
      { line: 3, message: "the id A.tso is declared twice, first in A.cfg on line 2" },
    ]);
  });

  it("takes a claim outside of the root by its file without the ending, and a row by its sweep", async () => {
    const sweep = header(
      "Claim: x.",
      "Sweep: Order | Verdict",
      "       sc    | holds",
      "       tso   | holds",
    );
    const own = await tree({
      "specs/Lock.cfg": sweep,
      "specs/Locks.cfg": header("Claim: y.", "Verdict: holds"),
    });
    const root = await tree({ "rcu/Lock.cfg": header("Claim: z.", "Verdict: holds") });
    const ids = async (path: string): Promise<string[]> => {
      const { claims, problems } = await readClaims([path], root);
      return [...claims.map(({ id }) => id), ...problems.map(({ message }) => `! ${message}`)];
    };
    expect(await ids(join(own, "specs", "Lock.tso"))).toEqual(["Lock.tso"]);
    expect(await ids(join(own, "specs", "Locks"))).toEqual(["Locks"]);
    // As ours: a name that is no claim's stands for all that begin with it.
    expect(await ids(join(own, "specs", "Lock"))).toEqual(["Lock.sc", "Lock.tso", "Locks"]);
    expect(await ids(join(own, "specs", "Lock.pso"))).toEqual(["! there is no such folder, file or claim"]);
    expect(await ids(join(own, "Lock"))).toEqual(["! there is no such folder, file or claim"]);
    expect(await ids("rcu/Lock")).toEqual(["rcu/Lock"]);
  });

  it("reports a folder without claims, and what does not exist", async () => {
    const root = await tree({ "a/A.tla": "" });
    expect((await readClaims(["a"], root)).problems).toMatchObject([
      { file: join(root, "a"), message: "there is no claim (.cfg) in the folder" },
    ]);
    expect((await readClaims([], join(root, "nowhere"))).problems).toHaveLength(1);
  });

  it("never throws, whatever is in a file", async () => {
    const root = await tree({ "A.tla": "" }, true);
    const file = join(root, "A.cfg");
    const scrap = fc.constantFrom(
      "\\*",
      "Verdict:",
      "Sweep:",
      " ",
      "\n",
      "|",
      "holds",
      "CONSTANT",
      "N",
      "=",
      "<-",
      "{",
      "}",
      "(*",
      "*)",
      '"',
      "[",
      "é",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(scrap, { maxLength: 40 }), async (words) => {
        await writeFile(file, words.join(""));
        const { claims, problems } = await readClaimFile(file, "A", root);
        expect(claims.length === 0).toBe(problems.length > 0);
        for (const p of problems) expect(Math.min(p.line, p.column)).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it("shows a problem with its line", async () => {
    const root = await tree({ "A.cfg": header("Claim: readers never see freed memory") });
    const { problems } = await readClaims([], root);
    expect(problems.map((p) => showClaimProblem(p, () => "spec/rcu/A.cfg"))).toEqual([
      [
        "spec/rcu/A.cfg:1:4  the claim has no declared verdict",
        "  1 │ \\* Claim: readers never see freed memory",
        "    │    ^^^^^^",
        "  Add a line such as:   \\* Verdict: holds",
      ].join("\n"),
    ]);
  });
});

describe("Tour", () => {
  const sweep = (tour: string): string =>
    [
      `\\* Claim: it counts\n\\* Tour: ${tour}\n\\* Sweep: N | Verdict`,
      "\\*        1 | holds\n\\*        2 | holds\nSPECIFICATION Spec\nCONSTANT N = 1\n",
    ].join("\n");
  const read = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), "quiesce-tour-"));
    try {
      await writeFile(join(folder, "A.tla"), "---- MODULE A ----\n====\n");
      await writeFile(join(folder, "A.cfg"), text);
      return await readClaims([], folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it("marks the rows that it names, or a claim that is a whole file", async () => {
    const { claims } = await read(sweep("2"));
    expect(claims.map(({ id, tour }) => [id, tour])).toEqual([
      ["A.1", undefined],
      ["A.2", true],
    ]);
    const whole = await read("\\* Verdict: holds\n\\* Tour: yes\nSPECIFICATION Spec\n");
    expect(whole.claims.map(({ tour }) => tour)).toEqual([true]);
  });

  it("names a row that is not there", async () => {
    const { problems } = await read(sweep("3"));
    expect(problems.map(({ message, hint }) => [message, hint])).toEqual([
      ["the tour has no row 3", "Tour takes names of rows: 1, 2"],
    ]);
  });
});

/** The only claim of a text beside its module. */
async function only(text: string | Uint8Array, undeclared = false) {
  const { claims, problems } = await readClaims([], await tree({ "A.cfg": text }), { undeclared });
  expect(problems).toEqual([]);
  expect(claims).toHaveLength(1);
  return claims[0];
}

describe("a header as people write it", () => {
  it.each([
    ["below a block comment", `(* Made by\n   (* hand *) Verdict: no *)\n${header("Verdict: holds")}`],
    ["below one that ends on its line", `(* by hand *) \\* Verdict: holds\n${BODY}`],
    ["without a space", header("Verdict:holds")],
    ["with a space before the colon", header("Verdict : holds")],
    ["with tabs", `\t\\*\tVerdict:\tholds\t\n${BODY}`],
    ["with CRLF", header("Verdict: holds").replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\ufeff${header("Verdict: holds")}`],
    ["beside words that are no keys", header("Node: one", "https://example.org/Set:full", "Verdict: holds")],
  ])("%s", async (_, text) => {
    expect((await only(text))?.declared).toEqual({ verdict: "holds" });
  });

  it("continues over a line that a tab indents", async () => {
    expect((await only(`\\* Claim: one\n\\*\ttwo\n${header("Verdict: holds")}`))?.sentence).toBe("one two");
  });

  it("takes no key from inside of a block comment", async () => {
    expect(await problemOf(`(*\n\\* Verdict: holds\n*)\n${BODY}`)).toContain("no declared verdict");
  });

  it("is not needed where undeclared claims are asked for", async () => {
    expect((await only(BODY, true))?.declared).toEqual({ verdict: "undeclared" });
    expect((await only(header("Claim: x"), true))?.declared).toEqual({ verdict: "undeclared" });
    expect((await only(header("Verdict: holds"), true))?.declared).toEqual({ verdict: "holds" });
  });
});

describe("how a claim is run", () => {
  it("is read from its header", async () => {
    const text = header(
      "Verdict: none-found",
      "Time-limit: 2min",
      "Memory: 2g",
      "Workers: all",
      "Deadlock: off",
      "Java-stack: 64m",
      "Java-properties: tlc2.tool.fp.FPSet.impl=tlc2.tool.fp.MSBDiskFPSet",
      'Environment: N=3 NAME="two words"',
      "Mode: simulate num=1000 depth=50",
    );
    expect((await only(text))?.run).toEqual({
      timeoutMs: 120_000,
      memoryMiB: 2048,
      workers: "all",
      noDeadlock: true,
      stackMiB: 64,
      javaProperties: ["tlc2.tool.fp.FPSet.impl=tlc2.tool.fp.MSBDiskFPSet"],
      environment: { N: "3", NAME: "two words" },
      mode: { kind: "simulate", behaviours: 1000, depth: 50, seed: 1 },
    });
    const first = await only(header("Verdict: none-found", "Mode: depth-first 20"));
    expect(first?.run).toEqual({ mode: { kind: "depth-first", depth: 20 } });
  });

  it.each([
    ["Time-limit: soon", "Time-limit can't be `soon`"],
    ["Time-limit: 0", "Time-limit can't be `0`"],
    ["Memory: 1", "Memory can't be `1`"],
    ["Workers: 0", "Workers can't be `0`"],
    ["Deadlock: maybe", "Deadlock can't be `maybe`"],
    ["Java-stack: 0m", "Java-stack can't be `0m`"],
    ["Java-properties: java.security.policy=all", "Java-properties can't be"],
    ["Java-properties: TLA-Library=/etc", "Java-properties can't be"],
    ["Java-properties: -agentpath:x", "Java-properties can't be"],
    ["Environment: LD_PRELOAD=./evil.so", "Environment can't be"],
    ["Environment: JAVA_TOOL_OPTIONS=-agentpath:x", "Environment can't be"],
    ["Environment: path=x", "Environment can't be"],
    ["Environment: N", "Environment can't be `N`"],
    ["Mode: simulate", "Mode can't be `simulate`"],
    ["Mode: simulate num=0", "Mode can't be"],
    ["Mode: simulate num=1 deep=2", "Mode can't be"],
    ["Mode: depth-first", "Mode can't be"],
  ])("refuses %s", async (line, problem) => {
    expect(await problemOf(header("Verdict: violated", "Violates: Safe", line))).toContain(problem);
  });

  it("never lets a bounded search declare that a claim holds, nor its counts", async () => {
    const mode = "Mode: simulate num=10";
    expect(await problemOf(header("Verdict: holds", mode))).toContain("can't show that a claim holds");
    expect(await problemOf(header("Verdict: none-found", mode, "States: 3"))).toContain("not compared");
  });
});

describe("what a claim declares", () => {
  it("may be one of several properties, and counts of all kinds", async () => {
    const text = header(
      "Verdict: violated",
      "Violates: Safe or deadlock",
      "States: 4",
      "Generated: 9",
      "Depth: 3",
    );
    expect((await only(text))?.declared).toEqual({
      verdict: "violated",
      violates: "Safe or deadlock",
      states: 4,
      generated: 9,
      depth: 3,
    });
    expect(await problemOf(header("Verdict: violated", "Violates: Safe or Other"))).toContain(
      "does not check Other",
    );
    expect(await problemOf(header("Verdict: holds", "Depth: deep"))).toContain("`deep` is not a number");
  });
});

describe("the module of a claim as others name it", () => {
  it("is the longest one after whose name a new word begins", async () => {
    const names = ["Cache", "CacheSm", "MCCache"].map((name) => [`${name}.tla`, ""] as const);
    const bare = Object.fromEntries([...names, ["MCCacheSmall.cfg", header("Verdict: holds")]]);
    const root = await tree(bare, true);
    expect((await readClaims([], root)).claims.map(({ module }) => module)).toEqual([
      join(root, "MCCache.tla"),
    ]);
    const other = await tree({ "Ca.tla": "", "Cache.cfg": header("Verdict: holds") }, true);
    expect((await readClaims([], other)).problems).toHaveLength(1);
  });
});
