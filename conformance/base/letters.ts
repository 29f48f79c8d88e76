import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An ordering point of the protocol: a row of spec/letters.json. */
export interface Letter {
  readonly letter: string;
  /** Its operator in TLA+: `FenceA`. */
  readonly name: string;
  /** Who keeps it: reader or updater. */
  readonly side: string;
  /** The two accesses that it orders: `announce -> use`. */
  readonly orders: string;
  /** The letter that it pairs with, in words where it is none. */
  readonly pairs: string;
  /** What keeps it. */
  readonly strength: string;
  /** What goes wrong without it. */
  readonly dropped: string;
  /** Id of the claim that fails without it. */
  readonly claim: string;
  /** The rooms in which it is kept. */
  readonly rooms: readonly string[];
}

/** The table of the letters. `spec` is the folder of the specification. */
export function readLetters(spec: string): readonly Letter[] {
  return JSON.parse(readFileSync(join(spec, "letters.json"), "utf8")) as Letter[];
}
