import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../compiler.js";

/** Programs that tests use beside the C compiler, and what Debian calls the package of each. */
const PACKAGES = {
  gcc: "gcc",
  "g++": "g++",
  clang: "clang",
  "clang++": "clang",
  cmake: "cmake",
  ninja: "ninja-build",
  make: "make",
  "pkg-config": "pkg-config",
  "musl-gcc": "musl-tools",
  nm: "binutils",
  readelf: "binutils",
  objdump: "binutils",
  "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu",
  "aarch64-linux-gnu-objdump": "binutils-aarch64-linux-gnu",
  "riscv64-linux-gnu-gcc": "gcc-riscv64-linux-gnu",
  "powerpc64le-linux-gnu-gcc": "gcc-powerpc64le-linux-gnu",
  "qemu-aarch64": "qemu-user",
  "qemu-riscv64": "qemu-user",
  "qemu-ppc64le": "qemu-user",
  groff: "groff-base",
  valgrind: "valgrind",
} as const;

export type Tool = keyof typeof PACKAGES;

const isThere = (name: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/**
 * Whether a test can run. Where a program is missing it is skipped, which is said with the command that installs it; in
 * CI that is an error.
 *
 * @param what the test, for the message
 */
export function have(what: string, ...tools: readonly Tool[]): boolean {
  const missing = tools.filter((name) => !isThere(name));
  if (missing.length === 0) return true;
  const packages = [...new Set(missing.map((name) => PACKAGES[name]))].join(" ");
  const message = `${what}: skipped, for want of ${missing.join(", ")}. Debian: apt-get install ${packages}`;
  if (process.env["CI"] === "true") throw new Error(message);
  process.stderr.write(`${message}\n`);
  return false;
}

/** Runs a command that must succeed, and returns what it wrote to its output. */
export async function must(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, signal, stdout, stderr } = await run(command, undefined, { ...process.env, ...env });
  if (code === 0) return stdout;
  throw new Error(`${command.join(" ")}\nended with ${signal ?? code}\n${stdout}\n${stderr}`);
}
