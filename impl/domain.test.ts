import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { Domain } from "./domain.js";
import { DomainFullError, MisuseError } from "./errors.js";
import type { Step } from "./generated/steps.js";
import { attachWords, LOCK_WORD, WAITING_WORD } from "./layout.js";
import { SharedPointer } from "./pointer.js";
import type { Token } from "./reader.js";

const misuse = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof MisuseError) return error.misuse;
    throw error;
  }
  return "none";
};

describe("registration", () => {
  it("claims the lowest free slot", () => {
    const domain = Domain.create({ capacity: 3 });
    const [first, second] = [domain.register(), domain.register()];
    first.unregister();
    expect(domain.register().slot).toBe(1);
    expect(domain.register().slot).toBe(3);
    expect(second.slot).toBe(2);
  });

  it("says how to go on when no slot is free", () => {
    const domain = Domain.create({ capacity: 1 });
    domain.register();
    expect(() => domain.register()).toThrow(DomainFullError);
    expect(() => domain.register()).toThrow(/all 1 slots.*abandon/s);
  });
});

describe("misuse", () => {
  it("unlock without lock, and twice", () => {
    const reader = Domain.create({ capacity: 1 }).register();
    const section = reader.lock();
    reader.unlock(section);
    expect(misuse(() => reader.unlock(section))).toBe("unlock-without-lock");
    expect(misuse(() => reader.unlock(0 as Token))).toBe("unlock-without-lock");
  });

  it("the token of another section or of another reader", () => {
    const domain = Domain.create({ capacity: 2 });
    const [reader, other] = [domain.register(), domain.register()];
    const outer = reader.lock();
    const inner = reader.lock();
    const foreign = other.lock();
    expect(misuse(() => reader.unlock(outer))).toBe("wrong-token");
    expect(misuse(() => other.unlock(outer))).toBe("wrong-token");
    expect(misuse(() => reader.unlock(foreign))).toBe("wrong-token");
    reader.unlock(inner);
    reader.unlock(outer);
    other.unlock(foreign);
    expect(reader.inSection || other.inSection).toBe(false);
  });

  it("unregister inside of a section, and use after it", () => {
    const reader = Domain.create({ capacity: 1 }).register();
    const section = reader.lock();
    expect(misuse(() => reader.unregister())).toBe("section-open");
    reader.unlock(section);
    reader.unregister();
    expect(misuse(() => reader.lock())).toBe("unregistered");
    expect(misuse(() => reader.unlock(section))).toBe("unregistered");
    expect(misuse(() => reader.unregister())).toBe("unregistered");
  });

  it("to wait for oneself, before anything is published", () => {
    const domain = Domain.create({ capacity: 1 });
    const reader = domain.register();
    reader.lock();
    expect(misuse(() => domain.synchronize())).toBe("synchronize-in-section");
    expect(misuse(() => domain.replace(domain.head, 5, () => {}))).toBe("synchronize-in-section");
    expect(reader.dereference(domain.head)).toBe(0);
  });

  it("pointers and owners that are none", () => {
    expect(misuse(() => new SharedPointer(new Int32Array(4), 0))).toBe("bad-pointer");
    expect(misuse(() => new SharedPointer(new Int32Array(new SharedArrayBuffer(16)), 4))).toBe("bad-pointer");
    expect(misuse(() => Domain.create({ capacity: 1, owner: 0 }))).toBe("bad-owner");
  });
});

