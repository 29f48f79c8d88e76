import { workerData } from "node:worker_threads";
import { Domain } from "../domain.js";
import { sidesOfMutant } from "../mutants/mutants.js";
import type { Reader } from "../reader.js";
import type { SharedMemory } from "../wasm.js";
import { Cells, Tally } from "./cells.js";

export interface StressData {
  readonly role: "reader" | "updater";
  readonly seed: number;
  readonly updates: number;
  /** How many threads there are. */
  readonly threads: number;
  readonly domain: SharedMemory;
  readonly cells: Int32Array;
  readonly tally: Int32Array;
  readonly mutant: string | null;
}

const data = workerData as StressData;
const cells = new Cells(data.cells);
const { tally } = data;
// Without a limit to sleeping, so that who is not woken hangs.
const domain = Domain.attach(data.domain, {
  sleepLimitMs: Number.POSITIVE_INFINITY,
  ...(data.mutant !== null && { sides: sidesOfMutant(data.mutant) }),
});
const stopped = (): boolean => Atomics.load(tally, Tally.stop) !== 0;

let seed = data.seed;
/** A whole number below the bound; any generator will do. */
const random = (bound: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % bound;
};

const SECTIONS_A_REGISTRATION = 200;
const MOST_USES = 100;

function read(): void {
  while (!stopped()) {
    const reader = domain.register();
    for (let i = 0; i < SECTIONS_A_REGISTRATION && !stopped(); i++) {
      const section = reader.lock();
      const cell = reader.dereference(domain.head);
      use(cell);
      if (random(4) === 0) nested(reader);
      use(cell);
      reader.unlock(section);
      Atomics.add(tally, Tally.sections, 1);
    }
    reader.unregister();
  }
}

function nested(reader: Reader): void {
  const section = reader.lock();
  use(reader.dereference(domain.head));
  reader.unlock(section);
}

function use(cell: number): void {
  const uses = random(MOST_USES);
  for (let i = 0; i < uses; i++) {
    if (cells.isLive(cell)) continue;
    Atomics.add(tally, Tally.violations, 1);
    Atomics.store(tally, Tally.stop, 1);
    return;
  }
  Atomics.add(tally, Tally.uses, uses);
}

function update(): void {
  for (let i = 0; i < data.updates && !stopped(); i++) {
    const cell = cells.take();
    cells.fill(cell, random(1 << 24));
    domain.replace(domain.head, cell, (old) => {
      cells.poison(old);
      cells.giveBack(old);
    });
    Atomics.add(tally, Tally.updates, 1);
  }
}

/** Updates without readers would show nothing: all begin together. */
function meet(): void {
  Atomics.add(tally, Tally.ready, 1);
  Atomics.notify(tally, Tally.ready);
  for (let ready = 0; ready < data.threads && !stopped(); ready = Atomics.load(tally, Tally.ready)) {
    Atomics.wait(tally, Tally.ready, ready, 100);
  }
}

meet();
if (data.role === "reader") read();
else update();
