import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { seen } from "../../../../spec/tlc/base/patient.fixture.js";
import { createFolder, ending, quiesce, ROOT, start } from "../shared/program.fixture.js";
import { type ShownError, schemaText, validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());
const queue = join(ROOT, "conformance", "walkthrough", "Queue.cfg");
const driver = join(ROOT, "conformance", "walkthrough", "queue-driver.ts");
const saved = join(folder.path, "failure.json");

/** A queue in Python that gives back the newest first, or that takes its time. */
const python = (change: string): string =>
  `import json, sys, time
items = []
got = {}
for line in sys.stdin:
    message = json.loads(line)
    answer = {}
    if message["do"] == "begin":
        items, got = [], {"got.c1": 0}
    if message["do"] == "step":
        if message["step"] == "Put" and len(items) < 3:
            items.append(message["with"]["v"])
        elif message["step"] == "Get" and items:
            got["got.c1"] = items.pop(${change === "newest first" ? "" : "0"})
        else:
            answer["refused"] = True
        ${change === "slow" ? "time.sleep(0.05)" : "pass"}
    print(json.dumps({**answer, "words": {"items": items, **got}}), flush=True)
`;
folder.write({
  "fifo.py": python(""),
  "lifo.py": python("newest first"),
  "slow.py": python("slow"),
  "Alone.tla":
    "---- MODULE Alone ----\nVARIABLE x\nInit == x = 0\nNext == x' = 1 - x\nSpec == Init /\\ [][Next]_x\n====\n",
  "Alone.cfg": "SPECIFICATION Spec\n",
});
const by = (file: string): string => `python3 ${join(folder.path, file)}`;

interface Shown {
  readonly interrupted: boolean;
  readonly plans: readonly {
    readonly targets: readonly {
      readonly verdict: string;
      readonly steps: number;
      readonly failure?: { readonly kind: string };
    }[];
  }[];
}
const shown = (text: string) => validated<Shown>("conform", text);

