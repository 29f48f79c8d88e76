import { availableParallelism } from "node:os";

/** How many runs are worth having at once: the processors that this process may use. */
export function cores(): number {
  return availableParallelism();
}
