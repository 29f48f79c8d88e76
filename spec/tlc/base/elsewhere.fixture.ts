/**
 * Whether another step of the same CI run kills the mutants of native and impl, on the whole plans: `conform --mutants`
 * does, and once is enough.
 */
export const isElsewhere = process.env["QUIESCE_MUTANTS"] === "elsewhere";
