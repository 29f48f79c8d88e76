import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIBRARY } from "./build.js";
import { run, STRICT } from "./compiler.js";
import { SOURCES } from "./root.js";
import { have, must, type Tool } from "./test/command.js";
import { type Flavour, type ProgramName, partsOf, readTap } from "./test/program.js";

/**
 * Processors that the library is built for and run on an emulation of: never on silicon. qemu's user mode runs threads
 * of the guest as threads of the host, so on x86-64 it shows nothing of a weaker memory order; that is what the claims
 * are for.
 */
const PROCESSORS: readonly { name: string; cc: Tool; qemu: Tool; root: string }[] = [
  { name: "arm64", cc: "aarch64-linux-gnu-gcc", qemu: "qemu-aarch64", root: "/usr/aarch64-linux-gnu" },
  { name: "riscv64", cc: "riscv64-linux-gnu-gcc", qemu: "qemu-riscv64", root: "/usr/riscv64-linux-gnu" },
  {
    name: "ppc64le",
    cc: "powerpc64le-linux-gnu-gcc",
    qemu: "qemu-ppc64le",
    root: "/usr/powerpc64le-linux-gnu",
  },
];

/**
 * Of native/test. Not here: `refused`, since qemu's user mode has no seccomp filters; `kills` and `shared`, since it
 * refuses set_robust_list (ENOSYS) and the mremap() that maps a domain again; and `counts`, which wraps system calls.
 */
const PROGRAMS: readonly (readonly [ProgramName, Flavour])[] = [
  ["library", "membarrier"],
  ["library", "global"],
  ["library", "mb"],
  ["accesses", "membarrier"],
  ["races", "membarrier"],
  ["flavours", "membarrier"],
  ["checked", "membarrier"],
  ["structures", "membarrier"],
  ["deferral", "membarrier"],
];

/**
 * A child of a process with threads that starts a thread itself ends with this assertion of qemu's own (seen with 7.2),
 * whatever the thread does. Tests that need it can't pass there.
 */
const FAULT_OF_QEMU = "qemu_plugin_vcpu_init_hook: assertion failed";
const NEED_A_THREAD_IN_A_CHILD = /in a child|a fork while workers/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-cross-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(PROCESSORS)("the library for $name, untested on silicon", ({ name, cc, qemu, root }) => {
  const here = have(`the library for ${name}`, cc, qemu);

  const include = [`-I${join(SOURCES, "include")}`, `-I${join(SOURCES, "src")}`];
  const compile = (options: readonly string[], files: readonly string[], out: string) =>
    must([cc, ...STRICT, "-O2", "-pthread", ...include, ...options, ...files, "-o", out]);

  /** The library's objects, by the options that they are compiled with: each is wanted by several programs. */
  const libraries = new Map<string, Promise<string[]>>();
  const library = (options: readonly string[]): Promise<string[]> => {
    const key = options.join(" ");
    const known = libraries.get(key) ?? objectsOf(options);
    libraries.set(key, known);
    return known;
  };
  const objectsOf = async (options: readonly string[]): Promise<string[]> => {
    const place = await mkdtemp(join(folder, `${name}-`));
    const objects: string[] = [];
    for (const path of LIBRARY) {
      const object = join(place, `${basename(path)}.o`);
      await compile(["-c", ...options], [join(SOURCES, path)], object);
      objects.push(object);
    }
    return objects;
  };

  /** Compiles and runs it. */
  const emulate = async (what: string, sources: readonly string[], options: readonly string[]) => {
    const program = join(folder, `${name}-${what}`);
    // What programs of native/test define for themselves is nothing to the library.
    const objects = await library(options.filter((option) => !option.startsWith("-DTEST_")));
    const own = sources.filter((path) => !LIBRARY.includes(path)).map((path) => join(SOURCES, path));
    await compile(options, [...own, ...objects], program);
    return run([qemu, "-L", root, program]);
  };

  it.skipIf(!here)("is built, and passes its smoke test under emulation", async () => {
    const result = await emulate("smoke", [...LIBRARY, "test/smoke.c"], []);
    const report = readTap(result);
    expect(report).toMatchObject({ code: 0, stderr: "" });
    expect(report.passed).toHaveLength(7);
    // Where the emulation lacks membarrier the domain says that readers pay, and is right by that.
    const answer = Number(/# membarrier answers (-?\d+)/.exec(result.stdout)?.[1]);
    const flavour = /# the flavour is (\w+)/.exec(result.stdout)?.[1];
    expect(flavour).toBe(answer < 0 ? "mb" : "membarrier");
    process.stderr.write(`${name}: ${qemu} answers ${answer} to membarrier, so the flavour is ${flavour}\n`);
  });

  it.skipIf(!here).each(PROGRAMS)("passes the tests of %s in the flavour %s", async (program, flavour) => {
    const { sources, options } = partsOf(program, { flavour });
    const result = await emulate(`${program}-${flavour}`, sources, options);
    const { code, passed, failed } = readTap(result);
    const tests = failed.filter((line) => !line.startsWith("# "));
    const excused = result.stderr.includes(FAULT_OF_QEMU)
      ? tests.filter((test) => NEED_A_THREAD_IN_A_CHILD.test(test))
      : [];
    if (excused.length > 0)
      process.stderr.write(`${name}: a fault of ${qemu} keeps from passing: ${excused.join("; ")}\n`);
    expect(tests).toEqual(excused);
    expect(code).toBe(tests.length === 0 ? 0 : 1);
    expect(passed.length).toBeGreaterThan(1);
  });
});
