import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadPlanError } from "../../../conformance/contract/walk.js";
import { build } from "../artifact.js";
import { SOURCES } from "../root.js";
import { COUNTER as PLAN } from "./counter.fixture.js";
import { replayNative } from "./replay.js";

/** The target that target.h shows, as somebody would copy it. */
const SAMPLE = (() => {
  const header = readFileSync(join(SOURCES, "replay", "target.h"), "utf8");
  const lines = [...header.matchAll(/^ \* {5}(.*)$/gm)].map(([, line = ""]) => line);
  return lines.slice(lines.findIndex((line) => line.startsWith("static"))).join("\n");
})();

/** Builds the sample, with changes. */
async function targetOf(
  name: string,
  ...edits: (readonly [text: string, becomes: string])[]
): Promise<string> {
  let text = `#include <stdlib.h>\n#include "../replay/target.h"\n${SAMPLE}\n`;
  for (const [old, becomes] of edits) {
    if (!text.includes(old)) throw new Error(`${old} isn't in the sample`);
    text = text.replace(old, becomes);
  }
  return build({
    name: `sample-${name}`,
    ending: ".so",
    sources: ["test/nothing.c"],
    options: [
      "-O1",
      "-fPIC",
      "-shared",
      "-fvisibility=hidden",
      "-Wno-unused-parameter",
      "-Wno-unused-function",
    ],
    changed: new Map([["test/nothing.c", text]]),
  });
}

const RUN = "{ hook(0); ++*(int32_t *)n; return 0; }";

describe("a target by somebody else", () => {
  it("is what the header shows", async () => {
    expect(await replayNative(PLAN, { target: await targetOf("as-it-is") })).toMatchObject({
      paths: 1,
      steps: 2,
    });
  });

  it.each<[name: string, kind: string, message: RegExp, ...edits: [string, string][]]>([
    ["counts-twice", "state", /not the specification's/, ["++*(int32_t *)n", "*(int32_t *)n += 2"]],
    [
      "counts-early",
      "state",
      /changed the state before it came to Count/,
      ["hook(0); ++*(int32_t *)n;", "++*(int32_t *)n; hook(0);"],
    ],
    ["takes-no-step", "step", /ended an operation without the step Count/, ["hook(0); ", ""]],
    [
      "takes-one-more",
      "step",
      /the counter is at Count, the specification has it at Idle/,
      ["return 0; }", "hook(0); return 0; }"],
    ],
    [
      "has-no-world",
      "driver",
      /couldn't make a fresh world/,
      ["return calloc(1, sizeof(int32_t));", "return NULL;"],
    ],
    ["names-too-few", "driver", /come to its step 7, which it doesn't name/, ["hook(0)", "hook(7)"]],
    [
      "has-another-step",
      "step",
      /come to Dance, which the plan doesn't know/,
      ["hook(0)", "hook(1)"],
      ['"Count", 0', '"Count", "Dance", 0'],
    ],
    [
      "sleeps-unannounced",
      "driver",
      /sleep outside of a step/,
      ["hook(0);", "hook(0); hook(QS_TARGET_SLEEPS);"],
    ],
    [
      "sleeps-outside",
      "driver",
      /sleep outside of a step/,
      ["hook(0);", "hook(QS_TARGET_SLEEPS); hook(0);"],
      [".abi", ".announces_sleep = true, .abi"],
    ],
    [
      "sleeps",
      "step",
      /goes to sleep, the specification has it at Idle/,
      ["hook(0);", "hook(0); hook(QS_TARGET_SLEEPS);"],
      [".abi", ".announces_sleep = true, .abi"],
    ],
    [
      "uses-what-is-freed",
      "use-after-free",
      /the counter used after it was freed/,
      [RUN, "{ hook(0); return QS_TARGET_USE_AFTER_FREE; }"],
    ],
    [
      "calls-wrongly",
      "call",
      /Count called nobody/,
      ...sentence("moved", "void *n, int lane, int step", "called nobody"),
    ],
    [
      "does-not-rest",
      "state",
      /all have finished, but it has counted/,
      ...sentence("rest", "void *n", "it has counted"),
    ],
  ])("is found out: it %s (%s)", async (name, kind, message, ...edits) => {
    const { failure } = await replayNative(PLAN, { target: await targetOf(name, ...edits), hangMs: 20_000 });
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it.each<[name: string, message: RegExp, ...edits: [string, string][]]>([
    ["of-another-version", /built for version 2 of target\.h, this is 3/, ["QS_TARGET_ABI,", "2,"]],
    ["that-is-none", /qs_target_get\(\) returns NULL/, ["return &target;", "(void)target; return NULL;"]],
    [
      "with-what-is-not-there",
      /can't be loaded: .*undefined symbol: nowhere/,
      ["return calloc(", "extern void nowhere(void); nowhere(); return calloc("],
    ],
    ["without-a-name", /lacks a table or a function/, ['.name = "counter"', ".name = 0"]],
    ["without-a-function", /lacks a table or a function/, [".observe = observe,", ""]],
    ["with-another-step", /the target counter has no step "Count"/, ['"Count", 0', '"Dance", 0']],
    ["with-no-words", /where it has nothing more, the plan has n/, ['"n", 0', "0"]],
    ["with-more-words", /where it has m, the plan has nothing more/, ['"n", 0', '"n", "m", 0']],
    [
      "too-small",
      /counts to 1 only/,
      ...sentence("misfit", "const struct qs_setup *setup", "it counts to 1 only"),
    ],
  ])("is refused: one %s", async (name, message, ...edits) => {
    const replaying = replayNative(PLAN, { target: await targetOf(name, ...edits) });
    await expect(replaying).rejects.toThrow(BadPlanError);
    await expect(replaying).rejects.toThrow(message);
  });
});

/** The target has this function, which always finds something wrong. */
function sentence(name: string, parameters: string, text: string): [string, string][] {
  return [
    [
      "static const struct qs_target",
      `static const char *${name}(${parameters}) { return "${text}"; }\nstatic const struct qs_target`,
    ],
    [".abi", `.${name} = ${name}, .abi`],
  ];
}
