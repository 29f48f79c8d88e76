import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { Domain } from "./domain.js";
import { DomainFullError, MisuseError } from "./errors.js";
import type { Step } from "./generated/steps.js";
import {
  announcedWord,
  attachWords,
  DOORBELL_WORD,
  LEADER_WORD,
  noticeWord,
  ownerWord,
  REGISTERED_WORD,
  SLEEPERS_WORD,
  USED_WORD,
} from "./layout.js";
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

  it("counts readers, and remembers the highest slot", () => {
    const domain = Domain.create({ capacity: 3 });
    const { ints } = attachWords(domain.memory);
    const [first, second] = [domain.register(), domain.register()];
    expect([ints[REGISTERED_WORD], ints[USED_WORD]]).toEqual([2, 2]);
    second.unregister();
    first.unregister();
    expect([ints[REGISTERED_WORD], ints[USED_WORD]]).toEqual([0, 2]);
    expect([1, 2, 3].map((slot) => ints[ownerWord(3, slot)])).toEqual([0, 0, 0]);
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

  it("is one at a time: one updater leads, the others follow, and all come through", async () => {
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
    const { ints } = attachWords(domain.memory);
    expect([ints[LEADER_WORD], ints[SLEEPERS_WORD], ints[noticeWord(1)]]).toEqual([0, 0, 0]);
  });

  it("is shared: those who ask while one is in progress have one more between them", async () => {
    const steps: Step[] = [];
    const domain = Domain.create({ capacity: 1, step: (step) => steps.push(step) });
    const reader = domain.register();
    const section = reader.lock();
    const all = [1, 2, 3, 4, 5].map(() => domain.synchronizeAsync());
    await settled();
    reader.unlock(section);
    await Promise.all(all);
    expect(steps.filter((step) => step === "Begin")).toHaveLength(2);
  });

  it("looks at the slots that were ever used, not at all that there are", () => {
    const steps: Step[] = [];
    const domain = Domain.create({ capacity: 65_536, step: (step) => steps.push(step) });
    domain.register();
    domain.register();
    domain.synchronize();
    expect(steps.filter((step) => step === "Scan")).toHaveLength(2);
  });

  it("looks again by itself when nobody wakes it", async () => {
    const domain = Domain.create({ capacity: 1, sleepLimitMs: 5 });
    const { ints } = attachWords(domain.memory);
    domain.register().lock();
    const leader = domain.synchronizeAsync();
    // It leads, and follows itself, asleep at the doorbell.
    const follower = domain.synchronizeAsync();
    await settled();
    // As a reader that has left and taken its notice, and is held up before it wakes.
    Atomics.store(ints, announcedWord(1), 0);
    Atomics.store(ints, noticeWord(1), 0);
    await Promise.all([leader, follower]);
  });

  it("refuses to block while this thread leads, since it would wait for itself", async () => {
    const domain = Domain.create({ capacity: 1 });
    const reader = Domain.attach(domain.memory).register();
    const section = reader.lock();
    const leading = domain.synchronizeAsync();
    expect(misuse(() => domain.synchronize())).toBe("synchronize-while-leading");
    reader.unlock(section);
    await leading;
    expect(misuse(() => domain.synchronize())).toBe("none");
  });

  it("goes on when a dead thread's slots and its lead are given back", async () => {
    const domain = Domain.create({ capacity: 2 });
    const dead = Domain.attach(domain.memory, { owner: 77 });
    dead.register().lock();
    const abandonedUpdate = dead.synchronizeAsync();
    const waiting = domain.synchronizeAsync();
    await settled();
    expect(domain.abandon(77)).toBe(1);
    await Promise.all([waiting, abandonedUpdate]);
    expect(domain.register().slot).toBe(1);
  });

  it("lets another one lead for a dead leader, and only for that", () => {
    const domain = Domain.create({ capacity: 1 });
    const { ints } = attachWords(domain.memory);
    ints[LEADER_WORD] = 77;
    domain.abandon(78);
    expect(ints[LEADER_WORD]).toBe(77);
    domain.abandon(77);
    expect(ints[LEADER_WORD]).toBe(0);
    expect(ints[DOORBELL_WORD]).toBe(2);
  });

  it("lets another one lead when a step throws", () => {
    const domain = Domain.create({ capacity: 1 });
    domain.register();
    const { ints } = attachWords(domain.memory);
    const step = (name: Step): void => {
      if (name === "Raise") throw new RangeError("stop");
    };
    expect(() => Domain.attach(domain.memory, { step }).synchronize()).toThrow(RangeError);
    expect(ints[LEADER_WORD]).toBe(0);
    domain.synchronize();
  });

  it("goes on after a real thread has ended inside of a section", async () => {
    const domain = Domain.create({ capacity: 2 });
    const module = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/impl/domain")).href;
    const thread = new Worker(
      `const { workerData, parentPort } = require("node:worker_threads");
       import(workerData.module).then(({ Domain }) => {
         Domain.attach(workerData.memory).register().lock();
         parentPort.postMessage("inside");
         parentPort.close();
       });`,
      { eval: true, workerData: { module, memory: domain.memory } },
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
    domain.replace(domain.head, 1, () => {});
    reader.unregister();
    domain.replace(domain.head, 2, () => {});
    expect(steps.join(" ")).toBe(
      "Register RaiseUsed AddReader " +
        "LoadGp Announce LockNested UnlockNested Dereference Unlock LoadNotice " +
        "Publish LoadRegistered LoadBegun LoadDoorbell LoadEnded Lead LoadEndedAgain Begin Membarrier Raise " +
        "LoadUsed Scan End StepDown Ring LoadSleepers Free " +
        "Unregister RemoveReader Publish LoadRegistered Free",
    );
  });
});

/** Time for everything that could go on to go on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
