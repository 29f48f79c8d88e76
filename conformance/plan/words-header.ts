import { WORD_GROUPS } from "../contract/words.js";

/** native/src/generated/words.h: at which word of a state each kind begins, for the C driver. */
export function renderWordsHeader(madeBy: string): string {
  const lines: string[] = [];
  let [once, cells, readers] = [0, 0, 0];
  for (const { name, each } of WORD_GROUPS) {
    lines.push(`#define QS_WORD_${name.toUpperCase()}(readers, cells) (${sum(once, cells, readers)})`);
    if (each === "cell") cells++;
    else if (each === "once") once++;
    else readers++;
    // The updater is a thread, too.
    if (each === "thread") once++;
  }
  return `/* ${madeBy} */
#ifndef QS_GENERATED_WORDS_H
#define QS_GENERATED_WORDS_H

/* The first word of each kind, in a state with so many readers and cells. */
${lines.join("\n")}

/* How many words a state has. */
#define QS_WORDS(readers, cells) (${sum(once, cells, readers)})

#endif
`;
}

function sum(once: number, cells: number, readers: number): string {
  const times = (count: number, what: string): string[] =>
    count === 0 ? [] : [count === 1 ? `(${what})` : `${count} * (${what})`];
  return [
    ...(once > 0 || cells + readers === 0 ? [String(once)] : []),
    ...times(cells, "cells"),
    ...times(readers, "readers"),
  ].join(" + ");
}
