import type { EndedEarly } from "../../base/interrupted.js";
import { colour } from "../../base/terminal.js";
import { countEvents } from "../../record/recording.js";
import type { Breach, EventPlace, Guaranteed } from "../../validate/guarantee.js";
import { endedJson, endedLine } from "./ended.js";
import { showNs, toNs } from "./figures.js";
import { titleOf } from "./steps-report.js";

/** What came of checking histories against the promise of RCU. */
export interface GuaranteeReport {
  readonly results: readonly Guaranteed[];
  readonly seconds: number;
  /** What ended it before all histories were checked. */
  readonly endedEarly?: EndedEarly;
}

/** For a person. */
export function showGuarantee({ results, seconds, endedEarly }: GuaranteeReport): string {
  const events = results.reduce((sum, { recording }) => sum + countEvents(recording), 0);
  return [
    ...results.flatMap(showResult),
    `${results.length} histories of ${events} events: ${counts(results)}   ${seconds.toFixed(1)} s`,
    ...endedLine(endedEarly),
  ].join("\n");
}

function counts(results: readonly Guaranteed[]): string {
  return (["kept", "broken", "inconclusive"] as const)
    .flatMap((verdict) => {
      const count = results.filter((one) => one.verdict === verdict).length;
      return count === 0 ? [] : [`${count} ${verdict}`];
    })
    .join(", ");
}

function showResult(result: Guaranteed): string[] {
  const { recording, verdict, sections, gracePeriods, reads, frees, broken, undecided, breaches } = result;
  const size = `${sections} sections, ${gracePeriods} grace periods, ${reads} reads, ${frees} freed`;
  const lost = recording.lost === 0 ? [] : [`    ${recording.lost} events had no room and are not in it`];
  const hung = recording.hung ? ["    a thread had not ended: nobody woke it"] : [];
  const open = undecided.sections + undecided.reads;
  const maybe =
    open === 0
      ? []
      : [
          `    of ${undecided.sections} sections and ${undecided.reads} reads the boxes don't tell whether they break the promise`,
        ];
  const sign = { kept: colour.green("✓"), broken: colour.red("✗"), inconclusive: colour.yellow("?") }[
    verdict
  ];
  return [
    `${sign} ${titleOf(result)}: ${verdict}: ${size}`,
    ...(broken === 0 ? [] : [`    ${broken} sections and reads break the promise for certain`]),
    ...breaches.map((breach) => `    ${tell(breach, result)}`),
    ...(broken > breaches.length ? [`    ... and ${broken - breaches.length} more`] : []),
    ...maybe,
    ...lost,
    ...hung,
  ];
}

function tell(breach: Breach, result: Guaranteed): string {
  const { recording } = result;
  const at = ({ lane, event }: EventPlace): string => {
    const found = recording.lanes[lane];
    return `${found?.name}, event ${event + 1}, at ${showNs(toNs(recording, found?.events.startAt(event) ?? 0))}`;
  };
  const margin = showNs(toNs(recording, breach.margin));
  const other = breach.other === undefined ? "" : at(breach.other);
  switch (breach.kind) {
    case "spans":
      return `a section (${at(breach.reader)}) outlasts by ${margin} a grace period that began after it (${other})`;
    case "freed":
      return `object ${breach.object} is read (${at(breach.reader)}) ${margin} after it was freed (${other})`;
    case "stale":
      return `object ${breach.object} is read (${at(breach.reader)}) ${margin} after a grace period that began when it had been replaced (${other})`;
    case "replaced":
      return `the pointer leads to object ${breach.object} (${at(breach.reader)}) ${margin} after that was replaced (${other})`;
    case "poisoned":
      return `object ${breach.object} is read and has been freed: poison is found in it (${at(breach.reader)})`;
  }
}

/** The documented form (schema/validate.schema.json). */
export function guaranteeJson({ results, seconds, endedEarly }: GuaranteeReport): unknown {
  return {
    kind: "guarantee",
    seconds,
    ...endedJson(endedEarly),
    recordings: results.map(({ recording, breaches, ...result }) => {
      const place = ({ lane, event }: EventPlace) => ({
        lane: recording.lanes[lane]?.name,
        event: event + 1,
      });
      return {
        name: recording.name,
        ...result,
        events: countEvents(recording),
        lost: recording.lost,
        hung: recording.hung,
        breaches: breaches.map(({ kind, reader, until, other, object, margin }) => ({
          kind,
          reader: place(reader),
          ...(until !== undefined && { until: place(until) }),
          ...(other !== undefined && { other: place(other) }),
          ...(object !== undefined && { object }),
          marginNs: Math.round(toNs(recording, margin)),
        })),
      };
    }),
  };
}
