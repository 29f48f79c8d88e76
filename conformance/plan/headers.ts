import type { Contract } from "../contract/contract.js";

/** native/src/generated/steps.h: the steps as an enum, and their names. */
export function renderStepsHeader(ids: readonly string[], madeBy: string): string {
  return `/* ${madeBy} */
#ifndef QS_GENERATED_STEPS_H
#define QS_GENERATED_STEPS_H

enum qs_step {
${ids.map((name, id) => `  QS_STEP_${name} = ${id},`).join("\n")}
  QS_STEP_COUNT = ${ids.length}
};

#define QS_STEP_NAMES \\
${ids.map((name) => `  "${name}"`).join(", \\\n")}

#endif
`;
}

/** impl/generated/steps.ts: the same for TypeScript. */
export function renderStepsModule(ids: readonly string[], madeBy: string): string {
  return `// ${madeBy}
export const STEPS = [
${ids.map((name) => `  "${name}",`).join("\n")}
] as const;

/** The name of a step point; its id is its index in STEPS. */
export type Step = (typeof STEPS)[number];
`;
}

/** native/src/generated/words.h: the groups of a state's words as an enum, in the order of the contract, and their names. */
export function renderWordsHeader({ words }: Pick<Contract, "words">, madeBy: string): string {
  return `/* ${madeBy} */
#ifndef QS_GENERATED_WORDS_H
#define QS_GENERATED_WORDS_H

/* Groups of words: how many words each has depends on the model (struct qs_setup). */
enum qs_word {
${words.map(({ name }, i) => `  QS_WORD_${name} = ${i},`).join("\n")}
  QS_WORD_COUNT = ${words.length}
};

#define QS_WORD_NAMES \\
${words.map(({ name }) => `  "${name}"`).join(", \\\n")}

#endif
`;
}
