import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { SOURCES } from "../../native/js/root.js";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { KERNEL_SOURCES } from "./program.js";

const HEAD = `/* SPDX-License-Identifier: MIT */
/*
 * Does this kernel's membarrier() do what its specification says? Needs nothing but a C library, of C11:
 *
 *     cc -O2 -static -pthread quiesce-kernel.c -o quiesce-kernel && ./quiesce-kernel
 *
 * Made by \`quiesce kernel --emit\` from native/kernel, whose files follow one after another.
 */
#define _GNU_SOURCE
`;

/** Where a quoted #include is looked for: beside its file, then in these folders below native/. */
const INCLUDE = ["include", "src"] as const;

/** The whole program as one C file, for a machine without anything of this repository. */
export function singleFile(): string {
  const done = new Set<string>();
  const parts = KERNEL_SOURCES.map((path) => inlined(path, done));
  return [HEAD, ...parts].join("\n");
}

/** A file with its own headers in the place of their #include, each once. */
function inlined(path: string, done: Set<string>): string {
  done.add(path);
  const lines = readFileSync(join(SOURCES, path), "utf8").split("\n");
  const body = lines.flatMap((line) => {
    if (line === "#define _GNU_SOURCE") return [];
    const header = /^#\s*include "([^"]+)"/.exec(line)?.[1];
    if (header === undefined) return [line];
    const found = find(header, path);
    return done.has(found) ? [] : [inlined(found, done)];
  });
  return [`/* ---- native/${path} ---- */`, ...body].join("\n");
}

function find(header: string, from: string): string {
  for (const folder of [dirname(from), ...INCLUDE]) {
    const path = posix.normalize(posix.join(folder, header));
    try {
      readFileSync(join(SOURCES, path));
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new BadInputError(`there is no header "${header}"`, { where: `native/${from}` });
}
