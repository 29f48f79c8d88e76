import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { have, type Tool } from "../test/command.js";
import { CHANGES, compileReadSides, SIDES, type Side, TOOLCHAINS, type Toolchain } from "./compile.js";
import { hotPath, wrongWith } from "./read-side.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-disassembly-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const usable = ({ name, compiler, objdump }: Toolchain): boolean =>
  have(
    `the read side by ${name}`,
    compiler[0] as Tool,
    objdump as Tool,
    ...(name === "clang, arm64" ? ARM : []),
  );
/** clang has no C library of its own for another processor. */
const ARM = ["aarch64-linux-gnu-gcc"] as const;

const names = Object.keys(SIDES) as Side[];
const FREE = names.filter((side) => !SIDES[side].fences);
type Changes = readonly (keyof typeof CHANGES)[];

/** What is wrong with each side as compiled from changed headers; sides without faults are left out. */
async function faults(toolchain: Toolchain, options: readonly string[], changes: Changes = []) {
  const changed = changes.flatMap((name) => [...CHANGES[name]]);
  const where = await mkdtemp(join(folder, "side-"));
  const sides = await compileReadSides(toolchain, options, where, changed);
  const found = names.map(
    (side) => [side, wrongWith(sides.get(side) ?? [], SIDES[side], toolchain.processor)] as const,
  );
  return { sides, faults: new Map(found.filter(([, wrong]) => wrong.length > 0)) };
}

describe.each(TOOLCHAINS)("what $name makes of the inlined read side", (toolchain) => {
  const here = usable(toolchain);

  it.skipIf(!here).each(["-O2", "-O3"])(
    "keeps the specification's order with %s, on every way through",
    async (level) => {
      const { sides, faults: wrong } = await faults(toolchain, [level]);
      expect(wrong).toEqual(new Map());
      for (const side of FREE) {
        const kinds = hotPath(sides.get(side) ?? []).map(({ is }) => is);
        for (const costly of ["fence", "locked", "call"]) expect(kinds, side).not.toContain(costly);
      }
    },
  );

  it.skipIf(!here)("is held in order by A and C where the accesses are plain", async () => {
    const { faults: wrong } = await faults(toolchain, ["-O2"], ["atomics"]);
    // Without atomics there is no release either; all else stands where it stood.
    const announcing = [...wrong].filter(([side]) => !SIDES[side].quiescent);
    const others = announcing.flatMap(([, faults]) => faults).filter((fault) => !/^missing/.test(fault));
    for (const fault of others)
      expect(fault).toMatch(/load gp; announced <- gp;.*load head; load cell; announced <- 0;.*load notice/);
  });

  it.skipIf(!here)("has the fences where readers pay, and is noticed without them", async () => {
    const { faults: wrong } = await faults(toolchain, ["-O2"], ["fences"]);
    expect([...wrong.keys()]).toEqual(["any", "mb", "local", "shared", "qsbr"]);
  });

  it.skipIf(!here || toolchain.processor === "x64")("is noticed with a relaxed unlock", async () => {
    const { faults: wrong } = await faults(toolchain, ["-O2"], ["release"]);
    expect([...wrong.keys()]).toEqual(names);
  });
});

describe("without A's and C's barriers", () => {
  const here = TOOLCHAINS.filter(usable);

  it.skipIf(here.length < TOOLCHAINS.length)(
    "some compiler moves plain accesses, and that is noticed",
    async () => {
      const moved: string[] = [];
      for (const toolchain of here) {
        const { sides } = await faults(toolchain, ["-O2"], ["atomics", "barriers"]);
        const { sides: held } = await faults(toolchain, ["-O2"], ["atomics"]);
        const order = (of: typeof sides): string => JSON.stringify(hotPath(of.get("enter") ?? []));
        if (order(sides) !== order(held)) moved.push(toolchain.name);
      }
      process.stderr.write(`without A and C, plain accesses are moved by: ${moved.join("; ")}\n`);
      expect(moved).not.toEqual([]);
    },
  );

  it.skipIf(here.length < TOOLCHAINS.length)(
    "no compiler moves atomics today: the code is the same",
    async () => {
      for (const toolchain of here)
        expect((await faults(toolchain, ["-O2"], ["barriers"])).faults, toolchain.name).toEqual(new Map());
    },
  );
});
