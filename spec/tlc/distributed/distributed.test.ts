import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../base/errors.js";
import { asked } from "../base/patient.fixture.js";
import { createScratch, type Scratch } from "../base/scratch.js";
import { readConfig } from "../claim/config.js";
import { decide } from "../decide/verdict.js";
import { findTools, type Tools } from "../tools/tools.js";
import { runDistributed } from "./distributed.js";
import type { DistributedRun } from "./server.js";
import { readWorkerHost } from "./worker-host.js";
import type { DistributedEvent } from "./workers.js";

let tools: Tools;
let home: Scratch;
let temporary: string;
const old = process.env["TMPDIR"];
beforeAll(async () => {
  tools = await findTools();
});
beforeEach(async () => {
  home = await createScratch("test");
  temporary = join(home.path, "tmp");
  mkdirSync(temporary);
  mkdirSync(join(home.path, "lib"));
  writeFileSync(join(home.path, "Grid.tla"), GRID);
  writeFileSync(join(home.path, "lib", "Around.tla"), AROUND);
  process.env["TMPDIR"] = temporary;
});
afterEach(async () => {
  if (old === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = old;
  delete process.env["QUIESCE_SSH"];
  expect(processesOfTest()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
  await home.remove();
});

const AROUND = "---- MODULE Around ----\nEXTENDS Naturals\nNext1(v, n) == (v + 1) % n\n====\n";
const GRID = `---- MODULE Grid ----
EXTENDS Around
CONSTANTS Side, Promised
VARIABLES a, b, c
ASSUME Promised
Init == a = 0 /\\ b = 0 /\\ c = 0
Next == \\/ a' = Next1(a, Side) /\\ UNCHANGED <<b, c>>
        \\/ b' = Next1(b, Side) /\\ UNCHANGED <<a, c>>
        \\/ c' = Next1(c, Side) /\\ UNCHANGED <<a, b>>
Stuck == a < 3 /\\ a' = a + 1 /\\ UNCHANGED <<b, c>>
Spec == Init /\\ [][Next]_<<a, b, c>>
Fine == a < Side
Corner == ~(a = 2 /\\ b = 2)
Ends == <>(a = 3)
====
`;
const config = (side: number, rest: string, promised = "TRUE"): string =>
  `CONSTANTS Side = ${side}\nPromised = ${promised}\n${rest}\n`;
const SAFE = "SPECIFICATION Spec\nINVARIANT Fine";

/** The processes of TLC that work in the test's folder: process id and command line. */
function processesOfTest(main = ""): string[] {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return all
    .split("\n")
    .filter((line) => line.includes(temporary) && /\bjava\b/.test(line) && line.includes(main));
}
function kill(workers: readonly string[], signal: NodeJS.Signals = "SIGKILL"): void {
  for (const line of workers) process.kill(Number.parseInt(line, 10), signal);
}

async function check(text: string, hosts: string, more: Partial<DistributedRun> = {}) {
  const events: DistributedEvent[] = [];
  const outcome = await runDistributed({
    tools,
    module: join(home.path, "Grid.tla"),
    config: text,
    libraries: [join(home.path, "lib")],
    hosts: hosts.split(" ").map(readWorkerHost),
    memoryMiB: 512,
    timeoutMs: 600_000,
    ...more,
    onEvent(event) {
      events.push(event);
      more.onEvent?.(event);
    },
  });
  const declared = { verdict: "holds" } as const;
  return { outcome, events: events.map(({ kind }) => kind), ...decide(declared, readConfig(text), outcome) };
}

/** One of two workers gets a signal soon after both have joined. */
async function loses(signal: NodeJS.Signals, more: Partial<DistributedRun> = {}) {
  let told = false;
  return await check(config(40, SAFE), "localhost:2", {
    ...more,
    onEvent(event) {
      if (event.kind !== "joined" || event.workers < 2 || told) return;
      told = true;
      setTimeout(() => kill(processesOfTest("TLCWorker").slice(0, 1), signal), 300);
    },
  });
}

/** It was in the middle of the work: a signal that comes too late is not noticed. */
const isLost = ({ events }: { readonly events: readonly string[] }): boolean => events.includes("lost");

describe("runDistributed", () => {
  it("finds the same states when a worker is killed in the middle", async () => {
    const { verdict, outcome, events } = await asked(() => loses("SIGKILL"), isLost, 5);
    expect(events).toEqual(expect.arrayContaining(["lost", "ended"]));
    expect(verdict).toBe("holds");
    expect(outcome.report.statistics).toMatchObject({ distinct: 40 ** 3, queue: 0 });
  });

  it("gives the work of a worker that hangs to others", async () => {
    // On a busy machine the other one may be late, too, and nobody is left.
    const { verdict, outcome, events } = await asked(
      () => loses("SIGSTOP", { answerMs: 3000 }),
      (run) => isLost(run) && run.verdict === "holds",
      5,
    );
    expect(events).toContain("lost");
    expect([verdict, outcome.report.statistics]).toMatchObject(["holds", { distinct: 40 ** 3, queue: 0 }]);
  });

  it("starts over when nothing happens after a worker was lost, and gives up in the end", async () => {
    let joined = 0;
    const { verdict, reason, events } = await check(config(500, SAFE), "localhost:2", {
      stallMs: 1,
      onEvent(event) {
        // The newest: one of the previous server may still be shutting down.
        if (event.kind === "joined" && ++joined % 2 === 0) {
          kill(processesOfTest("TLCWorker").slice(-1));
        }
      },
    });
    expect(events.filter((kind) => kind === "over")).toHaveLength(2);
    expect({ verdict, reason }).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/^TLC's server failed 3 times: nothing happened for 0\.001 s/),
    });
  });

  it("decides nothing when all workers are gone, and does not wait for ever", async () => {
    const { verdict, reason } = await check(config(500, SAFE), "localhost:1", {
      onEvent: (event) => {
        if (event.kind === "joined") kill(processesOfTest("TLCWorker"));
      },
    });
    expect({ verdict, reason }).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/^no worker is left.*SIGKILL/),
    });
  });

  it("says what is violated as one machine does", async () => {
    const violated = await check(config(9, "SPECIFICATION Spec\nINVARIANT Corner"), "localhost:1");
    expect(violated.outcome.report.violated).toEqual({ kind: "invariant", name: "Corner" });
    expect(violated.outcome.exitCode).toBe(12);
    expect(violated.outcome.report.trace?.states).toHaveLength(5);
    expect(violated.events).toContain("again");
  });

  it("refuses what the distributed mode does not check, and finds what only one machine does", async () => {
    const refused = async (text: string) => (await check(text, "localhost")).reason;
    expect(await refused(config(3, "SPECIFICATION Spec\nPROPERTY Ends"))).toMatch(/temporal properties/);
    expect(await refused(config(3, `${SAFE}\nVIEW a`))).toMatch(/VIEW/);
    const assumption = await check(config(3, SAFE, "FALSE"), "localhost");
    expect(assumption.outcome.report.violated).toMatchObject({ kind: "assumption" });
  });

  it("ignores deadlocks when the configuration says so", async () => {
    const fine = await check(config(9, "INIT Init\nNEXT Stuck\nCHECK_DEADLOCK FALSE"), "localhost:1");
    expect([fine.verdict, fine.outcome.report.statistics?.distinct]).toEqual(["holds", 4]);
  });

  it("starts workers by ssh where there is only Java, and leaves nothing there", async () => {
    const remote = join(home.path, "remote");
    mkdirSync(remote);
    // Stands for ssh: takes its options, and runs the command as the other machine's shell would. That shell is another
    // process, of another group: it outlives an ssh that is killed, and sees that its input ends.
    const ssh = join(home.path, "ssh");
    writeFileSync(
      ssh,
      `#!/bin/sh\nwhile [ "$1" = -o ]; do shift 2; done\necho "$1" > "${home.path}/asked"\nexport TMPDIR="${remote}"\nsetsid sh -c "$2"\n`,
    );
    chmodSync(ssh, 0o755);
    process.env["QUIESCE_SSH"] = ssh;
    const { verdict, outcome } = await check(config(9, SAFE), "127.0.0.2:1");
    expect([verdict, outcome.report.statistics?.distinct]).toEqual(["holds", 729]);
    for (let i = 0; i < 500 && readdirSync(remote).length > 0; i++)
      await new Promise((r) => setTimeout(r, 50));
    expect(readdirSync(remote)).toEqual([]);
  });

  it("says which host could not be reached", async () => {
    process.env["QUIESCE_SSH"] = "/no/such/ssh";
    const { verdict, reason } = await check(config(9, SAFE), "127.0.0.2");
    expect({ verdict, reason }).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/127\.0\.0\.2: .*ENOENT/),
    });
  });

  it("leaves no process when it is interrupted", async () => {
    const stop = new AbortController();
    const work = check(config(500, SAFE), "localhost:2", {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === "joined" && event.workers === 2) stop.abort();
      },
    });
    await expect(work).rejects.toThrow(Interrupted);
  });
});

describe("readWorkerHost", () => {
  it.each([
    ["localhost", { kind: "here", host: "localhost" }],
    ["localhost:2", { kind: "here", host: "localhost", processes: 2 }],
    ["me@build-1.example:4", { kind: "ssh", host: "me@build-1.example", processes: 4 }],
    ["join", { kind: "join", host: "join" }],
  ])("%s", (text, host) => expect(readWorkerHost(text)).toEqual(host));

  it.each(["", ":2", "a:0", "a:-1", "-oProxyCommand=x", "a b", "a;b", "a:9999"])("refuses %j", (text) => {
    expect(() => readWorkerHost(text)).toThrow(/--workers takes hosts/);
  });
});
