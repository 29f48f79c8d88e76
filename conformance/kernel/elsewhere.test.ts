import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STRICT } from "../../native/js/compiler.js";
import { have, must, type Tool } from "../../native/js/test/command.js";
import { singleFile } from "./emit.js";
import { runKernelProgram } from "./run.js";

let folder: string;
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-kernel-"));
  source = join(folder, "quiesce-kernel.c");
  await writeFile(source, singleFile());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Of the library's headers, the program uses some functions only. */
const OPTIONS = [...STRICT, "-Wno-unused-function", "-O2", "-static", "-pthread"];

describe("the program as one C file needs nothing but a C library", () => {
  it.each<Tool>(["gcc", "clang", "musl-gcc"])("of %s", async (cc) => {
    if (!have("the program as one file", cc)) return;
    const program = join(folder, cc);
    await must([cc, ...OPTIONS, source, "-o", program]);
    const { report } = await runKernelProgram(program, { options: ["--no-ordering"] });
    expect(["conforms", "unavailable"]).toContain(report.verdict);
  });

  /**
   * qemu's user mode (7.2) hands command and flags to the kernel below, so the answers are that kernel's; but not the
   * number of a CPU: a third argument is what a register happens to hold. It cannot clone with CLONE_VM alone, takes vfork
   * for fork, and an exec has to go through it again. Its calls take so long that no test of order is certain.
   */
  it("on arm64, under an emulation that says what it cannot do", async () => {
    const cc = "aarch64-linux-gnu-gcc";
    if (!have("the program on arm64", cc, "qemu-aarch64")) return;
    const program = join(folder, "arm64");
    await must([cc, ...OPTIONS, source, "-o", program]);
    const emulated = async (...options: string[]) =>
      (await runKernelProgram(program, { through: ["qemu-aarch64"], options: ["--no-ordering", ...options] }))
        .report;
    const plain = await emulated();
    if (plain.verdict === "unavailable") return;
    expect(plain).toMatchObject({ verdict: "inconclusive", differences: [] });
    const reasons = plain.undecided.map(({ why }) =>
      /: 1: (\w+)[^(]*(?:\(CLONE_VM\)[^(]*)?\((\w+)\)$/.exec(why),
    );
    const said = new Set(reasons.map((match) => `${match?.[1]} ${match?.[2]}`));
    expect(said).toContain("clone EINVAL");
    expect(said).toContain("exec ENOEXEC");
    // Through the emulation again, exec works, and one task alone takes all of its edges.
    const [qemu = ""] = (await must(["sh", "-c", "command -v qemu-aarch64"])).trim().split("\n");
    const through = await emulated("--through", qemu);
    expect(through.undecided.filter(({ why }) => why.includes("exec"))).toEqual([]);
    const alone = through.walked.find(({ claim }) => claim.endsWith("Api-walk"));
    expect(alone?.taken).toBe(alone?.edges);
  });
});
