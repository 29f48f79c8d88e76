import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Plan } from "../contract/plan.js";
import { drive } from "./drive.js";
import { LAMP } from "./lamp.fixture.js";
import type { DriverCommand } from "./session.js";

/** A lamp without a fault, until `then` is done in place of the answer to the third line. */
const until = (then: string): DriverCommand => ({
  command: process.execPath,
  args: [
    "-e",
    `let on = false, lines = 0, mute = false, more = false;
     const { createInterface } = require("node:readline");
     const { spawn } = require("node:child_process");
     const write = (text) => process.stdout.write(text);
     createInterface({ input: process.stdin }).on("line", (line) => {
       const message = JSON.parse(line);
       const wanted = message.step === "SwitchOn";
       const refused = message.do === "step" && on === wanted;
       if (message.do === "begin") on = false;
       if (message.do === "step") on = wanted;
       const answer = JSON.stringify(message.do === "end" ? {} : { words: { on }, ...(refused && { refused }) });
       if (++lines === 3) { ${then} } else if (!mute) write(answer + (more && message.do === "end" ? "\\n{}\\n" : "\\n"));
     });`,
  ],
});

const failureOf = async (then: string, kind = "driver") =>
  (await drive(LAMP, until(then), { processes: 1, hangMs: kind === "hang" ? 1500 : 30_000 })).failure;

describe("a driver that doesn't keep to the protocol", () => {
  it.each([
    [
      "writes without end and never an answer",
      `setInterval(() => write("noise\\n".repeat(9999)), 1); mute = true`,
      "hang",
      /^it has not answered for 1500 ms/,
    ],
    [
      "never ends its line",
      `write("{"); setInterval(() => write("x".repeat(1 << 20)), 1); mute = true`,
      "driver",
      /^it has written \d+ characters without an end of line$/,
    ],
    [
      "answers once more at its end",
      `write(answer + "\\n"); more = true`,
      "driver",
      /^it answers more often than it is asked: \{\}$/,
    ],
    [
      "answers twice in the middle of a path, the second time as if it had not taken the step",
      `write(answer + "\\n" + JSON.stringify({ words: { on: !on } }) + "\\n")`,
      "driver",
      /^it answers more often than it is asked: \{/,
    ],
    [
      "answers twice, and late, what another question would be refused with",
      `write(answer + "\\n"); setTimeout(() => write('{"refused":true}\\n'), 20)`,
      "driver",
      /^it answers more often than it is asked: \{/,
    ],
    [
      "leaves out an answer and goes on with the next question",
      "",
      "driver",
      /^it has read all that it was asked, and has left out 1 of the answers, here or before$/,
    ],
    [
      "closes its output and lives on",
      `require("node:fs").closeSync(1); mute = true`,
      "hang",
      /^it has not answered for 1500 ms/,
    ],
    [
      "says that it refuses in a word of its own",
      `write('{"refused":"yes"}\\n')`,
      "driver",
      /has "refused" or "unknown" that is neither true nor false/,
    ],
    [
      "shows nothing in place of words",
      `write('{"words":null}\\n')`,
      "driver",
      /has "words" that are no object/,
    ],
    [
      "refuses and doesn't know at once",
      `write('{"refused":true,"unknown":true}\\n')`,
      "driver",
      /has both "unknown" and "refused"/,
    ],
    [
      "shows more levels than can be compared",
      `write('{"words":{"on":' + "[".repeat(1e5) + "]".repeat(1e5) + "}}\\n")`,
      "driver",
      /too many levels/,
    ],
    [
      "writes what would move a cursor",
      `write("{\\u001b[2J\\0\\n")`,
      "driver",
      /^its answer is not JSON: \{\ufffd\[2J\ufffd$/,
    ],
  ])("%s: a verdict of its own", async (_, then, kind, message) => {
    expect(await failureOf(then, kind)).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it("refuses to begin", async () => {
    const driver = {
      command: process.execPath,
      args: ["-e", `console.log('{"refused":true}'); setInterval(() => 0, 1e6)`],
    };
    const { failure } = await drive(LAMP, driver, { processes: 1 });
    expect(failure).toMatchObject({ kind: "driver", move: -1, message: 'it answers "refused" to begin' });
  });

  it("is ended with what it has started in a session of its own, which keeps its output open", async () => {
    const seconds = `${1e6 + process.pid}`;
    const child = `spawn("sleep", ["${seconds}"], { detached: true, stdio: "inherit" }).unref(); process.exit(7)`;
    expect(await failureOf(child)).toMatchObject({
      kind: "crash",
      message: "its process ended with exit code 7",
    });
    expect(execFileSync("ps", ["-eo", "args="], { encoding: "utf8" })).not.toContain(`sleep ${seconds}`);
  });

  it("is no verdict where it ends without an answer, and one where it is killed", async () => {
    const ending = (how: string) => ({ command: process.execPath, args: ["-e", how] });
    await expect(drive(LAMP, ending("console.error('no bulb'); process.exit(4)"))).rejects.toMatchObject({
      exitCode: 2,
      message: "the driver has answered nothing: its process ended with exit code 4; it said: no bulb",
    });
    const { failure } = await drive(LAMP, ending("process.kill(process.pid, 'SIGSEGV')"));
    expect(failure).toMatchObject({ kind: "crash", move: -1 });
  });
});

describe("a driver that is wrong where its implementation is, too", () => {
  it("is asked to the end of a path, and its implementation's fault stays what it is", async () => {
    // From the third line on it does nothing, and answers what it should.
    expect(await failureOf("write(answer + '\\n'); on = !on")).toMatchObject({ kind: "taken" });
  });
});

/** Tells the lanes that it is told of. */
const BEGINS = `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) =>
  console.log(JSON.stringify({ failed: JSON.stringify(JSON.parse(line).lanes) })))`;

describe("the environment", () => {
  it("is no lane that a driver is told of, and takes its steps as null", async () => {
    const [one] = LAMP.lanes;
    const plan: Plan = {
      ...LAMP,
      lanes: [{ kind: "environment", name: "environment", value: null }, ...(one ? [one] : [])],
    };
    const told = `const said = JSON.stringify([message.lanes, message.kind, message.lane]); write(JSON.stringify({ failed: said }) + "\\n")`;
    const { failure } = await drive(plan, until(told), { processes: 1, hangMs: 30_000 });
    expect(failure?.message).toBe('the driver says: [null,"environment",null]');
    const begun = await drive(plan, { command: process.execPath, args: ["-e", BEGINS] }, { processes: 1 });
    expect(begun.failure?.message).toBe('the driver says: [{"kind":"hand","value":1}]');
  });
});

describe("a state that no step leaves, at the beginning", () => {
  const dark: Plan = { ...LAMP, states: [[false]], edges: [], paths: [], refusable: [[0, 2]] };

  it("is begun in, and what isn't allowed there is asked for in vain", async () => {
    const refusing = `let n = 0; require("node:readline").createInterface({ input: process.stdin }).on("line", () =>
      console.log(JSON.stringify([{ words: { on: false } }, { refused: true }, {}][n++])))`;
    const good = await drive(dark, { command: process.execPath, args: ["-e", refusing] });
    expect(good).toMatchObject({ paths: 0, steps: 0, probes: 1 });
    expect(good.failure).toBeUndefined();
    const bad = await drive(dark, until(`write(answer + "\\n")`));
    expect(bad.failure).toMatchObject({ kind: "taken", probe: { step: 2 }, start: 0 });
  });
});
