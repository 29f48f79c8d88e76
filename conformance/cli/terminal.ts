import { logUpdateStderr } from "log-update";
import pc from "picocolors";

/** Colours that vanish when the output is piped, when NO_COLOR is set, or on a terminal that has none. */
export const colour = pc;

/** Where a command tells how far it is. Everything goes to standard error, so that standard output can be piped. */
export interface Progress {
  /** Replaces the live lines on a terminal; elsewhere prints `plain` at most every few seconds. */
  update(lines: readonly string[], plain: string): void;
  /** A line that stays. */
  line(text: string): void;
  /** Takes the live lines away. */
  done(): void;
}

const PLAIN_EVERY_MS = 5_000;

/** Live lines on a terminal, plain lines elsewhere, nothing when `quiet`. */
export function createProgress(quiet = false): Progress {
  if (quiet) return { update() {}, line() {}, done() {} };
  return process.stderr.isTTY ? liveProgress() : plainProgress();
}

function liveProgress(): Progress {
  let shown = 0;
  return {
    update(lines) {
      const now = Date.now();
      if (now - shown < 80) return;
      shown = now;
      logUpdateStderr(lines.join("\n"));
    },
    line(text) {
      logUpdateStderr.clear();
      process.stderr.write(`${text}\n`);
    },
    done() {
      logUpdateStderr.clear();
    },
  };
}

function plainProgress(): Progress {
  let shown = Date.now();
  return {
    update(_lines, plain) {
      const now = Date.now();
      if (now - shown < PLAIN_EVERY_MS) return;
      shown = now;
      process.stderr.write(`${plain}\n`);
    },
    line(text) {
      process.stderr.write(`${text}\n`);
    },
    done() {},
  };
}
