/** The step ids of all rooms: "Idle" is 0 (between operations), the steps follow in alphabetical order. */
export function stepIds(names: readonly string[]): string[] {
  return ["Idle", ...names.toSorted((a, b) => (a < b ? -1 : 1))];
}

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
