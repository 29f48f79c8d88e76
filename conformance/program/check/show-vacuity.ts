import { nameOf } from "../../../spec/tlc/base/source-file.js";
import type { Vacuity } from "../../../spec/tlc/decide/vacuity.js";
import { colour } from "../../base/terminal.js";

/** The words for each kind, after the name of the claims' file. */
const WORDS: Readonly<Record<Vacuity["kind"], string>> = {
  "never taken": "never taken",
  "never enabled": "never put to the test: its left side is never true",
  "no behaviour":
    "as fair as this no behaviour is, so every liveness property holds; it demands what can't happen, or what a CONSTRAINT cuts off",
  "not idle": "declared idle, but it happens",
  unknown: "declared idle, but there is no such action or property",
};

/**
 * Actions that are never taken, and the like, grouped by the claims' file, each with its place and what to do about it.
 */
export function showVacuity(vacuity: readonly Vacuity[]): string {
  const files = [...new Set(vacuity.map(({ claim }) => claim.file))];
  return files.map((file) => `\n${ofFile(vacuity.filter(({ claim }) => claim.file === file))}`).join("");
}

function ofFile(vacuity: readonly Vacuity[]): string {
  const [first] = vacuity;
  const lines = (Object.keys(WORDS) as Vacuity["kind"][]).flatMap((kind) => {
    const some = vacuity.filter((one) => one.kind === kind);
    if (some.length === 0 || first === undefined) return [];
    const names = [...new Set(some.map(({ name }) => name))].join(", ");
    return [
      `${colour.yellow("!")} ${colour.bold(nameOf(first.claim.file))}   ${WORDS[kind]}: ${names}`,
      ...some.flatMap(placeOf),
      ...(kind.startsWith("never")
        ? [
            `    The claim may hold only because this never happens. If that is intended, say so in the header:  \\* Idle: ${names}`,
          ]
        : []),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function placeOf({ name, location }: Vacuity): string[] {
  if (location === undefined) return [];
  const { file, module, line, column } = location;
  return [`    ${file === undefined ? module : nameOf(file)}:${line}:${column}   ${name}`];
}
