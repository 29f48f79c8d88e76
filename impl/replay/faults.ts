import { Reader } from "../reader.js";
import { REFERENCE, type Sides } from "../sides.js";
import { Updater } from "../updater.js";

/** Not mutants of the algorithm but accidents, to test that replay reports them and goes on. */
const FAULTS: Readonly<Record<string, Partial<Sides>>> = {
  "fault-segfault": {
    Reader: class extends Reader {
      protected override endAnnouncement(): void {
        super.endAnnouncement();
        endBy("SIGSEGV");
      }
    },
  },
  "fault-stop": {
    Reader: class extends Reader {
      protected override endAnnouncement(): void {
        super.endAnnouncement();
        endBy("SIGSTOP");
      }
    },
  },
  "fault-throw": {
    Updater: class extends Updater {
      protected override raise(): bigint {
        super.raise();
        throw new RangeError("out of numbers");
      }
    },
  },
  "fault-endless-loop": {
    Updater: class extends Updater {
      protected override scan(slot: number, number: bigint): boolean {
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
