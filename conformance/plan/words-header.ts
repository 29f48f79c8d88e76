import { WORD_GROUPS } from "../contract/words.js";

const COUNTS = ["updaters", "readers", "cells"] as const;

/** native/src/generated/words.h: at which word of a state each kind begins, for the C driver. */
export function renderWordsHeader(madeBy: string): string {
  const words = { domain: 0, updaters: 0, readers: 0, cells: 0 };
  const parameters = `(${COUNTS.join(", ")})`;
  const lines = WORD_GROUPS.map(({ name, each }) => {
    const line = `#define QS_WORD_${name.toUpperCase()}${parameters} (${sum(words)})`;
    if (each === "domain") words.domain++;
    if (each === "cell") words.cells++;
    if (each === "slot" || each === "reader" || each === "thread") words.readers++;
    if (each === "updater" || each === "thread") words.updaters++;
    return line;
  });
  return `/* ${madeBy} */
#ifndef QS_GENERATED_WORDS_H
#define QS_GENERATED_WORDS_H

/* The first word of each kind, in a state with so many updaters, readers and cells. */
${lines.join("\n")}

/* How many words a state has. */
#define QS_WORDS${parameters} (${sum(words)})

#endif
`;
}

function sum(words: Readonly<Record<"domain" | (typeof COUNTS)[number], number>>): string {
  const times = COUNTS.filter((what) => words[what] > 0).map((what) =>
    words[what] === 1 ? `(${what})` : `${words[what]} * (${what})`,
  );
  return [String(words.domain), ...times].join(" + ");
}
