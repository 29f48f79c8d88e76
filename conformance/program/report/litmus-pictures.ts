import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { systemReason } from "../../../spec/tlc/base/system-error.js";
import { svgOf } from "../../axioms/svg.js";
import { writeOutput } from "../../base/output-file.js";
import type { Explanation, Pictured } from "../../litmus/result.js";
import type { LitmusSummary } from "../../litmus/run.js";

/** A name of a file has so many characters at most. */
const LONGEST = 120;

/**
 * Draws every reason into a file of its own: `SB+mbs.tso.svg`, and `SB+mbs.tso.2.svg` for a second circle.
 *
 * @returns how many there are
 * @throws BadInputError when they can't be written
 */
export function writePictures({ files }: LitmusSummary, folder: string): number {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new BadInputError(`the pictures can't be written to ${folder}: ${systemReason(error)}`, {
      where: "--explain",
      hint: "Name a writable folder, or one that can be made.",
      cause: error,
    });
  }
  const names = new Map<string, number>();
  let written = 0;
  for (const file of files) {
    if (file.kind !== "decided") continue;
    const { name } = file.test.litmus;
    // Two files may hold tests of one name, and a name may hold what no file's name may.
    const plain = name
      .replace(/[^\w+.-]/g, "-")
      .replace(/^[.-]+/, "_")
      .slice(0, LONGEST);
    const before = names.get(plain) ?? 0;
    names.set(plain, before + 1);
    const own = before === 0 ? plain : `${plain}~${before + 1}`;
    for (const reason of file.explained)
      for (const [n, one] of [reason, ...(reason.more ?? [])].entries()) {
        if (one.drawing === undefined) continue;
        const path = join(folder, `${own}.${reason.order}${n === 0 ? "" : `.${n + 1}`}.svg`);
        writeOutput(path, svgOf(one.drawing, titleOf(name, reason, one)), "the picture", "--explain");
        written++;
      }
  }
  return written;
}

function titleOf(name: string, { order }: Explanation, { drawing }: Pictured): string {
  return drawing?.kind === "execution"
    ? `${name} under ${order}: a run, from top to bottom`
    : `${name} under ${order}: no run, since each would come before itself`;
}
