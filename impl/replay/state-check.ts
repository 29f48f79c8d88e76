import { ASLEEP, IDLE } from "../../conformance/contract/plan.js";
import type { DifferentWord, FailureKind } from "../../conformance/contract/result.js";
import type { ImplPlan } from "./impl-plan.js";
import type { Observer } from "./observe.js";

type Failed = (kind: FailureKind, message: string, words?: readonly DifferentWord[]) => never;

/** Compares the shared state, as observed, with states of the plan. */
export class StateCheck {
  private readonly width: number;

  constructor(
    private readonly plan: ImplPlan,
    private readonly observers: readonly Observer[],
    private readonly failed: Failed,
  ) {
    this.width = plan.words.length;
  }

  /** What a thread stands before in this state of the plan. */
  at(state: number, thread: number): number {
    return this.plan.states[state * this.width + this.plan.positions + thread] ?? IDLE;
  }

  /** Fails if the shared state is not this state of the plan. */
  compare(state: number): void {
    const base = state * this.width;
    for (let i = 0; i < this.width; i++) {
      if (this.observers[i]?.() !== this.plan.states[base + i]) this.mismatch(base);
    }
  }

  private mismatch(base: number): never {
    const { words, states, positions, lanes } = this.plan;
    const actual = this.observers.map((observer) => observer());
    const expected = words.map((_, i) => states[base + i] ?? 0);
    const wrong = words.map((_, i) => i).filter((i) => actual[i] !== expected[i]);
    const different: DifferentWord[] = wrong.map((i) => ({
      name: words[i] ?? "",
      expected: expected[i] ?? 0,
      actual: actual[i] ?? 0,
    }));
    const moved = wrong.find((i) => i >= positions);
    if (moved === undefined) {
      const list = wrong.map((i) => `${words[i]} is ${actual[i]}, not ${expected[i]}`);
      this.failed("state", `the shared state is not as specified: ${list.join(", ")}`, different);
    }
    const [at = IDLE, wanted = IDLE] = [actual[moved], expected[moved]];
    const message = `${lanes[moved - positions]} came to ${this.named(at)}, the spec to ${this.named(wanted)}`;
    this.failed(wanted === ASLEEP ? "not-blocked" : "step", message, different);
  }

  private named(at: number): string {
    if (at === ASLEEP) return "sleep";
    return at === IDLE ? "the end of its operation" : (this.plan.steps[at] ?? String(at));
  }
}
