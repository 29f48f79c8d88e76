import { describe, expect, it } from "vitest";
import type { TraceState } from "../../../spec/tlc/output/trace.js";
import { parseValue } from "../../../spec/tlc/value/value.js";
import { gracePanel, gracePeriodSvg, summaryOf } from "./grace-period.js";
import { readGraceRun, type Variant } from "./grace-period-run.js";

type State = Readonly<Record<string, string>>;

const START: State = {
  section: '"out"',
  holds: '"none"',
  entered: "0",
  fences: "0",
  buffer: "<<>>",
  asleep: "TRUE",
  pending: "{}",
  disturbed: "[reader |-> 0, sleeper |-> 0, stranger |-> 0, idle |-> 0, realtime |-> 0]",
};

/** A behaviour: each step's action and what it changes. */
function states(...steps: readonly (readonly [string, State])[]): TraceState[] {
  let now = START;
  const all: readonly (readonly [string | undefined, State])[] = [[undefined, {}], ...steps];
  return all.map(([name, change], n) => {
    now = { ...now, ...change };
    return {
      number: n + 1,
      ...(name !== undefined && { action: { name } }),
      variables: new Map(Object.entries(now).map(([variable, value]) => [variable, parseValue(value)])),
    };
  });
}

const READS = [
  ["Lock", { section: '"locked"', entered: "1", buffer: "<<1>>" }],
  ["Use", { section: '"using"', holds: '"old"' }],
  ["Publish", {}],
] as const;
const hit = (who: string): string =>
  `[reader |-> 1, sleeper |-> 0, stranger |-> ${who === "stranger" ? 1 : 0}, idle |-> 0, realtime |-> 0]`;
const EXPEDITED = states(
  ...READS,
  ["Ask", { pending: '{"reader"}' }],
  ["Disturb", { pending: "{}", buffer: "<<>>", disturbed: hit("reader") }],
  ["Raise", {}],
  ["Unlock", { section: '"out"', holds: '"none"', buffer: "<<0>>" }],
  ["Drain", { buffer: "<<>>" }],
  ["Scan", {}],
  ["Free", {}],
);

describe("a grace period", () => {
  it("is read from a behaviour: who takes each step, and what is seen", () => {
    const { steps, disturbed } = readGraceRun("private", EXPEDITED);
    expect(steps.map(({ lane }) => lane).join(" ")).toBe(
      "reader reader updater updater reader updater reader reader updater updater",
    );
    expect(steps.map(({ unseen }) => (unseen ? "?" : ".")).join("")).toBe("????..?...");
    expect(steps[1]?.section).toEqual({ number: 1, cell: "old" });
    expect(disturbed.get("reader")).toBe(1);
  });

  it("says what it costs, which changes with the run", () => {
    expect(summaryOf(readGraceRun("private", EXPEDITED))).toBe(
      "Interrupts 1 CPU, and only where its own process runs.",
    );
    const everybody = states(
      ...READS,
      ["Ask", { pending: '{"reader", "stranger"}' }],
      ["Disturb", { pending: '{"reader"}', disturbed: hit("stranger") }],
    );
    expect(summaryOf(readGraceRun("all", everybody))).toBe(
      "Interrupts 2 CPUs; 1 of them runs nothing of its process.",
    );
    const fenced = states(
      ["Lock", { section: '"locked"', entered: "1", buffer: "<<1>>" }],
      ["Fence", { fences: "1", buffer: "<<>>" }],
    );
    expect(summaryOf(readGraceRun("fence", fenced))).toBe(
      "Disturbs nobody. The reader runs 1 fence, whether anybody updates or not.",
    );
    const waited = states(["Ask", { pending: '{"realtime"}' }], ["TickOf", { pending: "{}" }]);
    expect(summaryOf(readGraceRun("grace", waited))).toMatch(/Disturbs nobody\. Waits for 1 CPU/);
  });

  it("draws each disturbance once, in its lane, and links to the claim", () => {
    const panel = gracePanel(readGraceRun("private", EXPEDITED), { href: "a.md#private" });
    expect(panel.svg.match(/class="hit"/g)).toHaveLength(1);
    expect(panel.svg).toContain('<a href="a.md#private">');
    const whole = gracePeriodSvg([panel]);
    expect(whole).toContain("url(#grace-period-hatch)");
    expect(whole.match(/class="head"/g)).toHaveLength(1);
  });

  it.each([
    [[], /it has no states/],
    [states(["Dance", {}]), /it has no step Dance/],
    [states(["Disturb", {}]), /Disturb is the step of nobody/],
    [states(["Ask", { pending: '{"reader", "idle"}' }], ["TickOf", { pending: "{}" }]), /the step of/],
    [states(["Lock", { entered: '"many"' }]), /entered is no number in state 2/],
    [states(["Lock", { buffer: "1" }]), /buffer has no elements/],
  ])("is not read from something else (%#)", (run, problem) => {
    expect(() => readGraceRun("private", run)).toThrow(problem);
  });

  it("is refused where the picture has no room for it", () => {
    const long = Array.from({ length: 17 }, () => ["Publish", {}] as const);
    expect(() => gracePanel(readGraceRun("all" satisfies Variant, states(...long)))).toThrow("17 steps");
  });
});
