import { type History, type Moments, readHistory } from "./history.js";
import type { Source } from "./module.js";

/** What a history does that RCU promises it can't. */
export type BreachKind =
  /** A section began before a grace period did and ended after it. */
  | "spans"
  /** A reader found an object that had been freed. */
  | "freed"
  /** A reader found an object that had been replaced before a grace period, after that grace period. */
  | "stale"
  /** A reader was led to an object by a pointer that no longer pointed to it. */
  | "replaced"
  /** A reader found what is written into freed objects. */
  | "poisoned";

/** A breach, by the events that show it: indices of lanes and of events in them. */
export interface Breach {
  readonly kind: BreachKind;
  /** The section's lock, or the read. */
  readonly reader: EventPlace;
  /** Of `spans`: the section's unlock. */
  readonly until?: EventPlace;
  /** The grace period's end, or the free. */
  readonly other?: EventPlace;
  /** The object, of a read. */
  readonly object?: number;
  /** By how many ticks at least the order is the wrong one. */
  readonly margin: number;
}

export interface EventPlace {
  readonly lane: number;
  readonly event: number;
}

/** What is known of a history. */
export interface Guaranteed extends Source {
  /**
   * Broken: wherever in their boxes the moments were, the promise is. Kept: wherever they were, it is not. Else it is
   * inconclusive.
   */
  readonly verdict: "kept" | "broken" | "inconclusive";
  readonly sections: number;
  readonly gracePeriods: number;
  readonly reads: number;
  readonly frees: number;
  /** How many sections and reads break the promise for certain, and the first of them. */
  readonly broken: number;
  readonly breaches: readonly Breach[];
  /** How many sections and reads may break it, depending on where in their boxes the moments were. */
  readonly undecided: { readonly sections: number; readonly reads: number };
}

/** So many breaches are shown. */
const SHOWN = 10;

/**
 * Checks a history against the promise of RCU, in time that grows with the history's length times its logarithm.
 *
 * For each section there is a worst grace period, and one look finds it: of those that began after the section did, the
 * one that ended first. It is broken for certain if that holds for the latest lock and the earliest unlock, the earliest
 * begin and the latest end; and kept for certain if not even the earliest lock and so on break it. The first kind of
 * placement is the best for all sections and reads at once: so where none is broken for certain, some placement keeps
 * the promise as a whole.
 *
 * @throws BadInputError when the recording is no history
 */
export function checkGuarantee(source: Source): Guaranteed {
  const history = readHistory(source);
  const { locks, unlocks, begins, ends, reads } = history;
  const found = new Findings();
  const surely = new FirstEnd(begins.from, ends.to);
  const maybe = new FirstEnd(begins.to, ends.from);
  for (let i = 0; i < locks.count; i++) {
    const [grace, end] = surely.after(locks.to[i] as number, true);
    const until = unlocks.from[i] as number;
    if (until > end) {
      const margin = Math.min(until, history.last) - end;
      found.broken({
        kind: "spans",
        reader: placeOf(locks, i),
        until: placeOf(unlocks, i),
        other: placeOf(ends, grace),
        margin,
      });
    } else {
      const [, perhaps] = maybe.after(locks.from[i] as number, false);
      // One that has not ended is outlasted by nobody.
      if (perhaps !== Number.POSITIVE_INFINITY && perhaps <= (unlocks.to[i] as number))
        found.undecided.sections++;
    }
  }
  checkReads(history, surely, maybe, found);
  return {
    ...source,
    verdict:
      found.count > 0
        ? "broken"
        : found.undecided.sections + found.undecided.reads > 0
          ? "inconclusive"
          : "kept",
    sections: locks.count,
    gracePeriods: begins.count,
    reads: reads.count,
    frees: history.frees.count,
    broken: found.count,
    breaches: found.breaches,
    undecided: found.undecided,
  };
}

class Findings {
  readonly breaches: Breach[] = [];
  count = 0;
  readonly undecided = { sections: 0, reads: 0 };

  broken(breach: Breach): void {
    this.count++;
    if (this.breaches.length < SHOWN) this.breaches.push(breach);
  }
}

/** From when on nobody may look at an object: for certain, and perhaps; and what says so. */
interface Death {
  readonly surely: number;
  readonly maybe: number;
  /** By then it has been replaced, so that finds come before. */
  readonly replaced: number;
  readonly kind: "freed" | "stale" | "replaced";
  readonly other: EventPlace;
}

