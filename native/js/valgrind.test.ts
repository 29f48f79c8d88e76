import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { build } from "./artifact.js";
import { run } from "./compiler.js";
import { SOURCES } from "./root.js";
import { have } from "./test/command.js";
import { type ProgramName, partsOf, readTap } from "./test/program.js";

const here = have("memcheck", "valgrind");

/** Threads take turns under it, so that one that spins doesn't keep the others from running. */
const MEMCHECK = [
  "valgrind",
  "-q",
  "--fair-sched=yes",
  "--leak-check=full",
  "--show-leak-kinds=definite",
  "--errors-for-leak-kinds=definite",
  "--error-exitcode=9",
  `--suppressions=${join(SOURCES, "test", "valgrind.supp")}`,
] as const;

/** A program of native/test under memcheck; `change` replaces a text of one of the library's sources. */
async function memcheck(
  program: ProgramName,
  change?: { readonly file: string; readonly text: string; readonly become: string },
) {
  const { sources, options } = partsOf(program);
  const changed = new Map<string, string>();
  if (change !== undefined) {
    const text = await readFile(join(SOURCES, change.file), "utf8");
    expect(text.split(change.text)).toHaveLength(2);
    changed.set(change.file, text.replace(change.text, change.become));
  }
  const name = `memcheck-${program}${change === undefined ? "" : "-broken"}`;
  const file = await build({
    name,
    ending: "",
    sources,
    // Some compilers see the same as memcheck, and would refuse it.
    options: ["-O1", "-g", "-Wno-unknown-warning-option", "-Wno-use-after-free", ...options],
    changed,
  });
  const [valgrind, ...rest] = MEMCHECK;
  return readTap(await run([valgrind, ...rest, file]));
}

// Not those that end in signals, or whose point is how many threads do something at once: memcheck runs one at a time.
describe.skipIf(!here)("under memcheck", () => {
  it.each(["library", "structures", "flavours"] as const)(
    "%s touches nothing that it shouldn't, and leaves nothing behind",
    async (program) => {
      const report = await memcheck(program);
      expect(report).toMatchObject({ code: 0, failed: [], stderr: "" });
      expect(report.passed.length).toBeGreaterThan(4);
    },
  );

  it("sees what is never freed", async () => {
    const report = await memcheck("structures", {
      file: "src/hash.c",
      text: "\tfree(buckets->bucket);\n\tfree(buckets);\n}",
      become: "\tfree(buckets);\n}",
    });
    expect(report).toMatchObject({ code: 9, failed: [] });
    expect(report.stderr).toMatch(/are definitely lost/);
  });

  it("sees what is used after it was freed", async () => {
    const report = await memcheck("structures", {
      file: "src/hash.c",
      text: "\tfree(buckets->bucket);\n\tfree(buckets);\n}",
      become: "\tfree(buckets);\n\tfree(buckets->bucket);\n}",
    });
    expect(report).toMatchObject({ code: 9, failed: [] });
    expect(report.stderr).toMatch(/Invalid read/);
  });
});
