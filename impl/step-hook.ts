import type { Step } from "./generated/steps.js";

/**
 * Called before each step of the algorithm, in the thread that is about to take it. It may block, which is
 * how replay lets threads on one step at a time. A domain without a hook pays a null check a step of the slow
 * paths, and nothing in a section: its read side is assembled without step points.
 */
export type StepHook = (step: Step) => void;
