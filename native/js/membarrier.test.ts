import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import {
  COMMANDS,
  loadMembarrier,
  Membarrier,
  MembarrierAbsentError,
  type MembarrierCommand,
  MembarrierError,
  MembarrierUnregisteredError,
  MembarrierUnsupportedError,
  type RegisteredCommand,
} from "./membarrier.js";

const membarrier = await loadMembarrier();
const has = membarrier.query();
const registered = (Object.keys(COMMANDS) as MembarrierCommand[]).filter(
  (name): name is RegisteredCommand => name !== "global",
);

/** A kernel that answers each call with this. */
const answering = (result: (command: number, flags: number, cpu: number) => number) =>
  new Membarrier({ membarrierCall: result });
const refusing = (errno: number) => answering(() => -errno);

describe("membarrier on this machine", () => {
  it.each(registered)("%s: registers, and runs", (command) => {
    if (!has.has(command)) {
      expect(() => membarrier.register(command)).toThrow(MembarrierUnsupportedError);
      return;
    }
    membarrier.register(command);
    membarrier.register(command);
    membarrier.run(command);
    const known = membarrier.registrations();
    if (known !== null) expect([...known]).toContain(command);
  });

  it.runIf(has.has("global"))("global: runs without registration", () => membarrier.run("global"));

  it.runIf(has.has("privateExpedited"))("refuses a command before it is registered for", () => {
    // In a process of its own, since registration is for ever.
    const module = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/native/js/membarrier")).href;
    const program = `import { loadMembarrier } from ${JSON.stringify(module)};
      const membarrier = await loadMembarrier();
      try { membarrier.run("privateExpedited"); } catch (error) { console.log(error.constructor.name, error.code); }
      membarrier.register("privateExpedited");
      membarrier.run("privateExpedited");
      console.log("runs");`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    expect(said).toBe("MembarrierUnregisteredError EPERM\nruns\n");
  });
});

describe("what the kernel answers", () => {
  const { ENOSYS, EINVAL, EPERM, ENOMEM } = constants.errno;

  it("is a set of commands", () => {
    expect([...answering(() => 0b1001).query()]).toEqual(["global", "privateExpedited"]);
    expect(answering((command) => (command === 0 ? 1 : -EINVAL)).registrations()).toBeNull();
    expect([...(answering(() => 1 << 4).registrations() ?? [])]).toEqual(["privateExpedited"]);
  });

  it("is an error of its own for each reason", () => {
    const run = (errno: number) => () => refusing(errno).run("privateExpedited");
    expect(() => refusing(ENOSYS).query()).toThrow(MembarrierAbsentError);
    expect(() => refusing(EPERM).query()).toThrow(MembarrierAbsentError);
    expect(run(ENOSYS)).toThrow(MembarrierAbsentError);
    expect(run(EINVAL)).toThrow(MembarrierUnsupportedError);
    expect(run(EPERM)).toThrow(MembarrierUnregisteredError);
    expect(run(ENOMEM)).toThrow(
      expect.objectContaining({ code: "ENOMEM", command: "privateExpedited", constructor: MembarrierError }),
    );
    expect(run(EPERM)).toThrow(/has not registered for privateExpedited \(EPERM\)/);
  });

  it("is asked with the processor where there is one", () => {
    const calls: number[][] = [];
    const listening = answering((...call) => calls.push(call) - 1);
    listening.run("privateExpeditedRseq", { cpu: 3 });
    listening.run("privateExpeditedRseq");
    expect(calls).toEqual([
      [128, 1, 3],
      [128, 0, 0],
    ]);
  });
});
