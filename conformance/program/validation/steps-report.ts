import type { EndedEarly } from "../../base/interrupted.js";
import { colour } from "../../base/terminal.js";
import { countEvents, type RecordedEvent } from "../../record/recording.js";
import type { Explanation, NextEvent } from "../../validate/explain.js";
import type { Validated } from "../../validate/validate.js";
import { tableOf } from "../counterexample/explain-claim.js";
import type { Lanes } from "../counterexample/lanes.js";
import { drawSequence } from "../counterexample/mermaid.js";
import { traceSequence } from "../counterexample/trace-sequence.js";
import type { ContractThreads } from "./contract-threads.js";
import { endedJson, endedLine } from "./ended.js";
import { boxSpread, parametersOf, showNs, toNs } from "./figures.js";

/** What came of validating recordings against a specification. */
export interface StepsReport {
  /** The claim's id. */
  readonly claim: string;
  readonly contract: string;
  readonly results: readonly Validated[];
  /** Of those that are rejected and were looked at, by their place among the results. */
  readonly explanations: ReadonlyMap<number, Explanation>;
  /** How the specification's module calls its threads. */
  readonly lanes: Lanes;
  /** What the contract says of them, where the module says nothing. */
  readonly threads?: ContractThreads;
  readonly seconds: number;
  /** What ended it before all was decided. */
  readonly endedEarly?: EndedEarly;
}

/** For a person. With `diagram`, rejected recordings that were looked at are drawn for Mermaid, too. */
export function showSteps(report: StepsReport, diagram: boolean): string {
  const { results, claim, seconds } = report;
  const lines = results.flatMap((result, i) => showResult(result, report, i, diagram));
  const spread = boxSpread(results.map(({ recording }) => recording));
  const drain = Math.max(0, ...results.map(({ recording }) => toNs(recording, recording.drain)));
  const boxes =
    spread === undefined
      ? []
      : [
          `Boxes: ${showNs(spread.min)} / ${showNs(spread.median)} / ${showNs(spread.max)} (min / median / max)` +
            (drain > 0 ? `, of which ${showNs(drain)} for stores that are seen late` : ""),
        ];
  const counts = (["explained", "rejected", "inconclusive"] as const).flatMap((verdict) => {
    const count = results.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const events = results.reduce((sum, { recording }) => sum + countEvents(recording), 0);
  return [
    ...lines,
    `${results.length} recordings of ${events} events against ${claim}: ${counts.join(", ")}   ${seconds.toFixed(1)} s`,
    ...boxes,
    ...endedLine(report.endedEarly),
  ].join("\n");
}

/** The name of a recording among all. */
export function titleOf({ file, recording }: Pick<Validated, "file" | "recording">): string {
  return recording.name === "" ? file : `${file}, recording ${recording.name}`;
}

function showResult(result: Validated, report: StepsReport, i: number, diagram: boolean): string[] {
  const hung = result.recording.hung ? [`${titleOf(result)}: a thread had not ended: nobody woke it`] : [];
  if (result.verdict === "explained") return hung;
  const events = countEvents(result.recording);
  const explanation = report.explanations.get(i);
  const far = `${explanation?.explained ?? result.explained} of ${events} events are explained`;
  if (result.verdict === "inconclusive")
    return [...hung, `${colour.yellow("?")} ${titleOf(result)}: inconclusive: ${result.reason}; ${far}`];
  const head = `${colour.red("✗")} ${titleOf(result)}: no order of its steps is a behaviour; ${far}`;
  if (explanation === undefined) return [...hung, head];
  const next = explanation.next.flatMap((one) => showNext(one, result));
  const { trace } = explanation;
  const lanes = report.threads?.lanesFor(explanation) ?? report.lanes;
  const ending = { broken: "here the recording can't be explained any further" };
  return [
    ...hung,
    head,
    ...(next.length === 0 ? ["    nothing can come next: the boxes contradict each other"] : next),
    ...(trace === undefined ? [] : ["", tableOf(trace, lanes, ending), ""]),
    ...(trace === undefined || !diagram
      ? []
      : ["```mermaid", drawSequence(traceSequence(trace, lanes, ending)), "```", ""]),
  ];
}

function showNext(
  { lane, index, event, possible, otherwise, words, allowed }: NextEvent,
  { recording }: Validated,
): string[] {
  const place = `    ${lane}, event ${index + 1}: ${event.step} ${box(event, (ticks) => toNs(recording, ticks))}`;
  const may = allowed.length === 0 ? "no step of it" : allowed.join(", ");
  if (!possible) return [`${place}: the specification allows ${may} here`];
  if (otherwise)
    return [`${place}: not with ${parametersOf(event)}; the specification allows another ${event.step} here`];
  if (words.length === 0) return [`${place}: possible, but leads no further`];
  return words.map(
    ({ name, observed, expected }) =>
      `${place}: ${name} = ${observed} was observed, ${expected} is what it would be`,
  );
}

function box({ start, end }: RecordedEvent, ns: (ticks: number) => number): string {
  return `[${showNs(ns(start))}, ${end === undefined ? "..." : showNs(ns(end))}]`;
}

/** The documented form (schema/validate.schema.json). */
export function stepsJson(report: StepsReport): unknown {
  const { claim, contract, results, explanations, seconds, endedEarly } = report;
  return {
    kind: "steps",
    claim,
    contract,
    seconds,
    ...endedJson(endedEarly),
    recordings: results.map((result, i) => {
      const { file, recording, verdict, reason } = result;
      const explanation = explanations.get(i);
      return {
        file,
        name: recording.name,
        verdict,
        ...(reason !== undefined && { reason }),
        hung: recording.hung,
        events: countEvents(recording),
        explained: explanation?.explained ?? result.explained,
        prefix: Object.fromEntries(
          recording.lanes.map(({ name }, lane) => [name, (explanation ?? result).prefix[lane]]),
        ),
        boxesNs: boxSpread([recording]) ?? null,
        drainNs: Math.round(toNs(recording, recording.drain)),
        ...(explanation !== undefined && { next: explanation.next }),
      };
    }),
  };
}
