import { claim, test } from "./declared.js";
import { kernel } from "./kernel.js";
import { litmus, machine } from "./litmus.js";
import { guarantee, validation } from "./recorded.js";
import { drive, replay } from "./replay.js";
import type { Suite } from "./suite.js";

/** In the order in which the matrix has them. */
export const SUITES: readonly Suite[] = [
  replay,
  drive,
  validation,
  guarantee,
  litmus,
  kernel,
  machine,
  claim,
  test,
];
