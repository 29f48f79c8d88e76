import { availableParallelism } from "node:os";

/** How many parallel runs are worthwhile: the number of processors that this process may use. */
export function cores(): number {
  return availableParallelism();
}
