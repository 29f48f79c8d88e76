import { isVersion } from "./layout.js";
import { ReadSideCode } from "./read-side.js";
import { Reader } from "./reader.js";
import { Slots } from "./slots.js";
import { Updater } from "./updater.js";

/** What a domain is made of; a mutant has one of these with one step changed. */
export interface Sides {
  readonly Reader: typeof Reader;
  readonly ReadSideCode: typeof ReadSideCode;
  readonly Updater: typeof Updater;
  readonly Slots: typeof Slots;
  /** Which versions of the layout are understood. */
  readonly isVersion: (version: number) => boolean;
}

/** The algorithm as it is. */
export const REFERENCE: Sides = { Reader, ReadSideCode, Updater, Slots, isVersion };
