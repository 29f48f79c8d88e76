import { ASLEEP, IDLE, threadName } from "../../conformance/contract/plan.js";
import type { DifferentWord, FailureKind } from "../../conformance/contract/result.js";
import type { EncodedPlan } from "./encode.js";
import type { Observer } from "./observe.js";

type Failed = (kind: FailureKind, message: string, words?: readonly DifferentWord[]) => never;

/** Compares the shared state, as observed, with states of the plan. */
export class StateCheck {
  private readonly width: number;
  private readonly atWords: readonly number[];

  constructor(
    private readonly plan: EncodedPlan,
    private readonly observers: readonly Observer[],
    private readonly failed: Failed,
  ) {
    this.width = plan.words.length;
    const threads = plan.updaters + plan.readers;
    this.atWords = Array.from({ length: threads }, (_, thread) => plan.words.indexOf(`at${thread}`));
  }

  /** What a thread stands before in this state of the plan. */
  at(state: number, thread: number): number {
    return this.plan.states[state * this.width + (this.atWords[thread] ?? 0)] ?? IDLE;
  }

  /** Fails if the shared state is not this state of the plan. */
  compare(state: number): void {
    const base = state * this.width;
    for (let i = 0; i < this.width; i++) {
      if (this.observers[i]?.() !== this.plan.states[base + i]) this.mismatch(base);
    }
  }

  private mismatch(base: number): never {
    const wrong: DifferentWord[] = this.plan.words.flatMap((name, i) => {
      const expected = this.plan.states[base + i] ?? 0;
      const actual = this.observers[i]?.() ?? 0;
      return expected === actual ? [] : [{ name, expected, actual }];
    });
    const moved = wrong.find(({ name }) => name.startsWith("at"));
    if (moved === undefined) {
      const list = wrong.map(({ name, expected, actual }) => `${name} is ${actual}, not ${expected}`);
      this.failed("state", `the shared state is not as specified: ${list.join(", ")}`, wrong);
    }
    const thread = Number(moved.name.slice(2));
    const message = `${threadName(this.plan, thread)} came to ${this.named(moved.actual)}, the spec to ${this.named(moved.expected)}`;
    this.failed(moved.expected === ASLEEP ? "not-blocked" : "step", message, wrong);
  }

  private named(at: number): string {
    if (at === ASLEEP) return "sleep";
    return at === IDLE ? "the end of its operation" : (this.plan.steps[at] ?? String(at));
  }
}
