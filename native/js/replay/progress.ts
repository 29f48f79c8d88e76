import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a driving process is: what `struct qs_progress` in native/replay/driver.h says. */
export interface Progress {
  /** -1 before the first one. */
  readonly path: number;
  readonly move: number;
  readonly lane: number;
  readonly step: number;
  readonly paths: number;
  readonly steps: number;
  readonly probes: number;
}

const BYTES = 48;
const PATH_OFFSET = 0;
const LIMIT_OFFSET = 16;

/** A file without a name: only the processes that were given its descriptor have it, and it is gone with them. */
export function namelessFile(content?: Uint8Array): number {
  const path = join(tmpdir(), `quiesce-${randomUUID()}`);
  const descriptor = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  for (let done = 0; content !== undefined && done < content.length; ) {
    done += writeSync(descriptor, content, done, content.length - done, done);
  }
  return descriptor;
}

/** The page through which a driving process says where it is, and hears how far it has to go. */
export class ProgressFile {
  readonly descriptor = namelessFile(new Uint8Array(BYTES));
  #open = true;

  constructor() {
    this.#write(PATH_OFFSET, -1);
    this.limit(-1);
  }

  /** Paths with a higher index needn't be driven any more; -1: there is no limit. */
  limit(path: number): void {
    this.#write(LIMIT_OFFSET, path);
  }

  #write(offset: number, value: number): void {
    writeSync(this.descriptor, Uint8Array.from(new Uint8Array(Int32Array.of(value).buffer)), 0, 4, offset);
  }

  read(): Progress {
    const bytes = new DataView(new ArrayBuffer(BYTES));
    readSync(this.descriptor, bytes, 0, BYTES, 0);
    const word = (index: number): number => bytes.getInt32(index * 4, true);
    const long = (index: number): number => Number(bytes.getBigUint64(24 + index * 8, true));
    return {
      path: word(0),
      move: word(1),
      lane: word(2),
      step: word(3),
      paths: long(0),
      steps: long(1),
      probes: long(2),
    };
  }

  close(): void {
    if (this.#open) closeSync(this.descriptor);
    this.#open = false;
  }
}
