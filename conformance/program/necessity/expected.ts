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
  const expected = readExpected(spec, face);
  return FLAVOURS.flatMap((flavour) => {
    const rows = expected.get(flavour);
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

/** Where what is expected on a face stands: the module, and the name of its record. */
const PLACES: Readonly<Record<Face, { module: string; name: string }>> = {
  whole: { module: "NecessityExpected", name: "Expected" },
  compiler: { module: "NecessityCompilerExpected", name: "ExpectedOfHalves" },
};

/** The rows of each flavour, as a TLA+ value. */
function readExpected(spec: string, face: Face): ReadonlyMap<string, Value> {
  const { module, name } = PLACES[face];
  const text = readFileSync(join(spec, "rcu", "necessity", `${module}.tla`), "utf8");
  const value = parseValue(new RegExp(`^${name} == (.*)\\n={4,}\\s*$`, "ms").exec(text)?.[1] ?? "");
  if (value.kind !== "record") throw new TypeError(`${module}: ${name} is not a record`);
  return value.fields;
}

function word(value: Value): string {
  return value.kind === "string" ? value.value : "";
}
