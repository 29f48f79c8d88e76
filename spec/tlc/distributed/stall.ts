import type { TlcProgress } from "../output/report.js";

/** Notices when something that reports its progress makes no more. */
export class StallWatch {
  #last = "";
  #since = performance.now();
  readonly #timer: NodeJS.Timeout;

  /** Calls `onStall` once when nothing has changed for `limitMs`, provided that `mayStall` says so at that moment. */
  constructor(limitMs: number, mayStall: () => boolean, onStall: () => void) {
    this.#timer = setInterval(
      () => {
        if (performance.now() - this.#since < limitMs || !mayStall()) return;
        this.end();
        onStall();
      },
      Math.max(10, limitMs / 20),
    );
  }

  /** Takes the latest report. */
  take({ generated, distinct, queue }: TlcProgress): void {
    const now = `${generated} ${distinct} ${queue}`;
    if (now === this.#last) return;
    this.#last = now;
    this.#since = performance.now();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
