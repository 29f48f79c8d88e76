/** The implementations that a plan can be replayed on. */
export const TARGET_NAMES = ["native", "impl"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];
