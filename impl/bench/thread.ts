import { once } from "node:events";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { loopOf, type Variant, type World } from "./variants.js";

/** What a thread of a measurement is told. */
export interface BenchData {
  readonly variant: Variant;
  readonly world: World;
  readonly pairs: number;
  readonly loops: number;
  /** To the thread that owns the data, where there is one. */
  readonly owner: MessagePort | null;
  /** Counts the threads that are ready to begin, of so many. */
  readonly ready: Int32Array;
  readonly threads: number;
}

/** The first loops run before V8 has compiled them. */
const WARM_UP = 30;

const { variant, world, pairs, loops, owner, ready, threads } = workerData as BenchData;

/** All begin together. */
function meet(): void {
  if (Atomics.add(ready, 0, 1) + 1 === threads) Atomics.notify(ready, 0);
  for (let now = 0; now < threads; now = Atomics.load(ready, 0)) Atomics.wait(ready, 0, now, 100);
}

/** Nanoseconds a section, of each loop. */
async function measure(): Promise<number[]> {
  const loop = variant === "message" ? ask : loopOf(variant, world);
  for (let i = 0; i < (variant === "message" ? 1 : WARM_UP); i++) await loop(pairs);
  meet();
  const costs: number[] = [];
  for (let i = 0; i < loops; i++) {
    const began = performance.now();
    await loop(pairs);
    costs.push(((performance.now() - began) * 1e6) / pairs);
  }
  return costs;
}

async function ask(times: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < times && owner !== null; i++) {
    owner.postMessage(i);
    const [answer] = await once(owner, "message");
    sum += Number(answer);
  }
  return sum;
}

void measure().then((costs) => {
  owner?.close();
  parentPort?.postMessage(costs);
});
