import { readLetters } from "../../base/letters.js";

/** What is missing in a row, in words for a person. */
export interface RowWords {
  /** Whose code it is in. */
  readonly side: string;
  /** For a letter the two accesses that it orders, `announce → use`; for a step what it does. */
  readonly what: string;
}

/** The steps in the words of modules ReadSideProtocol and WaitWake. */
const STEPS: Readonly<Record<string, RowWords>> = {
  announce: { side: "reader", what: "announces itself (qsbr: goes online)" },
  "quiescent state": { side: "reader", what: "announces itself again between two sections" },
  "end announcement": { side: "reader", what: "no longer announces itself (qsbr: goes offline)" },
  initialise: { side: "updater", what: "fills the new cell" },
  publish: { side: "updater", what: "publishes the new cell" },
  raise: { side: "updater", what: "raises the number" },
  "first scan": { side: "updater", what: "waits for readers of the flip before the last" },
  flip: { side: "updater", what: "flips the bit" },
  scan: { side: "updater", what: "waits for readers that may have begun before" },
  "set waiting": { side: "updater", what: "says that it is about to sleep" },
  "look again": { side: "updater", what: "looks once more before it sleeps" },
  "clear waiting": { side: "reader", what: "clears the updater's announcement, and wakes it" },
};

/**
 * The words for a row: for letters from spec/letters.json, for steps from here.
 *
 * @throws TypeError when there are none: a step that is new to us
 */
export function readRowWords(spec: string): (missing: string) => RowWords {
  const letters = readLetters(spec);
  return (missing) => {
    const letter = letters.find((row) => row.letter === missing);
    const words =
      letter === undefined
        ? STEPS[missing]
        : { side: letter.side, what: letter.orders.replaceAll("->", "→") };
    if (words === undefined) throw new TypeError(`no words for the row ${missing} of the matrix`);
    return words;
  };
}
