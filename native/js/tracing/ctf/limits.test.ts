import { describe, expect, it } from "vitest";
import { Cursor } from "./decode.js";
import { TraceFormatError } from "./error.js";
import type { CtfType } from "./types.js";

const NOTHING: CtfType = { kind: "struct", align: 1, fields: [], counts: new Set() };

/** Values that take no bytes, so that no packet's end stops who reads them. */
function readNothing(times: number): unknown {
  const cursor = new Cursor(Buffer.alloc(8), 64, "a packet");
  return cursor.read({ kind: "array", align: 1, of: NOTHING, count: times });
}

describe("an event", () => {
  it("may have many values", () => {
    expect(readNothing(1000)).toHaveLength(1000);
  });

  it("with more values than anybody records is damage, however small they are", () => {
    expect(() => readNothing(1 << 20)).toThrow("too many values");
    expect(() => readNothing(1 << 20)).toThrow(TraceFormatError);
  });
});
