import type { Sides } from "../domain.js";
import { Reader } from "../reader.js";
import { Updater } from "../updater.js";

/** Not mutants of the algorithm but accidents, to test that replay reports them and goes on. */
const FAULTS: Readonly<Record<string, Sides>> = {
  "fault-segfault": {
    Reader: class extends Reader {
      protected override endAnnouncement(): void {
        super.endAnnouncement();
        process.kill(process.pid, "SIGSEGV");
      }
    },
    Updater,
  },
  "fault-stop": {
    Reader: class extends Reader {
      protected override endAnnouncement(): void {
        super.endAnnouncement();
        process.kill(process.pid, "SIGSTOP");
      }
    },
    Updater,
  },
  "fault-throw": {
    Reader,
    Updater: class extends Updater {
      protected override raise(): bigint {
        super.raise();
        throw new RangeError("out of numbers");
      }
    },
  },
  "fault-endless-loop": {
    Reader,
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
  return FAULTS[name] ?? null;
}
