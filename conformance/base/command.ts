import { basename, isAbsolute, relative, sep } from "node:path";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import type { Claim } from "../../spec/tlc/claim/claim.js";
import { root, specRoot } from "./root.js";

/**
 * How to call the program from here. Outside of this repository, `npx` would ask the registry for a package of that
 * name.
 */
export function programCommand(): string {
  const way = relative(root, process.cwd());
  const inside = way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  const script = process.argv[1] ?? "";
  if (inside) return "npx quiesce";
  return basename(script) === "quiesce" ? "quiesce" : `node ${shellWord(script)}`;
}

/** A word as one has to type it into a shell. */
export function shellWord(word: string): string {
  // A file whose name begins with a dash would be an option.
  if (word.startsWith("-")) return shellWord(`./${word}`);
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command that checks a claim: ours by id, which works from anywhere, others by file. */
export function commandFor(claim: Pick<Claim, "root" | "id" | "file">): string {
  const name = claim.root === specRoot ? claim.id : nameOf(claim.file);
  return `${programCommand()} check ${shellWord(name)}`;
}
