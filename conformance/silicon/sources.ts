import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { LIBRARY } from "../../native/js/build.js";
import { SOURCES } from "../../native/js/root.js";
import type { Needs } from "./program.js";

/** What runs every program: native/silicon. */
const RUNTIME = ["run", "meet", "memory", "tally", "options"].map((name) => `silicon/${name}.c`);
const MEMBARRIER = ["silicon/memb.c", "src/membarrier.c", "src/message.c"];

/** The sources that a program is linked with, below native/. */
export function sourcesFor(needs: Needs): readonly string[] {
  if (needs === "nothing") return RUNTIME;
  if (needs === "membarrier") return [...RUNTIME, ...MEMBARRIER];
  return [...RUNTIME, "silicon/rcu.c", "silicon/memb.c", ...LIBRARY];
}

/** The folders in which programs and sources look for headers. */
export const INCLUDE_FOLDERS = ["include", "src", "silicon"] as const;

const INCLUDE = /^#\s*include\s*"([^"]+)".*\n/gm;
const SYSTEM = /^#\s*include\s*<.*\n/gm;

/**
 * One file of C that needs no other: the program between the headers and the sources that it needs. What is the own of
 * two sources, under one name, gets two.
 */
export function inOneFile(program: string, needs: Needs): string {
  const headers = new Map<string, string>();
  const take = (text: string, folder: string): string =>
    text.replace(INCLUDE, (_, name: string) => {
      const found = headerOf(name, folder);
      if (!headers.has(found)) {
        headers.set(found, "");
        const inner = take(read(found), dirname(found));
        // Behind those that it includes itself.
        headers.delete(found);
        headers.set(found, inner);
      }
      return "";
    });
  const own = take(program, "silicon");
  const bodies = sourcesFor(needs).map((path) => ({ path, text: take(read(path), dirname(path)) }));
  const taken = new Set<string>();
  return [
    own.slice(0, own.indexOf("\n") + 1),
    "/* Build it with: cc -O2 -pthread FILE.c; it prints how often it had each outcome. What runs it stands behind. */\n",
    "#define _GNU_SOURCE\n",
    // Names that are changed further down must not change in these.
    [...new Set(bodies.flatMap(({ text }) => text.match(SYSTEM) ?? []))].sort().join(""),
    // A person need not use all of a header.
    '#ifdef __clang__\n#pragma clang diagnostic ignored "-Wunused-function"\n#endif\n',
    ...[...headers].map(([path, text]) => titled(path, text)),
    titled("the test", own.slice(own.indexOf("\n") + 1)),
    ...bodies.map(({ path, text }) => titled(path, apart(text.replace(SYSTEM, ""), taken))),
  ].join("\n");
}

const titled = (title: string, text: string): string => `/* ---- ${title} ---- */\n${withoutFeature(text)}`;

const withoutFeature = (text: string): string => text.replace(/^#define _GNU_SOURCE\n/gm, "");

function read(path: string): string {
  return readFileSync(join(SOURCES, path), "utf8");
}

function headerOf(name: string, folder: string): string {
  for (const candidate of [folder, ...INCLUDE_FOLDERS].map((one) => normalize(join(one, name)))) {
    try {
      read(candidate);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`native/${folder} includes ${name}, which is nowhere`);
}

/** A source whose own names differ from those of the sources before it, and whose macros end with it. */
function apart(text: string, taken: Set<string>): string {
  const own = new Set([...text.matchAll(OWN)].flatMap(([, a, b]) => a ?? b ?? []));
  const twice = [...own].filter((name) => taken.has(name));
  for (const name of own) taken.add(name);
  const number = taken.size;
  const macros = [...text.matchAll(/^#\s*define\s+(\w+)/gm)].flatMap(([, name]) => name ?? []);
  return [
    ...twice.map((name) => `#define ${name} ${name}_${number}\n`),
    text,
    ...[...twice, ...new Set(macros)].map((name) => `#undef ${name}\n`),
  ].join("");
}

/** The name of a static function or variable, or of a struct that is defined. */
const OWN =
  /^static\s(?:qs_atomic\([^)]*\)\s*\*?\s*)?[^=;({]*?\b(\w+)(?:\[[^\]]*\])*\s*(?:\(|=|;|,)|^(?:struct|enum|union)\s+(\w+)\s*\{/gm;
