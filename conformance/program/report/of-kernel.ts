import type { KernelReport, Ordering } from "../../kernel/report.js";
import type { Finding, Outcome, Results } from "./results.js";

const ORDERING: Readonly<Record<Ordering["result"], Outcome>> = {
  kept: "pass",
  // As a claim declares it.
  gap: "pass",
  missed: "fail",
  inconclusive: "open",
};

/** How a kernel's membarrier compares with its specification: a finding for each graph, and for each command's order. */
export function kernelResults(
  report: KernelReport,
  { seconds, endedEarly }: Pick<Results, "seconds" | "endedEarly">,
): Results {
  return {
    command: "kernel",
    title: "The kernel's membarrier",
    findings: [
      ...(report.unavailable === undefined
        ? []
        : [
            {
              id: "membarrier",
              group: "kernel",
              outcome: "open",
              verdict: "unavailable",
              reason: report.unavailable,
              seconds: 0,
            } satisfies Finding,
          ]),
      ...report.walked.map(({ claim, taken, edges, different, undecided }): Finding => {
        const own = report.differences.filter(({ test }) => test.includes(claim));
        return {
          id: claim,
          group: "answers",
          outcome:
            different > 0
              ? "fail"
              : undecided > 0 || taken < edges
                ? endedEarly !== undefined
                  ? "undecided"
                  : "open"
                : "pass",
          verdict: different > 0 ? `${different} answers differ` : `${taken} of ${edges} edges as specified`,
          ...(undecided > 0 && { reason: `${undecided} edges are not decided` }),
          ...(own.length > 0 && { detail: own.map(showDifference).join("\n\n") }),
          seconds: 0,
        };
      }),
      ...report.ordering.map(
        ({ command, result, misses, rounds, why }): Finding => ({
          id: `order of ${command}`,
          group: "order",
          outcome: ORDERING[result],
          verdict: result,
          reason: [`${misses} of ${rounds} rounds missed`, ...(why === undefined ? [] : [why])].join("; "),
          seconds: 0,
        }),
      ),
    ],
    problems: [],
    seconds,
    ...(endedEarly !== undefined && { endedEarly }),
    notes: report.differences.map(
      ({ test, call, expected, answer }) => `${test}: ${call} answers ${answer}, specified: ${expected}`,
    ),
  };
}

function showDifference({
  before,
  call,
  expected,
  answer,
  path,
}: KernelReport["differences"][number]): string {
  return [...path, `in the state ${before}`, `${call} answers ${answer}; specified: ${expected}`].join("\n");
}
