import { nameOf } from "../../../spec/tlc/base/source-file.js";
import type { OutOfStep } from "../../../spec/tlc/decide/translations.js";
import { colour } from "../../base/terminal.js";

/** The PlusCal translations that are not of their algorithms, each with its place and what to do. */
export function showTranslations(translations: readonly OutOfStep[]): string {
  return translations
    .map(
      ({ file, line, why }) =>
        `\n${colour.yellow("!")} ${colour.bold(`${nameOf(file)}:${line}`)}   PlusCal: ${why}\n` +
        `    TLC decides about the translation. If that is not what you mean, translate again:  java -cp tla2tools.jar pcal.trans ${nameOf(file)}\n`,
    )
    .join("");
}
