import { STEPS, type Step } from "./generated/steps.js";
import { GP_WORD, NOTICE_OFFSET, OLD, WORD_BYTES, type Words } from "./layout.js";
import { fence_a, fence_b, fence_c } from "./letters.js";
import type { StepHook } from "./step-hook.js";
import {
  atomicLoad,
  atomicStore,
  block,
  type Code,
  call,
  compile,
  constant,
  instantiate,
  leaveIf,
  lessUnsigned,
  localGet,
  localSet,
  STEP,
  subtract,
} from "./wasm.js";

/** The read side's functions, on the memory of one domain. Addresses are in bytes. */
export interface ReadSide {
  /** Announces the current grace period at this address. */
  lock(announced: number): void;
  /** Ends the announcement at this address. @returns the notice beside it: 1 if the leader has to be woken, else 0 */
  unlock(announced: number): number;
  /** What the word at this address holds. */
  load(address: number): number;
}

/** The locals of `lock`, after its argument. */
const ANNOUNCED = 0;
const NUMBER = 1;

/** Less than so far an announcement may be behind when it is checked, as a difference: a quarter of the numbers. */
const MOST_BEHIND = 2 ** 30;

/**
 * The reader's hot path, step by step, in instructions of WebAssembly: an outermost `lock` and its `unlock` are one call
 * each. Why, says wasm.ts. The slow path stands in reader.ts.
 */
export class ReadSideCode {
  /** @param hooked whether to call the step hook before each step; otherwise there is nothing in its place */
  constructor(private readonly hooked: boolean) {}

  lock(): Code {
    return [...this.loadGp(), ...this.announce(), ...fence_a()];
  }

  unlock(): Code {
    return [...fence_b(), ...this.endAnnouncement(), ...fence_c(), ...this.loadNotice()];
  }

  protected loadGp(): Code {
    return [...this.point("LoadGp"), ...this.gp(), ...localSet(NUMBER)];
  }

  /**
   * The announcement stands. Only then the number is compared with the current one: it is not current if grace periods
   * have begun meanwhile, which does no harm, as the specification says; unless there were so many that numbers have
   * wrapped around and it looks as new as the next one. Then what is announced instead is OLD. In between a grace period
   * may have passed this reader, which has used nothing yet. So a reader may be held up for as long as you like between
   * any two of its instructions (claim `rcu/read-side/number-width-checked`).
   */
  protected announce(): Code {
    return [
      ...this.point("Announce"),
      ...this.storeAnnounced(localGet(NUMBER)),
      ...this.announceIfFar(constant(OLD)),
    ];
  }

  protected announceIfFar(instead: Code): Code {
    const behind = [...this.gp(), ...localGet(NUMBER), ...subtract];
    const near = [...behind, ...constant(MOST_BEHIND), ...lessUnsigned];
    return block([...near, ...leaveIf(0), ...this.storeAnnounced(instead)]);
  }

  protected endAnnouncement(): Code {
    return [...this.point("Unlock"), ...this.storeAnnounced(constant(0))];
  }

  /** Its value is what `unlock` returns. */
  protected loadNotice(): Code {
    return [...this.point("LoadNotice"), ...localGet(ANNOUNCED), ...atomicLoad(NOTICE_OFFSET * WORD_BYTES)];
  }

  protected gp(): Code {
    return [...constant(0), ...atomicLoad(GP_WORD * WORD_BYTES)];
  }

  protected storeAnnounced(value: Code): Code {
    return [...localGet(ANNOUNCED), ...value, ...atomicStore(0)];
  }

  /** A step point. */
  protected point(step: Step): Code {
    return this.hooked ? [...constant(STEPS.indexOf(step)), ...call(STEP)] : [];
  }
}

type Coder = typeof ReadSideCode;
const bare = new Map<Coder, object>();
const hooked = new Map<Coder, object>();

/** The read side of a domain as this thread calls it. Compiled once a thread. */
export function readSideOf({ memory }: Words, step: StepHook | null, coder: Coder): ReadSide {
  const modules = step === null ? bare : hooked;
  const module = modules.get(coder) ?? moduleOf(new coder(step !== null));
  modules.set(coder, module);
  // As `compile` was told below.
  return instantiate(module, memory, (id) => step?.(STEPS[id] ?? "Idle")) as ReadSide;
}

function moduleOf(code: ReadSideCode): object {
  const load = [...localGet(0), ...atomicLoad(0)];
  return compile([
    { name: "lock", takes: 1, holds: 1, returns: 0, body: code.lock() },
    { name: "unlock", takes: 1, holds: 0, returns: 1, body: code.unlock() },
    { name: "load", takes: 1, holds: 0, returns: 1, body: load },
  ]);
}
