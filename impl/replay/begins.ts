import type { Step } from "../generated/steps.js";

/** The steps that begin an operation, by who performs it. */
export const BEGINS: { readonly reader: readonly Step[]; readonly updater: readonly Step[] } = {
  reader: ["Register", "Unregister", "LoadGp", "LockNested", "Dereference", "Use", "Unlock", "UnlockNested"],
  updater: ["Initialise", "Publish"],
};
