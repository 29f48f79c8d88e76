import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseValue, type Value } from "../../../spec/tlc/value/value.js";
import { ORDERS } from "../../litmus/model.js";
import { ALGORITHMS, type Cell, FLAVOURS, questionOf, withAnswers } from "./cells.js";

/**
 * The cells as module NecessityExpected states them, which TLC compares with what it finds. Throws when the module isn't
 * written as one value after `Expected ==`.
 */
export function expectedCells(spec: string): Cell[] {
  const text = readFileSync(join(spec, "rcu", "necessity", "NecessityExpected.tla"), "utf8");
  const value = parseValue(/^Expected == (.*)\n={4,}\s*$/ms.exec(text)?.[1] ?? "");
  if (value.kind !== "record") throw new TypeError("NecessityExpected: Expected is not a record");
  return FLAVOURS.flatMap((flavour) => {
    const rows = value.fields.get(flavour);
    if (rows?.kind !== "sequence") throw new TypeError(`NecessityExpected: ${flavour} is not a sequence`);
    return rows.elements.flatMap((row) => {
      const [algorithm, missing, ...breaks] = row.kind === "sequence" ? row.elements.map(word) : [];
      const which = ALGORITHMS.find((a) => a === algorithm);
      if (which === undefined || missing === undefined || breaks.length !== ORDERS.length)
        throw new TypeError(`NecessityExpected: a row of ${flavour} is malformed`);
      return ORDERS.map((order, n) => {
        const what = breaks[n] ?? "";
        const answer = { question: questionOf(what), states: 0, ...(what !== "" && { breaks: what }) };
        return withAnswers({ flavour, algorithm: which, missing, order }, [answer]);
      });
    });
  });
}

function word(value: Value): string {
  return value.kind === "string" ? value.value : "";
}