function checkReads(history: History, surely: FirstEnd, maybe: FirstEnd, found: Findings): void {
  const { reads, read, poisoned, isFind } = history;
  const { ofReads, ofFinds } = deathsOf(history, surely, maybe);
  const isPoisoned = new Set(poisoned);
  for (let i = 0; i < reads.count; i++) {
    const object = read[i] as number;
    if (isPoisoned.has(i)) {
      found.broken({ kind: "poisoned", reader: placeOf(reads, i), object, margin: 0 });
      continue;
    }
    const death = (isFind[i] ? ofFinds : ofReads).get(object);
    if (death === undefined) continue;
    const margin = (reads.from[i] as number) - death.surely;
    if (margin > 0)
      found.broken({ kind: death.kind, reader: placeOf(reads, i), other: death.other, object, margin });
    else if (
      death.maybe <= Math.min(reads.to[i] as number, isFind[i] ? death.replaced : Number.POSITIVE_INFINITY)
    )
      found.undecided.reads++;
  }
}

/**
 * When objects die. For who looks at an object that it has found: when it is freed, or at the end of the first grace
 * period that began after it was replaced. For who follows the pointer: when it is freed. That the pointer led to an
 * object says that it was replaced later: so a thread that was interrupted in the middle of replacing it leaves less
 * open, but a find that comes after the replacing for certain breaks more than the promise.
 */
function deathsOf(
  history: History,
  surely: FirstEnd,
  maybe: FirstEnd,
): { ofReads: Map<number, Death>; ofFinds: Map<number, Death> } {
  const [ofReads, ofFinds] = [new Map<number, Death>(), new Map<number, Death>()];
  const dies = (map: Map<number, Death>, object: number, death: Death): void => {
    const known = map.get(object);
    const first = known !== undefined && known.surely <= death.surely ? known : death;
    map.set(object, {
      ...first,
      maybe: Math.min(known?.maybe ?? death.maybe, death.maybe),
      replaced: Math.min(known?.replaced ?? death.replaced, death.replaced),
    });
  };
  const { publishes, published, ends, frees, freed } = history;
  const lastFind = lastFindsOf(history);
  for (let i = 0; i < publishes.count; i++) {
    const [from, to] = [publishes.from[i] as number, publishes.to[i] as number];
    const object = published[i] as number;
    const replaced = placeOf(publishes, i);
    const never = Number.POSITIVE_INFINITY;
    dies(ofFinds, object, { surely: to, maybe: never, replaced: to, kind: "replaced", other: replaced });
    const [grace, end] = surely.after(to, true);
    const [, perhaps] = maybe.after(Math.max(from, lastFind.get(object) ?? from), false);
    if (perhaps === Number.POSITIVE_INFINITY) continue;
    dies(ofReads, object, {
      ...{ surely: end, maybe: perhaps, replaced: to, kind: "stale" },
      other: placeOf(ends, grace),
    });
  }
  for (let i = 0; i < frees.count; i++) {
    const death = {
      surely: frees.to[i] as number,
      maybe: frees.from[i] as number,
      replaced: Number.POSITIVE_INFINITY,
      kind: "freed",
      other: placeOf(frees, i),
    } as const;
    dies(ofReads, freed[i] as number, death);
    dies(ofFinds, freed[i] as number, death);
  }
  return { ofReads, ofFinds };
}

/** The latest beginning of a find of each object. */
function lastFindsOf({ reads, read, isFind }: History): Map<number, number> {
  const last = new Map<number, number>();
  for (let i = 0; i < reads.count; i++) {
    if (!isFind[i]) continue;
    const object = read[i] as number;
    last.set(object, Math.max(last.get(object) ?? 0, reads.from[i] as number));
  }
  return last;
}

const placeOf = (moments: Moments, i: number): EventPlace => ({
  lane: moments.lane[i] ?? 0,
  event: moments.event[i] ?? 0,
});

/** Of the grace periods that begin after a moment, the one that ends first. */
class FirstEnd {
  readonly #begin: Float64Array;
  /** Of those from here on in the order of their beginnings. */
  readonly #first: Float64Array;
  readonly #which: Uint32Array;

  constructor(begins: readonly number[], ends: readonly number[]) {
    const order = Uint32Array.from(begins.keys()).sort(
      (a, b) => (begins[a] as number) - (begins[b] as number),
    );
    this.#begin = Float64Array.from(order, (i) => begins[i] as number);
    this.#first = new Float64Array(order.length);
    this.#which = new Uint32Array(order.length);
    let first = Number.POSITIVE_INFINITY;
    let which = 0;
    for (let k = order.length - 1; k >= 0; k--) {
      const end = ends[order[k] as number] as number;
      if (end <= first) {
        first = end;
        which = order[k] as number;
      }
      this.#first[k] = first;
      this.#which[k] = which;
    }
  }

  /** Its index and its end, Infinity if there is none; `strictly`: one that begins at the moment itself is none. */
  after(moment: number, strictly: boolean): readonly [number, number] {
    let [low, high] = [0, this.#begin.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const begin = this.#begin[middle] as number;
      if (begin > moment || (!strictly && begin === moment)) high = middle;
      else low = middle + 1;
    }
    return [this.#which[low] ?? 0, this.#first[low] ?? Number.POSITIVE_INFINITY];
  }
}
