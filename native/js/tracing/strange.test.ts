import { describe, expect, it } from "vitest";
import { run } from "../compiler.js";
import { buildController } from "./controller.js";
import { buildTracedProgram } from "./strange.fixture.js";
import { ALL_ON, babeltrace, fresh, hasBabeltrace, Running, told } from "./trace.fixture.js";

const [controller, strange] = await Promise.all([buildController(), buildTracedProgram("strange")]);
const isRoot = process.getuid?.() === 0;
const hasValgrind = await run(["valgrind", "--version"]).then(
  ({ code }) => code === 0,
  () => false,
);

/** Ways, with how many hits there are that a recording has or counts as lost; children that can't open have none. */
const WAYS: readonly { readonly way: string; readonly hits: number; readonly asRoot?: boolean }[] = [
  { way: "daemon", hits: 110 },
  { way: "closefrom", hits: 120 },
  { way: "chroot", hits: 110, asRoot: true },
  { way: "setuid", hits: 140, asRoot: true },
  { way: "signals", hits: 120 },
  { way: "vfork", hits: 111 },
  { way: "spawn", hits: 110 },
  // More than there are rings, twice.
  { way: "threads 500", hits: 5010 },
];

/** Its exit code, what it said, and how many of its hits a recording has or counts. */
async function live(words: readonly string[]): Promise<{ code: number | null; said: string; hits: number }> {
  const [directory, out] = [fresh(), fresh()];
  await told([controller, "apply", directory], ALL_ON);
  const program = new Running(words, { QUIESCE_TRACE_DIR: directory });
  const code = await program.ended();
  const { stdout } = await told([controller, "record", directory, out, "--duration", "0"]);
  expect(stdout).toContain('"damaged":0');
  const { lines, lost, complaints } = await babeltrace(out);
  expect(complaints).toEqual([]);
  const all = [...lost.values()].reduce((sum, count) => sum + count, lines.length);
  return { code, said: program.stdout + program.stderr, hits: all };
}

describe.runIf(await hasBabeltrace())("a program that is traced is not harmed", () => {
  it.each(WAYS.filter(({ asRoot }) => isRoot || asRoot !== true))("by $way", async ({ way, hits }) => {
    expect(await live([strange, ...way.split(" ")])).toEqual({ code: 7, said: "as it was\n", hits });
  });

  it.runIf(hasValgrind)("nor in valgrind, which can't map what is mapped", async () => {
    const words = ["valgrind", "-q", "--error-exitcode=9", strange, "spawn"];
    expect(await live(words)).toEqual({ code: 7, said: "as it was\n", hits: 110 });
  });
});
