import type { Finding, Results } from "../report/results.js";
import type { Pair, Speed } from "./measure.js";

/** Whether the two agree, a finding for each claim; and, where a ratio may not be exceeded, whether it was. */
export function speedResults(
  { pairs, endedEarly }: Pick<Speed, "pairs" | "endedEarly">,
  { median, atMost }: { readonly median: number; readonly atMost: number | undefined },
  seconds: number,
): Results {
  return {
    command: "speed",
    title: "Speed",
    findings: [...pairs.map(findingOf), ...(atMost === undefined ? [] : [ratioFinding(median, atMost)])],
    problems: [],
    seconds,
    ...(endedEarly && { endedEarly }),
    notes: [],
  };
}

function findingOf({ claim, quiesce, plain, problem }: Pair): Finding {
  return {
    id: claim.id,
    group: "claims",
    sentence: claim.sentence,
    outcome: problem === undefined ? "pass" : "fail",
    verdict: `${quiesce.verdict}; plain TLC: ${plain.verdict}`,
    ...(problem !== undefined && { reason: problem }),
    place: { file: claim.file, line: claim.line },
    seconds: quiesce.seconds,
    states: quiesce.states,
  };
}

function ratioFinding(median: number, atMost: number): Finding {
  return {
    id: "ratio",
    group: "time",
    sentence: "the time that Quiesce takes, as a part of what plain TLC takes",
    outcome: median > atMost ? "fail" : "pass",
    verdict: `${median.toFixed(2)}, the median`,
    declared: `at most ${atMost}`,
    seconds: 0,
  };
}
