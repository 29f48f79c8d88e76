import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CHANGES,
  compileReadSides,
  SIDES,
  type Side,
  TOOLCHAINS,
  type Toolchain,
} from "../../native/js/disassembly/compile.js";
import { hotPath, payingPath, protocolOf, type Step, words } from "../../native/js/disassembly/read-side.js";
import { have, type Tool } from "../../native/js/test/command.js";
import { findTools, type Tools } from "../../spec/tlc/tools/tools.js";
import { specRoot } from "../base/root.js";
import { checkModel } from "./check.js";
import { type Counts, type Model, readSideModel, type Setting, wakeUpModel } from "./model.js";

const TIMEOUT_MS = 600_000;
const HOLDS = { verdict: "holds" } as const;
const FREED = { verdict: "violated", violates: "NoUseAfterFree" } as const;
const HANGS = { verdict: "violated", violates: "deadlock" } as const;

const ONE: Counts = { readers: 1, sections: 2, updates: 2 };
const TWO: Counts = { readers: 2, sections: 1, updates: 2 };

let folder: string;
let tools: Tools;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-compiled-"));
  tools = await findTools();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every x86-64 is tso; what arm64 may do, `weak` may. */
const setting = ({ processor }: Toolchain, side: Side): Setting => ({
  order: processor === "x64" ? "tso" : "weak",
  payer: SIDES[side].fences ? "mb" : "membarrier",
});

const usable = ({ name, compiler, objdump }: Toolchain): boolean =>
  have(`compiled readers by ${name}`, compiler[0] as Tool, objdump as Tool, "aarch64-linux-gnu-gcc");

type Changes = readonly (keyof typeof CHANGES)[];

async function compiled(toolchain: Toolchain, level: string, changes: Changes = []) {
  const where = await mkdtemp(join(folder, "side-"));
  const changed = changes.flatMap((name) => [...CHANGES[name]]);
  const sides = await compileReadSides(toolchain, [level], where, changed);
  return (side: Side, way = hotPath): readonly Step[] => protocolOf(way(sides.get(side) ?? []));
}

/** Those that announce sections. In qsbr what a reader says comes between them: spec/rcu/qsbr. */
const ANNOUNCING = (Object.keys(SIDES) as Side[]).filter((side) => !SIDES[side].quiescent);

/** Programs that differ in their looks alone are the same without. */
const known = new Map<string, number>();

