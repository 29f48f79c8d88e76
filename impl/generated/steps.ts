// Generated from spec/rcu/number-steps/Urcu.tla by `npm run generate`. Do not edit.
export const STEPS = [
  "Idle",
  "Announce",
  "Awake",
  "ClearWaiting",
  "Dereference",
  "Free",
  "Initialise",
  "LoadGp",
  "LoadWaiting",
  "LockNested",
  "Membarrier",
  "MembarrierWaiting",
  "Publish",
  "Raise",
  "Register",
  "Rescan",
  "Scan",
  "SetWaiting",
  "Sleep",
  "StopWaiting",
  "Unlock",
  "UnlockNested",
  "Unregister",
  "Use",
  "Wake",
] as const;

/** The name of a step point; its id is its index in STEPS. */
export type Step = (typeof STEPS)[number];