describe("a grace period", () => {
  it("ends at once when nobody is in a section", () => {
    const domain = Domain.create({ capacity: 2 });
    domain.register();
    const reclaimed: number[] = [];
    domain.replace(domain.head, 7, (old) => reclaimed.push(old));
    domain.replace(domain.head, 8, (old) => reclaimed.push(old));
    expect(reclaimed).toEqual([0, 7]);
  });

  it("waits for a section that was open, through its nested ones, and not for one that came later", async () => {
    const domain = Domain.create({ capacity: 2 });
    const [early, late] = [domain.register(), domain.register()];
    const outer = early.lock();
    const inner = early.lock();
    let reclaimed = false;
    const replaced = domain.replaceAsync(domain.head, 1, () => {
      reclaimed = true;
    });
    late.lock();
    await settled();
    expect(reclaimed).toBe(false);
    early.unlock(inner);
    await settled();
    expect(reclaimed).toBe(false);
    early.unlock(outer);
    await replaced;
    expect(reclaimed).toBe(true);
    expect(late.inSection).toBe(true);
  });

  it("is not ended by a wake-up that is meant for another wait", async () => {
    const domain = Domain.create({ capacity: 2 });
    const [waitedFor, other] = [domain.register(), domain.register()];
    const section = waitedFor.lock();
    let over = false;
    const synchronized = domain.synchronizeAsync().then(() => {
      over = true;
    });
    await settled();
    other.unlock(other.lock());
    await settled();
    expect(over).toBe(false);
    waitedFor.unlock(section);
    await synchronized;
  });

  it("is one at a time: updaters queue for the lock, and all come through", async () => {
    const domain = Domain.create({ capacity: 1 });
    const reader = domain.register();
    const section = reader.lock();
    const reclaimed: number[] = [];
    const all = [1, 2, 3].map((cell) => domain.replaceAsync(domain.head, cell, (old) => reclaimed.push(old)));
    await settled();
    expect(reclaimed).toEqual([]);
    reader.unlock(section);
    await Promise.all(all);
    expect(reclaimed.sort()).toEqual([0, 1, 2]);
    const { ints } = attachWords(domain.buffer);
    expect([ints[LOCK_WORD], ints[WAITING_WORD]]).toEqual([0, 0]);
  });

  it("goes on when a dead thread's slots and lock are given back", async () => {
    const domain = Domain.create({ capacity: 2 });
    const dead = Domain.attach(domain.buffer, { owner: 77 });
    dead.register().lock();
    const abandonedUpdate = dead.synchronizeAsync();
    const waiting = domain.synchronizeAsync();
    await settled();
    expect(domain.abandon(77)).toBe(1);
    await Promise.all([waiting, abandonedUpdate]);
    expect(domain.register().slot).toBe(1);
  });

  it.each([77, -77])("frees the lock of a dead updater, and only its own (lock word %d)", (word) => {
    const domain = Domain.create({ capacity: 1 });
    const { ints } = attachWords(domain.buffer);
    ints[LOCK_WORD] = word;
    domain.abandon(78);
    expect(ints[LOCK_WORD]).toBe(word);
    domain.abandon(77);
    expect(ints[LOCK_WORD]).toBe(0);
  });

  it("gives the lock back when a step throws", () => {
    const domain = Domain.create({ capacity: 1 });
    const { ints } = attachWords(domain.buffer);
    const step = (name: Step): void => {
      if (name === "Raise") throw new RangeError("stop");
    };
    expect(() => Domain.attach(domain.buffer, { step }).synchronize()).toThrow(RangeError);
    expect(ints[LOCK_WORD]).toBe(0);
  });

  it("goes on after a real thread has ended inside of a section", async () => {
    const domain = Domain.create({ capacity: 2 });
    const module = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/impl/domain")).href;
    const thread = new Worker(
      `const { workerData, parentPort } = require("node:worker_threads");
       import(workerData.module).then(({ Domain }) => {
         Domain.attach(workerData.buffer).register().lock();
         parentPort.postMessage("inside");
         parentPort.close();
       });`,
      { eval: true, workerData: { module, buffer: domain.buffer } },
    );
    const { threadId } = thread;
    await Promise.all([once(thread, "message"), once(thread, "exit")]);
    let over = false;
    const synchronized = domain.synchronizeAsync().then(() => {
      over = true;
    });
    await settled();
    expect(over).toBe(false);
    expect(domain.abandon(threadId + 1)).toBe(1);
    await synchronized;
  });

  it("comes through the steps in the order of the specification", () => {
    const steps: Step[] = [];
    const domain = Domain.create({ capacity: 2, step: (step) => steps.push(step) });
    const reader = domain.register();
    const outer = reader.lock();
    reader.unlock(reader.lock());
    reader.dereference(domain.head);
    reader.unlock(outer);
    reader.unregister();
    domain.replace(domain.head, 1, () => {});
    expect(steps.join(" ")).toBe(
      "Register LoadGp Announce LockNested UnlockNested Dereference Unlock LoadWaiting Unregister " +
        "Publish Membarrier Raise Scan Scan Free",
    );
  });
});

/** Time for everything that could go on to go on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
