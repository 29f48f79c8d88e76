import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { run } from "../../spec/tlc/base/process.js";
import { root } from "../base/root.js";
import { buildLiar, canLie, type Liar, runLying } from "./liar.js";
import { requireFreshPlan } from "./program.js";
import type { KernelReport } from "./report.js";
import { runKernelProgram } from "./run.js";

let made: Liar;
let mistakes: string[];
beforeAll(async () => {
  made = await buildLiar();
  mistakes = (await run(made.liar, ["--list"])).stdout.trim().split("\n");
});

/**
 * For each mistake: a call that tells it, with the state before, what the specification answers and what is answered
 * instead. The first difference that the walk shows.
 */
const KILLED: Readonly<Record<string, { call: RegExp; expected: string; answer: string; before?: RegExp }>> =
  {
    "flags accepted": { call: /QUERY flags 1/, expected: "EINVAL", answer: "1023" },
    "rseq takes any flag": { call: /PRIVATE_EXPEDITED_RSEQ flags [23]/, expected: "EINVAL", answer: "0" },
    "numbers accepted": { call: /command -1 flags 0/, expected: "EINVAL", answer: "0" },
    "numbers answer ENOSYS": { call: /command -1 flags 0/, expected: "EINVAL", answer: "ENOSYS" },
    "cpu looked at": { call: /RSEQ flags 1, CPU 2147483647/, expected: "0", answer: "EINVAL" },
    "offline refused": { call: /RSEQ flags 1, a CPU that is not online/, expected: "0", answer: "EINVAL" },
    "cpu looked at without its flag": { call: /flags 0, CPU 2147483647/, expected: "0", answer: "EINVAL" },
    "query hides": { call: /GET_REGISTRATIONS/, expected: "EINVAL", answer: "0x" },
    "query hides a registration": { call: /QUERY/, expected: "the mask of", answer: "0x3ef" },
    "query shows a command that is refused": { call: /1: GLOBAL/, expected: "0", answer: "EINVAL" },
    "get reports what permits": {
      call: /GET_REGISTRATIONS/,
      expected: "0x114",
      answer: "0x104",
      before: /PE \(intent only\)/,
    },
    "get reports nothing": { call: /GET_REGISTRATIONS/, expected: "0x", answer: "0" },
    "get reports uses for registrations": { call: /GET_REGISTRATIONS/, expected: "0x4", answer: "0x2" },
    "registered at birth": { call: /1: PRIVATE_EXPEDITED/, expected: "EPERM", answer: "0" },
    "denied answers EINVAL": { call: /PRIVATE_EXPEDITED/, expected: "EPERM", answer: "EINVAL" },
    "global expedited denied": { call: /1: GLOBAL_EXPEDITED/, expected: "0", answer: "EPERM" },
    "intent permits": {
      call: /1: PRIVATE_EXPEDITED flags/,
      expected: "EPERM",
      answer: "0",
      before: /PE \(intent only\)/,
    },
    "sync core skipped after private": {
      call: /SYNC_CORE/,
      expected: "0",
      answer: "EPERM",
      before: /PE, SC/,
    },
    "registering again fails": { call: /REGISTER_/, expected: "0", answer: "EBUSY" },
    "one registration replaces another": { call: /./, expected: "0", answer: "0" },
    "fork loses": { call: /2: /, expected: "0", answer: "EPERM", before: /another process/ },
    // The program forks, too: what one path registers is there in the next.
    "fork shares": { call: /1: /, expected: "EPERM", answer: "0", before: /registered/ },
    "thread alone": { call: /2: /, expected: "0", answer: "EPERM", before: /a thread beside it/ },
    "clone alone": { call: /2: /, expected: "0", answer: "EPERM", before: /shares its memory/ },
    "vfork alone": { call: /1: /, expected: "0", answer: "EPERM" },
    "exec keeps": { call: /1: /, expected: "EPERM", answer: "0" },
    "exec clears those who shared": { call: /./, expected: "0", answer: "EPERM", before: /another process/ },
  };

describe("the real system call", () => {
  it("answers as specified, edge by edge, or is unavailable", async () => {
    const { report } = await runKernelProgram(made.program, { options: ["--no-ordering"] });
    expect(report.differences).toEqual([]);
    expect(["conforms", "unavailable"]).toContain(report.verdict);
    if (report.verdict === "conforms") {
      expect(report.walked).toHaveLength(3);
      for (const { taken, edges } of report.walked) expect(taken).toBe(edges);
    }
  });

  it.each([
    ["beyond", "999999", /^there is no CPU 999999; \/sys\/\S+present lists those that there are$/],
    ["a name", "one", /^--offline-cpu takes the number of a CPU, not one$/],
  ])("refuses to take a CPU offline that is %s", async (_, number, message) => {
    const asked = runKernelProgram(made.program, { options: ["--offline-cpu", number] });
    await expect(asked).rejects.toThrow(BadInputError);
    await expect(asked).rejects.toThrow(message);
  });

  it("is walked by a plan that was made from the specification as it is", () => requireFreshPlan(root));
});

