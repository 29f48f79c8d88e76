import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../../spec/tlc/base/folders.js";
import { sourceTexts } from "../artifact.js";
import { run } from "../compiler.js";
import { CompileError } from "../errors.js";
import { parseObjdump } from "./objdump.js";
import { OFFSETS, SHARED_OFFSETS, type Shape, SLOT_OFFSETS, type Step, stepsOf } from "./read-side.js";
import { type Processor, pathsThrough } from "./walk.js";

/** A compiler for one of the processors, and how its objects are shown. */
export interface Toolchain {
  readonly name: string;
  readonly processor: Processor;
  readonly compiler: readonly [string, ...string[]];
  readonly objdump: string;
}

const ARM_CLANG = [
  "clang",
  "--target=aarch64-linux-gnu",
  "-isystem",
  "/usr/aarch64-linux-gnu/include",
] as const;

export const TOOLCHAINS: readonly Toolchain[] = [
  { name: "gcc, x86-64", processor: "x64", compiler: ["gcc"], objdump: "objdump" },
  { name: "clang, x86-64", processor: "x64", compiler: ["clang"], objdump: "objdump" },
  {
    name: "gcc, arm64",
    processor: "arm64",
    compiler: ["aarch64-linux-gnu-gcc"],
    objdump: "aarch64-linux-gnu-objdump",
  },
  { name: "clang, arm64", processor: "arm64", compiler: ARM_CLANG, objdump: "aarch64-linux-gnu-objdump" },
];

/** The read sides that a user can inline: what is called to enter and to leave. */
export const SIDES: Readonly<
  Record<Side, Shape & { readonly enter: string; readonly leave: string; readonly reader?: string }>
> = {
  any: {
    enter: "qs_token token = qs_read_lock(reader)",
    leave: "qs_read_unlock(token)",
    ...{ nests: true, fences: false, asks: true, layout: "private" },
  },
  membarrier: {
    enter: "qs_token token = qs_membarrier_read_lock(reader)",
    leave: "qs_membarrier_read_unlock(token)",
    ...{ nests: true, fences: false, asks: false, layout: "private" },
  },
  membarrier_in: {
    enter: "qs_token token = qs_membarrier_read_lock_in(&domain, reader)",
    leave: "qs_membarrier_read_unlock(token)",
    ...{ nests: true, fences: false, asks: false, layout: "private" },
  },
  enter: {
    enter: "qs_membarrier_enter(reader)",
    leave: "qs_membarrier_leave(reader)",
    ...{ nests: false, fences: false, asks: false, layout: "private" },
  },
  enter_in: {
    enter: "qs_membarrier_enter_in(&domain, reader)",
    leave: "qs_membarrier_leave(reader)",
    ...{ nests: false, fences: false, asks: false, layout: "private" },
  },
  mb: {
    enter: "qs_token token = qs_mb_read_lock(reader)",
    leave: "qs_mb_read_unlock(token)",
    ...{ nests: true, fences: true, asks: false, layout: "private" },
  },
  local: {
    enter: "(void)reader; qs_token token = qs_local_read_lock()",
    leave: "qs_local_read_unlock(token)",
    ...{ nests: true, fences: false, asks: true, layout: "local" },
  },
  shared: {
    enter: "qs_shared_token token = qs_shared_read_lock(reader)",
    leave: "qs_shared_read_unlock(reader, token)",
    reader: "qs_shared_reader",
    ...{ nests: true, fences: false, asks: true, layout: "shared" },
  },
  qsbr: {
    enter: "qs_qsbr_read_lock(reader)",
    leave: "qs_qsbr_read_unlock(reader); qs_qsbr_quiescent_state(reader)",
    ...{ nests: false, fences: false, asks: false, layout: "private", quiescent: true },
  },
};

/** `any` finds the flavour out at run time; those that end in _in know the domain's address. */
export type Side =
  | "any"
  | "membarrier"
  | "membarrier_in"
  | "enter"
  | "enter_in"
  | "mb"
  | "local"
  | "shared"
  | "qsbr";

/** Calls that a way through is not followed beyond: what comes then is the code that it would have come to anyway. */
const FOLLOWED_NO_FURTHER = new Set(["qs_local_first"]);

