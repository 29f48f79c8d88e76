import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseValue, type Value } from "../../../spec/tlc/value/value.js";
import { ORDERS } from "../../litmus/model.js";
import { ALGORITHMS, type Cell, type Face, FLAVOURS, faceOf, questionOf, withAnswers } from "./cells.js";

/**
 * The cells of a face of the matrix as the specification states them, which TLC compares with what it finds. Throws when
 * a module isn't written as it is now.
 */
export function expectedCells(spec: string, face: Face = "whole"): Cell[] {
  const rowsOf = face === "whole" ? wholeRows(spec) : compilerRows(spec);
  return FLAVOURS.flatMap((flavour) => {
    const rows = rowsOf(flavour);
    if (rows?.kind !== "sequence") throw new TypeError(`what is expected of ${flavour} is not a sequence`);
    return rows.elements.flatMap((row) => {
      const [algorithm, missing, ...breaks] = row.kind === "sequence" ? row.elements.map(word) : [];
      const which = ALGORITHMS.find((a) => a === algorithm);
      if (which === undefined || missing === undefined || breaks.length !== ORDERS.length)
        throw new TypeError(`what is expected of ${flavour}: a row is malformed`);
      return ORDERS.map((order, n) => {
        const what = breaks[n] ?? "";
        const answer = {
          question: questionOf(missing, what),
          states: 0,
          ...(what !== "" && { breaks: what }),
        };
        return withAnswers({ flavour, algorithm: which, missing, order, ...faceOf(face) }, [answer]);
      });
    });
  });
}

type RowsOf = (flavour: string) => Value | undefined;

/** One value after `Expected ==`. */
function wholeRows(spec: string): RowsOf {
  const text = read(spec, "necessity", "NecessityExpected.tla");
  const value = parseValue(/^Expected == (.*)\n={4,}\s*$/ms.exec(text)?.[1] ?? "");
  if (value.kind !== "record") throw new TypeError("NecessityExpected: Expected is not a record");
  return (flavour) => value.fields.get(flavour);
}

/** Two values: one for the flavours whose readers run fences, and one for the others. */
function compilerRows(spec: string): RowsOf {
  const text = read(spec, "necessity", "NecessityCompiler.tla");
  const readValue = (name: string): Value =>
    parseValue(new RegExp(`^${name} == (<<.*?>> >>)$`, "ms").exec(text)?.[1] ?? "");
  const [readers, updaters] = [readValue("WhenReadersPay"), readValue("WhenUpdatersPay")];
  const fenced = /^ReadersFence\(flavour\) == flavour \\in (\{.*\})$/m.exec(
    read(spec, "read-side", "Flavour.tla"),
  );
  const flavours = parseValue(fenced?.[1] ?? "");
  if (flavours.kind !== "set") throw new TypeError("Flavour: ReadersFence does not name a set");
  const pay = new Set(flavours.elements.map(word));
  return (flavour) => (pay.has(flavour) ? readers : updaters);
}

function read(spec: string, folder: string, name: string): string {
  return readFileSync(join(spec, "rcu", folder, name), "utf8");
}

function word(value: Value): string {
  return value.kind === "string" ? value.value : "";
}
