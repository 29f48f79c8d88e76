import type { Addon } from "../../native/js/addon.js";
import { canonical, type Json } from "../contract/json.js";
import type { Ask, Driver, Taken, Words, World } from "./driver.js";

/** Whether a file is a C library, by its name. */
export function isSharedLibrary(file: string): boolean {
  return /\.so(?:\.[\d.]+)?$/.test(file);
}

const TAKEN: readonly (Taken | undefined)[] = ["done", "refused", "unknown"];

/** A C library as a driver: native/drive/driver.h says what it exports. One in a process. */
export class SharedLibraryDriver implements Driver {
  #addon: Addon | undefined;
  #lanes: World["lanes"] = [];
  /** The words that say which lanes are in a call, by lane. */
  #busy: readonly (string | undefined)[] = [];

  constructor(readonly file: string) {}

  /** Loads the library, once. Throws with what is wrong with it. */
  async open(): Promise<void> {
    // Drivers of other kinds do without it.
    const { loadAddon } = await import("../../native/js/addon.js");
    const addon = await loadAddon();
    addon.driveOpen(this.file);
    this.#addon = addon;
  }

  async begin(world: World): Promise<void> {
    if (this.#addon === undefined) await this.open();
    const addon = this.#loaded();
    this.#lanes = world.lanes;
    const known = new Set(world.words);
    this.#busy = world.lanes.map(({ value }) => {
      const word = `busy${typeof value === "number" ? value : `.${value}`}`;
      return known.has(word) ? word : undefined;
    });
    addon.driveBegin(
      world.claim,
      world.lanes.map(({ kind, value }) => [kind, plain(value)]),
      Object.entries(world.constants).map(([name, value]) => [name, plain(value)]),
    );
  }

  step({ step, kind, lane, with: given }: Ask): Taken {
    // Values have come as text, so those that are no plain ones are never the same object.
    const text = canonical(lane);
    const number =
      lane === null ? -1 : this.#lanes.findIndex((one) => one.kind === kind && canonical(one.value) === text);
    const parameters = Object.entries(given).map(([name, value]) => [name, plain(value)] as const);
    // A call that blocks has been begun, which is all that was asked for.
    return TAKEN[this.#loaded().driveStep(step, number, parameters)] ?? "done";
  }

  look(): Words {
    const addon = this.#loaded();
    const words: Record<string, Json> = { ...addon.driveLook() };
    this.#busy.forEach((word, lane) => {
      if (word !== undefined) words[word] = addon.driveBusy(lane);
    });
    return words;
  }

  end(): void {
    this.#loaded().driveEnd();
  }

  #loaded(): Addon {
    if (this.#addon === undefined) throw new Error("the library is not loaded");
    return this.#addon;
  }
}

/** As C takes it: a number, or text. */
function plain(value: Json): number | string {
  if (typeof value === "number" || typeof value === "string") return value;
  return typeof value === "boolean" ? Number(value) : JSON.stringify(value);
}
