import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../spec/tlc/base/folders.js";
import type { BuildOptions } from "./artifact.js";
import type { Command } from "./bench-figures.js";
import { run } from "./compiler.js";
import { CompileError } from "./errors.js";
import { OUTPUT, SOURCES } from "./root.js";

/** Libraries in Rust that are measured beside ours: native/bench/rust. */
export const CRATES = ["crossbeam-epoch", "seize"] as const;

export type Crate = (typeof CRATES)[number];

/** The programs of native/bench that the one in Rust has, too. */
export const RUST_PROGRAMS: ReadonlySet<string> = new Set(["read_pair", "readers", "deferral"]);

const FOLDER = join(SOURCES, "bench", "rust");
const TARGET = join(OUTPUT, "bench-rust");
const PROGRAM = join(TARGET, "release", "quiesce-bench");
/** What the program was built from. */
const STAMP = join(TARGET, "built-from");

/** The measuring program in Rust for a library in Rust. */
export function rustCommand(crate: Crate, program: string): Command {
  return [PROGRAM, crate, program];
}

async function sources(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["Cargo.toml", "src/main.rs"]) hash.update(await readFile(join(FOLDER, name)));
  return hash.digest("hex");
}

/** Whether the program has been built from the sources as they are. */
export async function rustIsBuilt(): Promise<boolean> {
  return existsSync(PROGRAM) && (await readFile(STAMP, "utf8").catch(() => "")) === (await sources());
}

/**
 * Builds the program in Rust unless that is done. The first time, cargo downloads the libraries.
 *
 * @returns false where there is no cargo
 * @throws CompileError with what cargo says; Interrupted
 */
export async function buildRust({ signal, onBuild }: BuildOptions = {}): Promise<boolean> {
  if (await rustIsBuilt()) return true;
  const version = await run(["cargo", "--version"], signal).catch(() => undefined);
  signal?.throwIfAborted();
  if (version?.code !== 0) return false;
  onBuild?.("bench-rust, with cargo");
  makeFolder(TARGET);
  const built = await run(
    [
      "cargo",
      "build",
      "--release",
      "--quiet",
      "--manifest-path",
      join(FOLDER, "Cargo.toml"),
      "--target-dir",
      TARGET,
    ],
    signal,
  );
  if (built.code !== 0) {
    throw new CompileError("the measuring program in Rust can't be built by cargo", {
      where: FOLDER,
      hint: `${built.stderr.trim()}\nWithout --rust, everything else is measured.`,
    });
  }
  await writeFile(STAMP, await sources());
  return true;
}
