import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { build } from "../artifact.js";
import { GATE, GATE_SOURCE } from "./gate.fixture.js";
import { replayNative } from "./replay.js";
import { worthShowing } from "./sanitized.js";

const [command = "cc"] = (process.env["CC"] ?? "cc").split(" ");
const found = spawnSync(command, ["-print-file-name=libasan.so"], { encoding: "utf8" });
/** clang has another one, which is not found this way; nor is gcc's where it isn't installed. */
const hasRuntime = found.stdout?.trim().startsWith("/") === true;

async function gate(sanitizer: string, wrong: string): Promise<string> {
  return build({
    name: `gate-${sanitizer}`,
    ending: ".so",
    sources: ["test/nothing.c"],
    options: ["-O0", "-g", "-fPIC", "-shared", "-fvisibility=hidden", `-fsanitize=${sanitizer}`],
    changed: new Map([["test/nothing.c", GATE_SOURCE.replace("hook(COME);", `hook(COME);\n${wrong}`)]]),
  });
}

describe.skipIf(!hasRuntime)("a target that was built with a sanitizer", () => {
  it.each([
    ["address", "volatile int at = 1; owner[at] = 7;", /ERROR: AddressSanitizer: heap-buffer-overflow/],
    ["undefined", "volatile int most = 0x7fffffff; most += 1;", /runtime error: signed integer overflow/],
  ])("has the report of -fsanitize=%s as its verdict, at the step", async (sanitizer, wrong, report) => {
    const { failure } = await replayNative(GATE, { target: await gate(sanitizer, wrong), hangMs: 60_000 });
    expect(failure).toMatchObject({ kind: "crash", step: "Come", message: expect.stringMatching(report) });
    expect(failure?.message).not.toContain("Shadow bytes");
  });
});

describe("worthShowing", () => {
  it("is the end of what was said, and a sanitizer's report from its beginning", () => {
    expect(worthShowing(`${"noise ".repeat(100)}the end\n`, 7)).toBe("the end");
    const report = "==12==ERROR: AddressSanitizer: heap-buffer-overflow\n    #0 in leave\n";
    expect(worthShowing(`noise\n${report}Shadow bytes around it\n 00 00\n`, 200)).toBe(report.trim());
    expect(worthShowing(`noise\na.c:3:4: runtime error: overflow\n${"x".repeat(99)}`, 30)).toBe(
      "a.c:3:4: runtime error: overfl",
    );
  });
});
