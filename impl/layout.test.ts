import { describe, expect, it } from "vitest";
import { Domain } from "./domain.js";
import { BadBufferError } from "./errors.js";
import { announcedWord, attachWords, domainBytes, GP_WORD, resetWords } from "./layout.js";
import { SharedPointer } from "./pointer.js";
import { createMemory } from "./wasm.js";

describe("the buffer of a domain", () => {
  it("is understood by another Domain object", () => {
    const domain = Domain.create({ capacity: 3 });
    const other = Domain.attach(domain.memory);
    expect(other.capacity).toBe(3);
    expect(domain.register().slot).toBe(1);
    expect(other.register().slot).toBe(2);
  });

  it.each([0, -1, 1.5, 65_537, Number.NaN])("refuses a capacity of %d", (capacity) => {
    expect(() => Domain.create({ capacity })).toThrow(BadBufferError);
  });

  it("is refused, with the reason, if it is not one", () => {
    const attach = (memory: unknown) => () => Domain.attach(memory as Domain["memory"]);
    const changed = (word: number, value: number) => {
      const { buffer, memory } = Domain.create({ capacity: 2 });
      new Int32Array(buffer)[word] = value;
      return memory;
    };
    expect(attach(new SharedArrayBuffer(4096))).toThrow(/not a shared WebAssembly.Memory/);
    expect(attach(createMemory(0))).toThrow(/too few/);
    expect(attach(createMemory(1))).toThrow(/does not begin like a domain/);
    expect(attach(changed(1, 99))).toThrow(/layout version 99/);
    expect(attach(changed(2, 3000))).toThrow(/claims to have 3000 slots/);
    expect(attach(changed(2, -3))).toThrow(/capacity/);
    expect(attach(changed(3, -1))).toThrow(/room/);
    expect(attach(changed(2, 3000))).toThrow(BadBufferError);
  });

  it("has room for the program's own pointers", () => {
    const domain = Domain.create({ capacity: 100, room: 64 });
    const other = Domain.attach(domain.memory);
    expect(domain.room).toHaveLength(16);
    domain.room[15] = 7;
    expect(other.room[15]).toBe(7);
    const reader = domain.register();
    const section = reader.lock();
    expect(reader.dereference(new SharedPointer(domain.room, 15))).toBe(7);
    expect(reader.dereference(new SharedPointer(new Int32Array(new SharedArrayBuffer(8)), 1))).toBe(0);
    reader.unlock(section);
    expect(Domain.create({ capacity: 65_536, room: 2 ** 20 }).buffer.byteLength).toBe(
      domainBytes(65_536, 2 ** 20),
    );
    expect(() => Domain.create({ capacity: 1, room: -4 })).toThrow(BadBufferError);
  });

  it.each([2 ** 31 - 3, -3])("goes on counting grace periods when numbers come to %d", (number) => {
    const domain = Domain.create({ capacity: 1 });
    const words = attachWords(domain.memory);
    resetWords(words, number);
    const reader = domain.register();
    for (let i = 1; i <= 4; i++) {
      domain.synchronize();
      expect(words.ints[GP_WORD]).toBe((number + 2 * i) | 0);
      const section = reader.lock();
      expect(words.ints[announcedWord(1)]).toBe((number + 2 * i) | 0);
      reader.unlock(section);
    }
  });
});
