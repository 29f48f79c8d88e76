/** The signals that end a process by default and that a person or a supervisor sends. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const rites = new Set<() => void>();

/** Runs what is registered, the latest first: processes were started after the folders that they write into. */
function performAll(): void {
  for (const rite of [...rites].reverse()) {
    rites.delete(rite);
    try {
      rite();
    } catch {
      // Nobody is left to tell; the others still have to run.
    }
  }
}

/** When nobody else listens, the signal would have ended the process: clean up, then let it. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  performAll();
  process.removeListener(signal, onSignal);
  process.kill(process.pid, signal);
}

function listen(): void {
  process.on("exit", performAll);
  for (const signal of ENDING) process.on(signal, onSignal);
}

function stopListening(): void {
  process.removeListener("exit", performAll);
  for (const signal of ENDING) process.removeListener(signal, onSignal);
}

/**
 * Registers something that must happen even when our process ends in the middle: at `exit`, at an uncaught exception,
 * or at a signal. `rite` must be synchronous. Another listener for a signal still decides what the signal means; if it
 * exits, `exit` still follows. Call the returned function once the rite is no longer needed.
 */
export function beforeExit(rite: () => void): () => void {
  if (rites.size === 0) listen();
  rites.add(rite);
  return () => {
    if (rites.delete(rite) && rites.size === 0) stopListening();
  };
}
