import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../conformance/contract/plan.js";
import { loadAddon } from "../addon.js";
import { build } from "../artifact.js";
import { TARGET_OPTIONS, TARGET_SOURCES } from "../build.js";
import { SOURCES } from "../root.js";
import { PlanMaker } from "./plan-maker.fixture.js";

export const steps = (await loadAddon()).steps();
export const SIZE = { readers: 2, nesting: 2, updates: 2 };

/** A reader is inside; the updater falls asleep waiting for it; the reader leaves and wakes it; it frees. */
export const SLEEP_AND_WAKE = [
  ..."1 Register,1 LoadGp,1 Announce,1 Dereference,0 Initialise,0 Publish,0 Membarrier,0 Raise,0 Scan".split(
    ",",
  ),
  ..."0 SetWaiting,0 MembarrierWaiting,0 Rescan,0 Sleep,1 Use,1 LockNested,1 UnlockNested".split(","),
  ..."1 Unlock,1 LoadWaiting,1 ClearWaiting,1 Wake,0 Awake,0 SetWaiting,0 MembarrierWaiting,0 Rescan".split(
    ",",
  ),
  ..."0 StopWaiting,0 Scan,0 Free,1 Unregister".split(","),
];

/** A plan of paths by hand. */
export function oneByOne(...scripts: (readonly string[])[]): Plan {
  const maker = new PlanMaker(steps, SIZE);
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
    sources: TARGET_SOURCES,
    options: ["-O1", "-fPIC", "-shared", "-fvisibility=hidden", ...TARGET_OPTIONS],
    changed: new Map([[file, text]]),
  });
}
