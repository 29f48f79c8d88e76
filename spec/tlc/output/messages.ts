import { visible } from "../base/visible.js";

/** One message of TLC's `-tool` output, or one line of text outside of every frame. */
export interface TlcMessage {
  /** TLC's message code (EC.java), or UNFRAMED, or LINES_LEFT_OUT. */
  readonly code: number;
  /** 0 none, 1 error, 2 bug of TLC, 3 warning, 4 state; -1 for text outside of a frame. */
  readonly severity: number;
  /** The text between the markers, with the texts of nested frames in place. */
  readonly text: string;
  /** The frame was inside another one, which is delivered after it and contains its text. */
  readonly nested?: true;
  /** The frame never ended: TLC died, or something cut its output. */
  readonly truncated?: true;
}

/** The code and severity of text outside of a frame. */
export const UNFRAMED = -1;
/** The code of a message of ours: how many lines outside of frames were not kept. */
export const LINES_LEFT_OUT = -2;

interface OpenFrame {
  readonly code: number;
  readonly severity: number;
  text: string;
}

const MARKER = /@!@!@(?:STARTMSG (-?\d+)(?::(\d+))? ?|ENDMSG (-?\d+) ?)@!@!@/g;

/**
 * Reads the output of `TLC -tool` as it arrives: chunks may be split anywhere, frames may nest and may be glued to
 * other text. A marker never spans lines, so only complete lines are examined. Text outside of a frame is delivered
 * line by line; the order is that in which frames end.
 */
export class MessageReader {
  #rest = "";
  #open: OpenFrame[] = [];
  #ready: TlcMessage[] = [];

  /** Takes the next piece of output and returns the messages that it completes. */
  push(chunk: string): TlcMessage[] {
    // What a specification prints must not reach a terminal as more than text.
    const text = this.#rest + visible(chunk);
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#line(text.slice(from, text[end - 1] === "\r" && end > from ? end - 1 : end), true);
      from = end + 1;
    }
    this.#rest = text.slice(from);
    return this.#take();
  }

  /** Ends the input: delivers what is left; frames that never ended are marked as truncated. */
  end(): TlcMessage[] {
    if (this.#rest !== "") this.#line(this.#rest, false);
    this.#rest = "";
    while (this.#open.length > 0) this.#close(true);
    return this.#take();
  }

  #take(): TlcMessage[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #line(line: string, complete: boolean): void {
    const newline = complete ? "\n" : "";
    if (!line.includes("@!@!@")) {
      this.#text(line, newline);
      return;
    }
    let from = 0;
    let afterMarker = false;
    for (const marker of line.matchAll(MARKER)) {
      const before = line.slice(from, marker.index);
      const [whole, start, severity, end] = marker;
      if (start !== undefined) {
        if (before !== "") this.#text(before, "");
        this.#open.push({ code: Number(start), severity: Number(severity ?? 0), text: "" });
      } else {
        // An end that fits no open frame is text like any other.
        if (!this.#open.some((frame) => frame.code === Number(end))) continue;
        if (before !== "") this.#text(before, "");
        while (this.#open.at(-1)?.code !== Number(end)) this.#close(true);
        this.#close(false);
      }
      from = marker.index + whole.length;
      afterMarker = start !== undefined || this.#open.length === 0;
    }
    const rest = line.slice(from);
    // The line end right after a marker belongs to the marker, unless a nested frame ended there.
    if (rest !== "" || !afterMarker) this.#text(rest, newline);
  }

  #text(text: string, newline: string): void {
    const frame = this.#open.at(-1);
    if (frame !== undefined) frame.text += text + newline;
    else this.#ready.push({ code: UNFRAMED, severity: UNFRAMED, text });
  }

  #close(truncated: boolean): void {
    const frame = this.#open.pop();
    if (frame === undefined) return;
    const text = frame.text.endsWith("\n") ? frame.text.slice(0, -1) : frame.text;
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.text += text;
    this.#ready.push({
      code: frame.code,
      severity: frame.severity,
      text,
      ...(parent !== undefined && { nested: true as const }),
      ...(truncated && { truncated: true as const }),
    });
  }
}

/** Reads a whole output at once. */
export function readMessages(output: string): TlcMessage[] {
  const reader = new MessageReader();
  return [...reader.push(output), ...reader.end()];
}