describe.skipIf(!canLie)("an emulated kernel", () => {
  it("makes each mistake that the specification knows, by the same name", () => {
    const claim = readFileSync(join(root, "spec", "membarrier", "registration", "Api-mistakes.cfg"), "utf8");
    const specified = [...claim.matchAll(/^\\\* {8}"([a-z ]+)"/gm)].map(([, name]) => name);
    expect(specified).toHaveLength(10);
    for (const name of specified) expect(mistakes).toContain(name);
    expect(mistakes.filter((name) => name !== "none").toSorted()).toEqual(Object.keys(KILLED).toSorted());
  });

  it("conforms when it makes no mistake", async () => {
    const { report } = await runLying(made, ["--mistake", "none"]);
    expect(report).toMatchObject({ verdict: "conforms", filtered: true, differences: [] });
  });

  // Each is killed, and the edge that tells it is shown.
  it.each(Object.entries(KILLED))("that %s is told apart", async (mistake, edge) => {
    const { report } = await runLying(made, ["--mistake", mistake]);
    expect(report.verdict).toBe("differs");
    const told = report.differences.find(
      ({ call, before, expected, answer }) =>
        edge.call.test(call) &&
        (edge.before?.test(before) ?? true) &&
        expected.startsWith(edge.expected) &&
        answer.startsWith(edge.answer),
    );
    // With the differences in the message when there is none.
    expect(told ?? report.differences.slice(0, 3)).toMatchObject({ call: expect.stringMatching(edge.call) });
  });

  // Linux 4.3, 4.14, 4.16, 5.10, 6.3; without GLOBAL where CPUs have no tick; without SYNC_CORE or RSEQ.
  it.each([
    "0x0",
    "0x1",
    "0x19",
    "0x18",
    "0x1f",
    "0x7f",
    "0x7e",
    "0x1ff",
    "0x39f",
    "0x27f",
    "0x21f",
    "0x3fe",
  ])("whose QUERY answers %s is walked along its own edges", async (mask) => {
    const { report } = await runLying(made, ["--kernel", mask]);
    expect(report.verdict).toBe("conforms");
    expect(report.walked.every(({ taken, edges }) => taken === edges && edges > 0)).toBe(true);
  });

  it("whose QUERY answers what no version has differs", async () => {
    const { report } = await runLying(made, ["--kernel", "0x5"]);
    expect(report).toMatchObject({ verdict: "differs", differences: [{ answer: "0x5" }] });
  });

  it("with commands that are newer than the specification is not judged", async () => {
    const { report } = await runLying(made, ["--kernel", "0x7ff"]);
    expect(report.verdict).toBe("inconclusive");
    expect(report.undecided[0]?.why).toMatch(/newer than the specification: 0x400/);
  });
});

describe.skipIf(!canLie)("where something refuses the call", () => {
  it.each([
    ["1", "EPERM", /refused with EPERM, which no kernel answers/],
    ["kill", "killed by signal 31", /whoever calls it is killed by signal 31 \(Bad system call\)/],
    ["38", "ENOSYS", /no such system call: Linux before 4.3, CONFIG_MEMBARRIER=n, or a filter/],
  ])("there is a report: a seccomp filter that answers %s", async (error, query, why) => {
    const { report } = await runLying(made, ["--answer", error], []);
    expect(report).toMatchObject({ verdict: "unavailable", filtered: true, commands: {} });
    expect(report.query).toContain(query);
    expect(report.unavailable).toMatch(why);
    expect(report.ordering).toEqual([]);
  });

  it("a filter that kills whoever makes one of the calls leaves that undecided, and keeps nobody waiting", async () => {
    const { report } = await runLying(made, ["--answer", "kill", "--command", "8"]);
    expect(report).toMatchObject({ verdict: "inconclusive", filtered: true, differences: [] });
    expect(report.undecided.length).toBeGreaterThan(0);
    for (const { why } of report.undecided)
      expect(why).toMatch(/^a task (was killed by signal 31|has ended).*: [12]: PRIVATE_EXPEDITED flags 0$/);
  });

  it("a kernel without the call answers ENOSYS to everything", async () => {
    const { report } = await runLying(made, ["--kernel", "none"]);
    expect(report).toMatchObject({ verdict: "unavailable", differences: [] });
    expect(report.walked.map(({ taken, edges }) => taken === edges && edges > 50)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe.skipIf(!canLie)("a command that answers 0 and does nothing is caught by its loads", () => {
  it.each([
    [1, "GLOBAL"],
    [2, "GLOBAL_EXPEDITED"],
    [8, "PRIVATE_EXPEDITED"],
    [32, "PRIVATE_EXPEDITED_SYNC_CORE"],
    [128, "PRIVATE_EXPEDITED_RSEQ"],
  ])("%i: %s", async (number, name) => {
    // Where GLOBAL is a real call, each of its rounds takes milliseconds.
    const rounds = number === 1 ? "5000" : "1000";
    const options = ["--no-walk", "--no-gaps", "--patient", "--rounds", rounds];
    const lie = ["--answer", "0", "--command", String(number)];
    const rowOf = (run: KernelReport) => run.ordering.find(({ command }) => command === name);
    // The witness's misses may come in one burst, while others ran: they promise the command none in its own rounds.
    const { report } = await asked(
      () => runLying(made, lie, options),
      (run) => rowOf(run.report)?.result === "missed",
    );
    // One processor, or one that shows nothing: no verdict, and so no pass.
    if (report.ordering.every(({ result }) => result === "inconclusive")) return;
    expect(rowOf(report)).toMatchObject({ result: "missed" });
    expect(report.verdict).toBe("differs");
    for (const { command, result } of report.ordering)
      if (!command.startsWith(name)) expect(result, command).not.toBe("missed");
  });
});