async function decided(model: Model, expected: typeof HOLDS | typeof FREED | typeof HANGS): Promise<number> {
  const key = JSON.stringify([model, expected]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const { asDeclared, reason, states } = await checkModel(model, expected, {
    tools,
    spec: specRoot,
    timeoutMs: TIMEOUT_MS,
  });
  expect({ asDeclared, reason, program: model.module }).toMatchObject({ asDeclared: true });
  known.set(key, states);
  return states;
}

/** What compilers have made, each program once, with everybody who has made it. */
async function programs(toolchains: readonly Toolchain[]) {
  const found = new Map<string, { steps: readonly Step[]; setting: Setting; by: string[] }>();
  for (const toolchain of toolchains) {
    for (const level of ["-O2", "-O3"]) {
      const steps = await compiled(toolchain, level);
      const add = (program: readonly Step[], set: Setting, name: string): void => {
        const key = JSON.stringify([set, words(program)]);
        const entry = found.get(key) ?? { steps: program, setting: set, by: [] };
        entry.by.push(`${toolchain.name} ${level} ${name}`);
        found.set(key, entry);
      };
      for (const side of ANNOUNCING) add(steps(side), setting(toolchain, side), side);
      const pays = { ...setting(toolchain, "shared"), payer: "mb" } as const;
      add(steps("shared", payingPath), pays, "shared, paying with fences");
    }
  }
  return [...found.values()];
}

describe("the reader as compiled, on the machine", () => {
  const here = TOOLCHAINS.filter(usable);

  it.skipIf(here.length === 0)(
    "never uses a freed cell, and wakes the updater that waits for it",
    async () => {
      const all = await programs(here);
      expect(all.flatMap(({ by }) => by)).toHaveLength(here.length * 2 * (ANNOUNCING.length + 1));
      for (const { steps, setting: set, by } of all) {
        const one = await decided(readSideModel(steps, set, ONE), HOLDS);
        const two = await decided(readSideModel(steps, set, TWO, false), HOLDS);
        const wake = await decided(wakeUpModel(steps, set), HOLDS);
        process.stderr.write(
          `${set.order}, ${set.payer}: ${words(steps).join("; ")}\n  holds (${one}, ${two}, ${wake} states), as made by ${by.join(", ")}\n`,
        );
      }
    },
  );
});

/** Programs as compilers make them of changed headers, or might. */
describe("a reader that lacks a letter", () => {
  const of = (processor: string): Toolchain[] =>
    TOOLCHAINS.filter((one) => one.processor === processor).filter(usable);
  const [x64, arm64] = [of("x64"), of("arm64")];

  it.skipIf(arm64.length === 0)("B, as compiled for arm64, uses a freed cell", async () => {
    for (const toolchain of arm64) {
      const steps = (await compiled(toolchain, "-O2", ["release"]))("membarrier");
      expect(words(steps)).toContain("announced <- 0");
      await decided(readSideModel(steps, setting(toolchain, "membarrier"), ONE), FREED);
    }
  });

  it.skipIf(x64.length === 0)(
    "A and C, as compiled in the flavour mb, uses a freed cell and loses a wake-up",
    async () => {
      for (const toolchain of x64) {
        const steps = (await compiled(toolchain, "-O2", ["fences"]))("mb");
        await decided(readSideModel(steps, setting(toolchain, "mb"), ONE), FREED);
        await decided(wakeUpModel(steps, setting(toolchain, "mb")), HANGS);
      }
    },
  );

  it.skipIf(arm64.length === 0)(
    "A and C, as compiled from plain accesses for arm64, uses a freed cell",
    async () => {
      for (const toolchain of arm64) {
        const steps = (await compiled(toolchain, "-O2", ["atomics", "barriers"]))("enter");
        if (words(steps)[0] !== "load head") continue; // this compiler has left it where it was
        await decided(readSideModel(steps, setting(toolchain, "enter"), ONE), FREED);
      }
    },
  );

  /** The steps with two of them in each other's place. */
  const swapped = (steps: readonly Step[], one: string, other: string): Step[] => {
    const [i, j] = [one, other].map((text) =>
      steps.findLastIndex((step) => words([step])[0]?.replace(/ \(.*/, "") === text),
    ) as [number, number];
    expect(Math.min(i, j)).toBeGreaterThanOrEqual(0);
    return steps.map((step, at) => steps[at === i ? j : at === j ? i : at] ?? step);
  };

  it.skipIf(x64.length === 0)("A, as a compiler might then order it, uses a freed cell", async () => {
    const [toolchain] = x64 as [Toolchain];
    const steps = swapped((await compiled(toolchain, "-O2"))("membarrier"), "announced <- gp", "load head");
    await decided(readSideModel(steps, setting(toolchain, "membarrier"), ONE), FREED);
  });

  it.skipIf(x64.length === 0)("C, as a compiler might then order it, loses a wake-up", async () => {
    const [toolchain] = x64 as [Toolchain];
    const steps = swapped((await compiled(toolchain, "-O2"))("enter"), "announced <- 0", "load notice");
    await decided(wakeUpModel(steps, setting(toolchain, "enter")), HANGS);
  });

  it("B, as a compiler might then order it, uses a freed cell", async () => {
    const plain: Step[] = [
      { is: "load", role: "gp", mode: "plain" },
      { is: "store", role: "announced", mode: "plain", value: "gp" },
      { is: "load", role: "head", mode: "plain" },
      { is: "store", role: "announced", mode: "plain", value: 0 },
      { is: "load", role: "cell", mode: "plain" },
    ];
    await decided(readSideModel(plain, { order: "tso", payer: "membarrier" }, ONE), FREED);
  });
});

describe("a step that the machine has no instruction for", () => {
  it.each([
    [{ is: "call", callee: "f" } as const, "calls f"],
    [{ is: "locked" } as const, "locked"],
    [{ is: "store", role: "notice", mode: "plain", value: 1 } as const, undefined],
    [{ is: "store", role: "cell", mode: "plain", value: 1 } as const, "stores to cell"],
  ])("is refused: %o", (step, message) => {
    const make = () => readSideModel([step], { order: "tso", payer: "mb" }, ONE);
    if (message === undefined) expect(make).not.toThrow();
    else expect(make).toThrow(message);
  });
});
