import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../conformance/contract/plan.js";
import { build } from "../artifact.js";
import { TARGET_OPTIONS, targetSources } from "../build.js";
import { ROOT, SOURCES } from "../root.js";
import { PlanMaker } from "./plan-maker.fixture.js";
import type { Size } from "./simulator.fixture.js";

const CONTRACT = join(ROOT, "spec", "rcu", "number-steps", "Urcu.contract.json");
export const steps = [
  "Idle",
  ...Object.keys((JSON.parse(readFileSync(CONTRACT, "utf8")) as { steps: object }).steps).toSorted(),
];
export const SIZE = { updaters: 1, readers: 2, nesting: 2, updates: 2 };
export const TWO_UPDATERS = { updaters: 2, readers: 1, nesting: 1, updates: 2 };

/** The steps of one thread, one after the other. */
export function by(thread: number, ...steps: readonly string[]): string[] {
  return steps
    .join(" ")
    .split(" ")
    .map((step) => `${thread} ${step}`);
}

export const REGISTER = "Register RaiseUsed AddReader";
export const UNREGISTER = "Unregister RemoveReader";
export const LOCK = "LoadGp Announce";
export const UPDATE = "Initialise Publish LoadRegistered";
/** An updater asks for a grace period, and nobody leads. */
export const LEAD = "LoadBegun LoadDoorbell LoadEnded Lead LoadEndedAgain Begin Membarrier Raise LoadUsed";
/** It has ended, and nobody sleeps. */
export const END = "End StepDown Ring LoadSleepers Free";

/** A reader is inside; the updater falls asleep waiting for it; the reader leaves and wakes it; it frees. */
export const SLEEP_AND_WAKE = [
  ...by(1, REGISTER, LOCK, "Dereference"),
  ...by(0, UPDATE, LEAD, "Scan SetNotice MembarrierNotice Rescan Sleep"),
  ...by(1, "Use LockNested UnlockNested Unlock LoadNotice TakeNotice Wake"),
  ...by(0, "Rescan ClearNotice", END),
  ...by(1, UNREGISTER),
];
/** Where that path raises the number. */
export const RAISE_MOVE = SLEEP_AND_WAKE.indexOf("0 Raise");

/** One updater leads and sleeps at a slot, another at the doorbell; the reader wakes the one, and it the other. */
export const SLEEP_AT_DOORBELL = [
  ...by(2, REGISTER, LOCK),
  ...by(0, UPDATE, LEAD, "Scan SetNotice MembarrierNotice Rescan"),
  ...by(1, UPDATE, "LoadBegun LoadDoorbell LoadEnded Lead AddSleeper SleepAtDoorbell"),
  ...by(0, "Sleep"),
  ...by(2, "Unlock LoadNotice TakeNotice Wake"),
  ...by(0, "Rescan ClearNotice End StepDown Ring LoadSleepers WakeAll"),
  ...by(1, "RemoveSleeper LoadDoorbell LoadEnded Lead LoadEndedAgain Begin Membarrier Raise LoadUsed Scan"),
  ...by(0, "Free"),
  ...by(1, END),
  ...by(2, UNREGISTER),
];

/** A plan of paths by hand. */
export function oneByOne(...scripts: (readonly string[])[]): Plan {
  return ofSize(SIZE, ...scripts);
}

export function ofSize(size: Size, ...scripts: (readonly string[])[]): Plan {
  const maker = new PlanMaker(steps, size);
  for (const script of scripts) maker.follow(script);
  return maker.plan();
}

/** A target whose library has texts changed: for faults that are no mutants of ours. */
export async function broken(
  name: string,
  ...edits: (readonly [text: string, becomes: string])[]
): Promise<string> {
  const file = "src/synchronize.c";
  let text = readFileSync(join(SOURCES, file), "utf8");
  for (const [old, becomes] of edits) {
    if (!text.includes(old)) throw new Error(`${old} isn't in ${file}`);
    text = text.replace(old, becomes);
  }
  return build({
    name: `broken-${name}`,
    ending: ".so",
    sources: targetSources(),
    options: ["-O1", "-fPIC", "-shared", "-fvisibility=hidden", ...TARGET_OPTIONS],
    changed: new Map([[file, text]]),
  });
}
