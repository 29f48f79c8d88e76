import { describe, expect, it } from "vitest";
import type { Plan } from "../../../conformance/contract/plan.js";
import { asked } from "../../../spec/tlc/base/patient.fixture.js";
import { build } from "../artifact.js";
import { GATE, GATE_SOURCE } from "./gate.fixture.js";
import { replayNative } from "./replay.js";

type Edit = readonly [text: string, becomes: string];

async function gate(name: string, ...edits: readonly Edit[]): Promise<string> {
  let text = GATE_SOURCE;
  for (const [old, becomes] of edits) {
    expect(text).toContain(old);
    text = text.replace(old, becomes);
  }
  return build({
    name: `gate-${name}`,
    ending: ".so",
    sources: ["test/nothing.c"],
    options: ["-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-Wno-unused-function"],
    changed: new Map([["test/nothing.c", text]]),
  });
}

const UNASKED: Plan = { ...GATE, refusable: [] };
const CHECK_COME = "if (holds(owner, lane))\n\t\treturn QS_TARGET_REFUSED;";
const CHECK_LEAVE = CHECK_COME.replace("holds", "!holds");
const IN_VAIN = "if (holds(owner, 1 - lane))";

/** What a target takes although the specification doesn't allow it; along the paths alone it is never asked. */
const TAKEN: readonly [name: string, step: string, ...edits: Edit[]][] = [
  [
    "enters-anyway",
    "Enter",
    ["} while (!take(owner, lane));", "} while (0);\n__atomic_store_n(owner, lane + 1, 5);"],
  ],
  ["comes-twice", "Come", [CHECK_COME, ""]],
  ["leaves-twice", "Leave", [CHECK_LEAVE, "(void)lane;"]],
];

describe("a target that is asked for what isn't allowed", () => {
  it("refuses it, in each state once, and follows the paths as if nobody had asked", async () => {
    const target = await gate("as-it-is");
    const unasked = await replayNative(UNASKED, { target });
    const { steps } = unasked;
    // Who is inside may not come; who is outside may not leave; who stands there may not enter while another is inside.
    const asks = GATE.states.flatMap(([owner, ...at]) =>
      at.filter((step, lane) => step === 0 || (owner !== 0 && owner !== lane + 1)),
    );
    expect(unasked).toMatchObject({ paths: GATE.paths.length, probes: 0 });
    expect(asks.length).toBeGreaterThan(8);
    expect(await replayNative(GATE, { target, cores: 1 })).toEqual({
      paths: GATE.paths.length,
      steps,
      probes: asks.length,
      seconds: expect.any(Number),
    });
    expect(await replayNative(GATE, { target, cores: 2 })).toMatchObject({ steps, probes: asks.length });
  });

  it.each(TAKEN)("is found out when it takes it: %s", async (name, step, ...edits) => {
    const target = await gate(name, ...edits);
    expect((await replayNative(UNASKED, { target })).failure).toBeUndefined();
    const { failure } = await replayNative(GATE, { target });
    expect(failure).toMatchObject({ kind: "taken", step, probe: { lane: failure?.lane } });
    const path = GATE.paths[failure?.path ?? -1] ?? [];
    const [from] = GATE.edges[path[failure?.move ?? -1] ?? -1] ?? [];
    const end = GATE.edges[path.at(-1) ?? -1]?.[3];
    const [owner = 0, ...at] = (GATE.states[from ?? end ?? -1] ?? []) as number[];
    const lane = failure?.lane ?? -1;
    if (step === "Enter") expect({ at: at[lane], free: owner === 0 }).toEqual({ at: 2, free: false });
    else expect({ at: at[lane], inside: owner === lane + 1 }).toEqual({ at: 0, inside: step === "Come" });
  });

  it.each<[name: string, kind: string, message: RegExp, ...Edit[]]>([
    [
      "refuses-to-leave",
      "refused",
      /refuses a step that the specification allows/,
      ["step == LEAVE ? leave", "step == LEAVE ? QS_TARGET_REFUSED : step < 0 ? leave"],
    ],
    [
      "throws-out",
      "state",
      /not the specification's/,
      [CHECK_LEAVE, CHECK_LEAVE.replace("return", "return *owner = 0,")],
    ],
    [
      "gives-up",
      "step",
      /is at Idle, the specification has it at Enter/,
      ["hook(ENTER);", `hook(ENTER);\n${IN_VAIN}\nreturn QS_TARGET_REFUSED;`],
    ],
    [
      "changes-its-mind",
      "taken",
      /does not allow here/,
      ["hook(ENTER);", `hook(ENTER);\n${IN_VAIN}\nhook(LEAVE);`],
    ],
    ["blocks", "hang", /nothing has arrived/, ["hook(ENTER);", `hook(ENTER);\n${IN_VAIN}\npause();`]],
    ["dies", "crash", /SIGABRT/, ["hook(ENTER);", `hook(ENTER);\n${IN_VAIN}\nabort();`]],
  ])("has a verdict when it %s: %s", async (name, kind, message, ...edits) => {
    const target = await gate(name, ...edits);
    // On a busy machine an earlier move may take that long, too.
    const { failure } = await asked(
      () => replayNative(GATE, { target, hangMs: 1500 }),
      (result) => result.failure?.kind === kind && (kind !== "hang" || result.failure.probe !== undefined),
    );
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
    if (kind !== "refused") expect(failure?.probe).toBeDefined();
  });
});
