/** A counterexample as a sequence diagram, before it is drawn. Participants are named by their index. */
export interface Sequence {
  readonly participants: readonly string[];
  /** What holds at the start and is worth knowing. */
  readonly start?: string;
  readonly steps: readonly SequenceStep[];
  /** For a run that goes round for ever: the index of the first step that is repeated. */
  readonly repeatsFrom?: number;
  /** What follows the last step: who is stuck, or that nothing more happens. */
  readonly after: readonly SequenceNote[];
  /** The promise that is broken, in words. */
  readonly broken: string;
}

/** A part of a step: a message or a note, and what hangs below it. */
export type SequenceStep = readonly (SequenceMessage | SequenceNote)[];

export interface SequenceMessage {
  readonly from: number;
  readonly to: number;
  /** How it is drawn: something done to another one, something that comes back, something sent and not waited for. */
  readonly arrow: "to" | "back" | "sent";
  readonly lines: readonly string[];
}

export interface SequenceNote {
  /** The participant that it is over; undefined: all of them. */
  readonly over?: number;
  readonly lines: readonly string[];
}

const LONGEST = 60;
/** A table of as many steps is folded, too. */
const MOST_IN_TABLE = 119;
const FIRST = 20;

/**
 * The sequence with its middle left out when it has more than 60 steps. The loop of a run is kept whole if possible,
 * since it is the point of such a run.
 */
export function cut(sequence: Sequence): Sequence {
  const { steps, repeatsFrom } = sequence;
  if (steps.length <= LONGEST) return sequence;
  const last = steps.length - (LONGEST - FIRST);
  // A cut must not span the beginning of the loop: it ends there, or the loop begins after it.
  const end = repeatsFrom !== undefined && repeatsFrom > FIRST && repeatsFrom < last ? repeatsFrom : last;
  const left = end - FIRST;
  const note: SequenceStep = [
    {
      lines: [
        `steps ${FIRST + 1} to ${end} are left out${steps.length < MOST_IN_TABLE ? `: the table has all ${steps.length}` : ""}`,
      ],
    },
  ];
  const kept = [...steps.slice(0, FIRST), note, ...steps.slice(end)];
  const moved =
    repeatsFrom === undefined || repeatsFrom <= FIRST ? repeatsFrom : Math.max(FIRST, repeatsFrom - left + 1);
  return { ...sequence, steps: kept, ...(moved !== undefined && { repeatsFrom: moved }) };
}
