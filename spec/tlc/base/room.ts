import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BadInputError } from "./errors.js";

/** Beyond this share of its memory a process of Node collects garbage more than it works, and then aborts. */
const FULL = 0.75;
const MIB = 2 ** 20;

/** Somebody's model asks for more memory than there is. */
export class OutOfRoomError extends BadInputError {}

/** How much of its memory a process uses, in bytes. */
export interface Memory {
  readonly used: number;
  readonly limit: number;
}

function ownMemory(): Memory {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used < FULL * limit) return { used, limit };
  // Much of it may be garbage, which nobody has collected yet.
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return { used: getHeapStatistics().used_heap_size, limit };
}

/**
 * For work that takes as much memory as somebody's model asks for: called every now and then, it ends the work while
 * there is still room to say so.
 *
 * @param done how far the work has come: "117,649 states have been read"
 * @throws OutOfRoomError
 */
export function requireRoom(done: () => string, { used, limit }: Memory = ownMemory()): void {
  if (used < FULL * limit) return;
  const [has, may] = [used, limit].map((bytes) => Math.round(bytes / MIB).toLocaleString("en-US"));
  throw new OutOfRoomError(`the state graph doesn't fit into memory: ${done()}, with ${has} of ${may} MiB`, {
    hint:
      "A model with smaller constants has a smaller graph. Or give this process more memory, if there is:\n" +
      `  NODE_OPTIONS=--max-old-space-size=${2 ** Math.ceil(Math.log2((2 * limit) / MIB))}`,
  });
}
