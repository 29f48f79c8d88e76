import type { Explanation } from "./result.js";
import type { FileResult } from "./run.js";
import { placeOf } from "./show.js";

/** The documented form of a file's result (schema/litmus.schema.json). */
export function fileJson(file: FileResult): object {
  if (file.kind !== "decided") {
    const { message, position, hint } = file.error;
    return { file: file.file, error: { kind: file.kind, message, where: placeOf(file), ...position, hint } };
  }
  const { name, quantifier, declared } = file.test.litmus;
  const results = file.results.map((result) => {
    const reason = file.explained.find(({ order }) => order === result.order);
    return { ...result, ...(reason && { explanation: reasonJson(reason) }) };
  });
  return { file: file.file, name, quantifier, declared, engine: file.engine, results };
}

function reasonJson({ kind, text, mermaid, more }: Explanation): object {
  return {
    ...{ kind, text, mermaid },
    ...(more && { more: more.map((one) => ({ text: one.text, mermaid: one.mermaid })) }),
  };
}
