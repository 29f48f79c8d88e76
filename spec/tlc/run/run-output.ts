import { isCoverageDetail } from "../output/coverage.js";
import { LINES_LEFT_OUT, MessageReader, type TlcMessage, UNFRAMED } from "../output/messages.js";
import { readProgress, type TlcProgress } from "../output/report.js";
import type { LinkedLibraries } from "./library-links.js";

/** The lines outside of messages (what a specification prints) that are kept of one run. */
const UNFRAMED_KEPT = 20_000;

/** Who is told of what arrives. */
interface Listeners {
  readonly onMessage?: (message: TlcMessage) => void;
  readonly onProgress?: ((progress: TlcProgress) => void) | undefined;
}

/** Keeps what TLC says in one run, as it arrives. */
export class RunOutput {
  /** Everything that is kept so far, in order. */
  readonly messages: TlcMessage[] = [];
  readonly #reader = new MessageReader();
  #unframed = 0;

  constructor(
    private readonly libraries: Pick<LinkedLibraries, "restore">,
    private readonly listeners: Listeners,
  ) {}

  /** Takes the next piece of the output. */
  push(chunk: string): void {
    this.#take(this.#reader.push(chunk));
  }

  /** Takes what is left at the end of the output; what was not kept is counted. */
  end(): void {
    this.#take(this.#reader.end());
    const leftOut = this.#unframed - UNFRAMED_KEPT;
    if (leftOut > 0) this.messages.push({ code: LINES_LEFT_OUT, severity: 0, text: String(leftOut) });
  }

  #take(arrived: readonly TlcMessage[]): void {
    const { onMessage, onProgress } = this.listeners;
    for (const message of arrived) {
      if (isCoverageDetail(message)) continue;
      if (message.code === UNFRAMED && ++this.#unframed > UNFRAMED_KEPT) continue;
      this.messages.push({ ...message, text: this.libraries.restore(message.text) });
      onMessage?.(message);
      const progress = onProgress && readProgress(message);
      if (progress) onProgress?.(progress);
    }
  }
}
