import { REFERENCE, type Sides } from "../sides.js";
import { Slots } from "../slots.js";
import { Updater } from "../updater.js";

/** Not mutants of the algorithm but accidents, to test that replay reports them and goes on. */
const FAULTS: Readonly<Record<string, Partial<Sides>>> = {
  "fault-segfault": {
    Slots: class extends Slots {
      protected override addReader(slot: number, owner: number): void {
        super.addReader(slot, owner);
        endBy("SIGSEGV");
      }
    },
  },
  "fault-stop": {
    Slots: class extends Slots {
      protected override addReader(slot: number, owner: number): void {
        super.addReader(slot, owner);
        endBy("SIGSTOP");
      }
    },
  },
  "fault-throw": {
    Updater: class extends Updater {
      protected override raise(number: number): number {
        super.raise(number);
        throw new RangeError("out of numbers");
      }
    },
  },
  "fault-endless-loop": {
    Updater: class extends Updater {
      protected override scan(slot: number, number: number): boolean {
        super.scan(slot, number);
        for (;;) this.isQuiescent(slot, number);
      }
    },
  },
};

/** The implementation with this fault, or null if there is none of this name. */
export function sidesOfFault(name: string): Sides | null {
  const fault = FAULTS[name];
  return fault === undefined ? null : { ...REFERENCE, ...fault };
}

/** Another thread may take the signal, and on a busy machine late: this one goes no further, as with a fault of its own. */
function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
