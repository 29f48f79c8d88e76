import { existsSync, readFileSync } from "node:fs";

/** How a library names the run-time library of AddressSanitizer that it needs: gcc's, and clang's with -shared-libasan. */
const RUNTIME = /\b(?:libasan\.so\.\d+|libclang_rt\.asan[\w-]*\.so)\0/;

/**
 * What a process needs in its environment to load a target that was built with -fsanitize. AddressSanitizer has to be
 * there before everything else; what leaks is node's own affair; and what UndefinedBehaviorSanitizer finds ends the
 * process, as what AddressSanitizer finds does. Whatever else is set in ASAN_OPTIONS and UBSAN_OPTIONS counts, too.
 *
 * @param library the target's file
 */
export function sanitizerEnvironment(library: string): Record<string, string> {
  const { ASAN_OPTIONS = "", UBSAN_OPTIONS = "", LD_PRELOAD = "" } = process.env;
  // Of a file that isn't there the process itself says so.
  const text = existsSync(library) ? readFileSync(library, "latin1") : "";
  const runtime = RUNTIME.exec(text)?.[0].slice(0, -1);
  return {
    ASAN_OPTIONS: `detect_leaks=0:${ASAN_OPTIONS}`,
    UBSAN_OPTIONS: `halt_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS}`,
    ...(runtime !== undefined && { LD_PRELOAD: `${runtime} ${LD_PRELOAD}`.trim() }),
  };
}

const FINDING = /^(?:==\d+==ERROR: \w+Sanitizer|\S+: runtime error: ).*/m;

/**
 * Of all that a process has said, what is worth showing: a sanitizer's report from its beginning, without its map of
 * memory; or else the end of it.
 *
 * @param most in characters
 */
export function worthShowing(said: string, most: number): string {
  const begins = FINDING.exec(said)?.index;
  if (begins === undefined) return said.trim().slice(-most);
  const report = said.slice(begins);
  const map = report.search(/^Shadow bytes around/m);
  return report
    .slice(0, map < 0 ? undefined : map)
    .slice(0, most)
    .trim();
}
