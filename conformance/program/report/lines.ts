import { countOutcomes, type Results } from "./results.js";

/** A line of JSON: its kind, which comes first, and what else it says. */
export interface Line {
  readonly kind: string;
  readonly value: object;
}

/**
 * The lines of a command that has none of its own: each finding, without what is there to be looked at (its graph and
 * its counterexample's states), each input that couldn't be read, and the summary.
 */
export function lines(results: Results): Line[] {
  const { command, findings, problems, seconds, endedEarly } = results;
  return [
    ...findings.map(
      ({ id, group, outcome, verdict, sentence, declared, violated, place, reason, command, ...rest }) => ({
        kind: "finding",
        value: {
          ...{ id, group, outcome, verdict, sentence, declared, violated, place, reason, command },
          ...{ steps: rest.steps, seconds: rest.seconds, states: rest.states, depth: rest.depth },
        },
      }),
    ),
    ...problems.map((value) => ({ kind: "problem", value })),
    {
      kind: "summary",
      value: {
        command,
        ...countOutcomes(findings),
        problems: problems.length,
        seconds,
        interrupted: endedEarly !== undefined,
        ...(endedEarly !== undefined && { endedEarly }),
      },
    },
  ];
}
