import { describe, expect, it } from "vitest";
import { Domain } from "./domain.js";
import { BadBufferError } from "./errors.js";
import { attachWords, domainBytes, GP_LONG } from "./layout.js";

describe("the buffer of a domain", () => {
  it("is understood by another Domain object", () => {
    const domain = Domain.create({ capacity: 3 });
    const other = Domain.attach(domain.buffer);
    expect(other.capacity).toBe(3);
    expect(domain.register().slot).toBe(1);
    expect(other.register().slot).toBe(2);
  });

  it.each([0, -1, 1.5, 65_537, Number.NaN])("refuses a capacity of %d", (capacity) => {
    expect(() => Domain.create({ capacity })).toThrow(BadBufferError);
  });

  it("is refused, with the reason, if it is not one", () => {
    const attach = (buffer: unknown) => () => Domain.attach(buffer as SharedArrayBuffer);
    const changed = (word: number, value: number) => {
      const { buffer } = Domain.create({ capacity: 2 });
      new Int32Array(buffer)[word] = value;
      return buffer;
    };
    expect(attach(new ArrayBuffer(4096))).toThrow(/not a SharedArrayBuffer/);
    expect(attach(new SharedArrayBuffer(8))).toThrow(/too few/);
    expect(attach(new SharedArrayBuffer(domainBytes(2)))).toThrow(/does not begin like a domain/);
    expect(attach(changed(1, 99))).toThrow(/layout version 99/);
    expect(attach(changed(2, 3))).toThrow(/claims to have 3 slots/);
    expect(attach(changed(2, -3))).toThrow(/capacity/);
    expect(attach(changed(2, 3))).toThrow(BadBufferError);
  });

  it("counts grace periods beyond 32 bits", () => {
    const domain = Domain.create({ capacity: 1 });
    const { longs } = attachWords(domain.buffer);
    longs[GP_LONG] = 2n ** 32n - 1n;
    const reader = domain.register();
    domain.synchronize();
    expect(longs[GP_LONG]).toBe(2n ** 32n);
    reader.unlock(reader.lock());
    domain.synchronize();
    expect(longs[GP_LONG]).toBe(2n ** 32n + 1n);
  });
});
