import { describe, expect, it } from "vitest";
import { Cursor } from "./decode.js";
import type { IntegerType } from "./types.js";

const BYTES = Buffer.from("d1a5037f80ff5e12c9e64b", "hex");

/** The bit with this number: the lowest of a byte is its first, or with big endian the highest. */
function bitAt(at: number, big: boolean): bigint {
  const within = big ? 7 - (at % 8) : at % 8;
  return BigInt(((BYTES[at >> 3] ?? 0) >> within) & 1);
}

function expected(at: number, { size, signed, big }: IntegerType): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++)
    value = big ? (value << 1n) | bitAt(at + i, big) : value | (bitAt(at + i, big) << BigInt(i));
  return signed ? BigInt.asIntN(size, value) : value;
}

const forms = [true, false].flatMap((big) => [true, false].map((signed) => ({ big, signed })));

describe("a number of any size", () => {
  it.each(forms)("is read from any bit on: %j", ({ big, signed }) => {
    for (let size = 1; size <= 64; size++)
      for (let at = 0; at < 16; at++) {
        const type = { kind: "integer", size, align: 1, signed, big, base: 10, text: false } as const;
        const cursor = new Cursor(BYTES, 8 * BYTES.length, "here");
        cursor.at = at;
        expect(BigInt(cursor.read(type) as number | bigint), `${size} bits at ${at}`).toBe(
          expected(at, type),
        );
        expect(cursor.at).toBe(at + size);
      }
  });
});
