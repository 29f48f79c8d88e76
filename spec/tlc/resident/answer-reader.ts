/** What a process that stays says at the end of a run. */
export interface Ending {
  readonly exitCode: number;
  /** How many bytes the run wrote to the error output. */
  readonly errorBytes: number;
  /** `clean`, or what the run has left behind. */
  readonly left: string;
}

/**
 * Divides what a process writes into the output of a run and the line that ends it. That line begins with a word that
 * the specification can't know, so nothing that it prints is taken for it.
 */
export class AnswerReader {
  readonly #marker: string;
  #held = "";
  #ending: Ending | undefined;

  constructor(word: string) {
    this.#marker = `\n${word} `;
  }

  /** The run's end, once it has been seen. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Takes the next piece, and returns what is certain to be the run's own output. */
  push(chunk: string): string {
    const text = this.#held + chunk;
    const at = text.indexOf(this.#marker);
    if (at < 0) {
      // The marker may begin with the last line.
      const last = text.lastIndexOf("\n");
      const kept = last >= 0 && this.#marker.startsWith(text.slice(last)) ? last : text.length;
      this.#held = text.slice(kept);
      return text.slice(0, kept);
    }
    const end = text.indexOf("\n", at + 1);
    if (end < 0) {
      this.#held = text.slice(at);
      return text.slice(0, at);
    }
    this.#held = "";
    const [exitCode, errorBytes, left = ""] = text.slice(at + this.#marker.length, end).split(" ");
    this.#ending = { exitCode: Number(exitCode), errorBytes: Number(errorBytes), left };
    return text.slice(0, at);
  }
}