/** A section of each side: a pointer is read, and a plain word of what it points to. */
export function userSource(): string {
  const asserts = Object.entries({
    qs_reader: OFFSETS,
    qs_shared_reader: SHARED_OFFSETS,
    qs_shared_slot: SLOT_OFFSETS,
  }).flatMap(([struct, offsets]) =>
    Object.entries(offsets).map(
      ([field, offset]) => `QS_STATIC_ASSERT(offsetof(struct ${struct}, ${field}) == ${offset}, "${field}");`,
    ),
  );
  const functions = Object.entries(SIDES).map(
    ([name, { enter, leave, reader = "qs_reader" }]) => `
long ${name}(struct ${reader} *reader, qs_atomic(struct cell *) *head);
long ${name}(struct ${reader} *reader, qs_atomic(struct cell *) *head)
{
	${enter};
	long value = qs_dereference(head)->value;
	${leave};
	return value;
}`,
  );
  return `#include "quiesce/local.h"
#include "quiesce/mb.h"
#include "quiesce/membarrier.h"
#include "quiesce/qsbr.h"
#include "quiesce/shared.h"
struct cell {
	long value;
};
extern struct qs_domain domain;
${asserts.join("\n")}
QS_STATIC_ASSERT(offsetof(struct qs_domain, gp) == 0, "gp");
${functions.join("\n")}
`;
}

/** A change of the headers: a text of one of them, and what stands in its place. */
export interface Change {
  readonly file: string;
  readonly text: string;
  readonly become: string;
}

/** The headers, changed, in a folder. Throws when a text is not there. */
async function writeHeaders(folder: string, changes: readonly Change[]): Promise<string> {
  const include = join(folder, "include");
  makeFolder(join(include, "quiesce"));
  const texts = await sourceTexts();
  for (const { file, text, become } of changes) {
    const path = `include/quiesce/${file}`;
    const old = texts.get(path) ?? "";
    if (!old.includes(text)) throw new CompileError(`${path} lacks the text that is to be changed: ${text}`);
    texts.set(path, old.replaceAll(text, become));
  }
  for (const [path, text] of texts)
    if (path.startsWith("include/")) await writeFile(join(folder, path), text);
  return include;
}

/** Changes that take an ordering away, by what they take: the letter's row of a mutant, and its like. */
export const CHANGES = {
  /** A and C hold the compiler no more. */
  barriers: [
    {
      file: "letters.h",
      text: "qs_full_fence();\n\tqs_compiler_barrier();",
      become: "qs_full_fence();",
    },
  ],
  /** The accesses are no atomics, so that the compiler may do with them as it likes. */
  atomics: [
    {
      file: "atomic.h",
      text: "QS_STD(atomic_load_explicit)((address), QS_ORDER(order))",
      become: "(*(__typeof__(((void)0, *(address))) *)(void *)(address))",
    },
    {
      file: "atomic.h",
      text: "QS_STD(atomic_store_explicit)((address), (value), QS_ORDER(order))",
      become: "(void)(*(__typeof__(((void)0, *(address))) *)(void *)(address) = (value))",
    },
  ],
  /** B is a relaxed store. */
  release: [
    {
      file: "letters.h",
      text: "qs_store_release(announced, value)",
      become: "qs_store_relaxed(announced, value)",
    },
  ],
  /** A and C are no full fences where readers pay for themselves. */
  fences: [{ file: "letters.h", text: "qs_full_fence();", become: ";" }],
} as const satisfies Record<string, readonly Change[]>;

async function succeed(command: readonly [string, ...string[]]): Promise<string> {
  const { code, stdout, stderr } = await run(command);
  if (code !== 0) throw new CompileError(`${command.join(" ")} ended with ${code}`, { hint: stderr });
  return stdout;
}

/**
 * Compiles a section of each read side and reads it back.
 *
 * @param folder for what is written meanwhile
 * @returns for each side, what every way through it does
 */
export async function compileReadSides(
  { processor, compiler, objdump }: Toolchain,
  options: readonly string[],
  folder: string,
  changes: readonly Change[] = [],
): Promise<Map<Side, Step[][]>> {
  const include = await writeHeaders(folder, changes);
  const source = join(folder, "user.c");
  const object = join(folder, "user.o");
  await writeFile(source, userSource());
  // Not position-independent, and without frames: what a program would inline.
  const fixed = ["-std=c11", "-fno-pic", "-fomit-frame-pointer", `-I${include}`];
  await succeed([...compiler, ...fixed, ...options, "-c", source, "-o", object]);
  const intel = processor === "x64" ? ["-M", "intel"] : [];
  const functions = parseObjdump(await succeed([objdump, "-dr", "--no-show-raw-insn", ...intel, object]));
  const sides = Object.keys(SIDES) as Side[];
  return new Map(
    sides.map((side) => [
      side,
      pathsThrough(functions.get(side) ?? [], processor, ["reader", "head"], FOLLOWED_NO_FURTHER).map(
        (events) => stepsOf(events, SIDES[side].layout),
      ),
    ]),
  );
}
