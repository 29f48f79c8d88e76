import { describe, expect, it } from "vitest";
import { requireRoom } from "./room.js";

describe("requireRoom", () => {
  const MIB = 2 ** 20;
  const at = (used: number) => () =>
    requireRoom(() => "9 states have been read", { used: used * MIB, limit: 4144 * MIB });

  it("lets work go on while there is room", () => {
    expect(at(3000)).not.toThrow();
    expect(() => requireRoom(() => "")).not.toThrow();
  });

  it("ends it while there is room to say how far it came, and what to do", () => {
    expect(at(3200)).toThrow(
      "the state graph doesn't fit into memory: 9 states have been read, with 3,200 of 4,144 MiB",
    );
    expect(at(3200)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        hint: expect.stringContaining("NODE_OPTIONS=--max-old-space-size=16384"),
      }),
    );
  });
});