describe("conform", () => {
  it("has JSON as documented, for a class and for a process", async () => {
    for (const what of [driver, by("fifo.py")]) {
      const { code, stdout } = await quiesce(["conform", "--claim", queue, "--driver", what, "--json"]);
      expect(code).toBe(0);
      expect(shown(stdout).plans[0]?.targets[0]).toMatchObject({
        verdict: "conforms",
        steps: 160,
        probes: 99,
      });
    }
  });

  it("says in JSON what failed, and saves it", async () => {
    const { code, stdout, stderr } = await quiesce([
      "conform",
      "--claim",
      queue,
      "--driver",
      by("lifo.py"),
      "--json",
      "--save",
      saved,
    ]);
    expect(code).toBe(1);
    expect(shown(stdout).plans[0]?.targets[0]).toMatchObject({
      verdict: "fails",
      failure: { kind: "state" },
    });
    expect(stderr).toContain(`replay it:  quiesce conform --replay ${saved}`);
    expect((await quiesce(["conform", "--replay", saved])).code).toBe(1);
    expect((await quiesce(["conform", "--replay", saved, "--driver", by("fifo.py")])).code).toBe(0);
  });

  it("at a time limit, or interrupted, says what it has found so far", async () => {
    const limited = await quiesce([
      "conform",
      "--claim",
      queue,
      "--driver",
      by("slow.py"),
      "--json",
      "--seconds",
      "2",
    ]);
    expect(limited.code).toBe(1);
    expect(shown(limited.stdout)).toMatchObject({
      interrupted: true,
      plans: [{ targets: [{ verdict: "inconclusive" }] }],
    });
    const slow = by("slow.py");
    const child = start(["conform", "--claim", queue, "--driver", slow, "--json"]);
    const ended = ending(child);
    const runs = (): boolean =>
      execFileSync("ps", ["-eo", "args="], { encoding: "utf8" })
        .split("\n")
        .some((line) => line.endsWith("slow.py") && !line.includes("conform"));
    await seen("a driver is started", runs);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(shown(stdout).interrupted).toBe(true);
  });

  it.each([
    [["--claim", queue, "--driver", "nowhere.ts"], /there is no driver nowhere\.ts/],
    [["--claim", queue, "--driver", ""], /the driver is empty/],
    [["--driver", "python3 x.py"], /is none of ours, so it needs a claim/],
    [["--driver", "quiesce-mb"], /quiesce-mb follows no claim unless one is named/],
    [["--mutants", "--driver", "native-switching"], /native-switching follows no claim unless one is named/],
    [["--claim", queue], /none of our implementations drives Queue\.tla/],
    [["--claim", join(folder.path, "Alone.cfg"), "--driver", "x"], /Alone\.tla has no contract/],
    [["--replay", join(folder.path, "Alone.cfg")], /cannot read the failure/],
    [["--draft"], /--draft needs a claim/],
    [["--header"], /--header needs a claim/],
    [["--suites"], /--suites needs mutants/],
    [
      ["--mutants", "--suites", "--only", "no-fence-ee"],
      /no mutant "no-fence-ee"; did you mean "no-fence-.+"\?/,
    ],
    [["--mutants", "--suites", "--suite", "kernels"], /no suite "kernels"; did you mean "kernel"\?/],
    [["--mutants", "--suites", "--limit", "0"], /--limit takes a whole number of at least 1/],
    [["--mutants", "--only", "no-fence-e"], /--only needs --suites/],
    [["--mutants", "--time-limit", "9"], /--time-limit needs --suites/],
  ])("is refused: %j", async (args, message) => {
    const { code, stdout, stderr } = await quiesce(["conform", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    const json = await quiesce(["conform", ...args, "--json"]);
    expect(validated<ShownError>("error", json.stdout).error.exitCode).toBe(2);
  });
});

interface ShownSuites {
  readonly interrupted: boolean;
  readonly totals: readonly { readonly suite: string; readonly kills: number; readonly applies: number }[];
  readonly mutants: readonly { readonly name: string; readonly killedBy: readonly string[] }[];
}

describe("conform --mutants --suites", () => {
  const asked = ["conform", "--mutants", "--suites", "--json"];

  it("has JSON as documented", async () => {
    const impl = await quiesce([...asked, "--only", "impl", "--suite", "test", "--no-cache"]);
    const found = validated<ShownSuites>("suites", impl.stdout);
    const [total] = found.totals;
    expect(found.interrupted).toBe(false);
    expect(total).toMatchObject({ suite: "test", kills: total?.applies });
    // Those that no test is declared to kill are left out.
    expect(found.mutants.map(({ killedBy }) => killedBy.join())).toEqual(found.mutants.map(() => "test"));
    expect(found.mutants.length).toBeGreaterThan(5);
    expect(impl.code).toBe(0);
  });

  it("has its schema", async () => {
    const { stdout } = await quiesce(["conform", "--suites", "--schema"]);
    expect(stdout).toBe(schemaText("suites"));
  });

  it("at its time limit says what it has found so far, and that this is not all", async () => {
    const limited = await quiesce([
      ...asked,
      "--only",
      "native",
      "--suite",
      "test",
      "--no-cache",
      "--time-limit",
      "1",
    ]);
    expect(limited.code).toBe(1);
    expect(validated<ShownSuites>("suites", limited.stdout).interrupted).toBe(true);
  });

  it("interrupted, says what it has found so far", async () => {
    // Each row has something to do that takes longer than the signal.
    const child = start([...asked, "--only", "native", "--suite", "test", "--no-cache"]);
    const ended = ending(child);
    const heard = new Promise<void>((resolve) => child.stderr?.once("data", () => resolve()));
    await Promise.race([heard, ended]);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(validated<ShownSuites>("suites", stdout).interrupted).toBe(true);
  });
});
