import { parentPort, workerData } from "node:worker_threads";
import { Domain, type DomainOptions } from "../domain.js";
import { announcedLong, GP_LONG, WAITING_WORD } from "../layout.js";
import type { SharedPointer } from "../pointer.js";
import { Reader } from "../reader.js";
import { REFERENCE } from "../sides.js";

export type Variant = "library" | "without-points" | "hooked";

/** The fast path of the read side as it would be without step points. */
class WithoutPoints extends Reader {
  override dereference(pointer: SharedPointer): number {
    return Atomics.load(pointer.words, pointer.index);
  }

  protected override loadGp(): bigint {
    return Atomics.load(this.words.longs, GP_LONG);
  }

  protected override announce(number: bigint): void {
    Atomics.store(this.words.longs, announcedLong(this.slot), number);
  }

  protected override endAnnouncement(): void {
    Atomics.store(this.words.longs, announcedLong(this.slot), 0n);
  }

  protected override wakeUpdater(): void {
    if (Atomics.load(this.words.ints, WAITING_WORD) !== 0) this.wake();
  }
}

const OPTIONS: Readonly<Record<Variant, DomainOptions>> = {
  library: {},
  "without-points": { sides: { ...REFERENCE, Reader: WithoutPoints } },
  hooked: { step: () => {} },
};

/** Loops of a thread; the fastest counts: the first ones run before the compiler is done. */
const LOOPS = 10;

function loop(domain: Domain, reader: Reader, pairs: number): number {
  let sum = 0;
  for (let i = 0; i < pairs; i++) {
    const section = reader.lock();
    sum += reader.dereference(domain.head);
    reader.unlock(section);
  }
  return sum;
}

const { variant, pairs } = workerData as { variant: Variant; pairs: number };
const domain = Domain.create({ capacity: 1, ...OPTIONS[variant] });
const reader = domain.register();
let best = Infinity;
for (let i = 0; i < LOOPS; i++) {
  const began = performance.now();
  loop(domain, reader, pairs);
  best = Math.min(best, ((performance.now() - began) * 1e6) / pairs);
}
parentPort?.postMessage(best);
