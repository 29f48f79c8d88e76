import pc from "picocolors";

/**
 * Whether a stream gets colours: a terminal does, a pipe or a file does not, whatever CI is set to. NO_COLOR turns them
 * off everywhere (no-color.org), FORCE_COLOR turns them on everywhere, except as FORCE_COLOR=0.
 */
function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** Colours for standard output. */
export const colour = pc.createColors(wantsColour(process.stdout));

/** Colours for standard error, which may be a terminal when standard output is not. */
export const errorColour = pc.createColors(wantsColour(process.stderr));

/** Where a command shows its progress. Everything goes to standard error, so that standard output can be piped. */
export interface Progress {
  /** Replaces the live lines on a terminal; elsewhere prints `plain` at most every few seconds. */
  update(lines: readonly string[], plain: string): void;
  /** A line that stays. */
  line(text: string): void;
  /** Removes the live lines. */
  done(): void;
}

const PLAIN_EVERY_MS = 5_000;
const LIVE_EVERY_MS = 80;

/** Live lines on a terminal, plain lines elsewhere, nothing when `quiet`. */
export async function createProgress(quiet = false): Promise<Progress> {
  if (quiet) return { update() {}, line() {}, done() {} };
  // A terminal without rows (as some containers have) has no room for live lines.
  const { isTTY, rows } = process.stderr;
  return isTTY && rows > 0 && process.env["TERM"] !== "dumb" ? await liveProgress() : plainProgress();
}

async function liveProgress(): Promise<Progress> {
  // Loaded only where it is used: it takes longer than all of `--help`.
  const { logUpdateStderr } = await import("log-update");
  let shown = 0;
  const clear = (): void => {
    if (shown === 0) return;
    shown = 0;
    logUpdateStderr.clear();
    // Without this, the cursor would stay hidden.
    logUpdateStderr.done();
  };
  return {
    update(lines) {
      const now = Date.now();
      if (now - shown < LIVE_EVERY_MS) return;
      shown = now;
      logUpdateStderr(lines.join("\n"));
    },
    line(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    done: clear,
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
