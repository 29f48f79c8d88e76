import { Reader } from "../reader.js";
import { REFERENCE, type Sides } from "../sides.js";
import { Updater } from "../updater.js";

/** Not mutants of the algorithm but accidents, to test that replay reports them and goes on. */
const FAULTS: Readonly<Record<string, Partial<Sides>>> = {
  "fault-segfault": {
    Reader: class extends Reader {
      protected override endAnnouncement(): void {
        super.endAnnouncement();
        process.kill(process.pid, "SIGSEGV");
      }
    },
  },
  "fault-stop": {
    Reader: class extends Reader {
      protected override endAnnouncement(): void {
        super.endAnnouncement();
        process.kill(process.pid, "SIGSTOP");
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
