import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTools } from "../../spec/tlc/tools/tools.js";
import { runBatch } from "./batch.js";
import { compileTest } from "./compile.js";
import { parseLitmus } from "./parser.js";
import { judge } from "./result.js";

/** Another machine to compare with: threads with one store buffer each (Owens, Sarkar, Sewell, 2009), or with none. */
type Step =
  | { readonly op: "write"; readonly word: string; readonly value: number }
  | { readonly op: "read" | "xchg"; readonly word: string; readonly value: number }
  | { readonly op: "mb" };

const WORDS = ["x", "y"];
const word = fc.constantFrom(...WORDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant("write" as const), word, value: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("read" as const), word, value: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant("xchg" as const), word, value: fc.constantFrom(4, 5) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ op: "mb" }) },
);
const programs = fc.array(fc.array(step, { minLength: 3, maxLength: 4 }), { minLength: 2, maxLength: 2 });

function text(threads: readonly (readonly Step[])[], number: number): string {
  const places: string[] = [...WORDS];
  const bodies = threads.map((steps, t) => {
    const lines = steps.map((s, n) => {
      if (s.op === "mb") return "smp_mb();";
      if (s.op === "write") return `WRITE_ONCE(*${s.word}, ${s.value});`;
      places.push(`${t}:r${n}`);
      return s.op === "read"
        ? `r${n} = READ_ONCE(*${s.word});`
        : `r${n} = xchg_relaxed(${s.word}, ${s.value});`;
    });
    return `P${t}(int *x, int *y) { ${lines.join(" ")} }`;
  });
  return `C random${number}\n{}\n${bodies.join("\n")}\nlocations [${places.join("; ")}]\nexists (true)\n`;
}

interface State {
  readonly memory: Readonly<Record<string, number>>;
  readonly registers: Readonly<Record<string, number>>;
  readonly at: readonly number[];
  readonly buffers: readonly (readonly { readonly word: string; readonly value: number }[])[];
}

/** All outcomes of a program on that machine. */
function ends(threads: readonly (readonly Step[])[], buffered: boolean): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue: State[] = [
    { memory: { x: 0, y: 0 }, registers: {}, at: threads.map(() => 0), buffers: threads.map(() => []) },
  ];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = threads.flatMap((steps, t) => moves(state as State, steps, t, buffered));
    if (next.length === 0) found.add(outcomeText({ ...state.memory, ...state.registers }));
    queue.push(...next);
  }
  return [...found].sort();
}

function moves(state: State, steps: readonly Step[], t: number, buffered: boolean): State[] {
  const buffer = state.buffers[t] ?? [];
  const withBuffer = (own: typeof buffer) => state.buffers.map((other, n) => (n === t ? own : other));
  const [oldest, ...rest] = buffer;
  const flushed: State[] =
    oldest === undefined
      ? []
      : [{ ...state, memory: { ...state.memory, [oldest.word]: oldest.value }, buffers: withBuffer(rest) }];
  const n = state.at[t] ?? 0;
  const s = steps[n];
  if (s === undefined) return flushed;
  const on = { ...state, at: state.at.map((position, other) => (other === t ? n + 1 : position)) };
  const register = `${t}:r${n}`;
  switch (s.op) {
    case "mb":
      return buffer.length === 0 ? [on] : flushed;
    case "xchg": {
      if (buffer.length > 0) return flushed;
      const registers = { ...state.registers, [register]: state.memory[s.word] ?? 0 };
      return [{ ...on, registers, memory: { ...state.memory, [s.word]: s.value } }];
    }
    case "write":
      if (!buffered) return [{ ...on, memory: { ...state.memory, [s.word]: s.value } }];
      return [...flushed, { ...on, buffers: withBuffer([...buffer, s]) }];
    case "read": {
      const own = buffer.findLast(({ word }) => word === s.word);
      const value = own?.value ?? state.memory[s.word] ?? 0;
      return [...flushed, { ...on, registers: { ...state.registers, [register]: value } }];
    }
  }
}

const outcomeText = (values: Readonly<Record<string, number | string>>): string =>
  Object.keys(values)
    .sort()
    .map((place) => `${place}=${values[place]}`)
    .join(" ");

describe("random programs", () => {
  it("end in the same ways on the machine as on one with store buffers (tso), or with none (sc)", async () => {
    const all = fc.sample(programs, { numRuns: 60, seed: 20_261_124 });
    const tests = all.map((threads, n) => compileTest(parseLitmus(text(threads, n))));
    const root = dirname(createRequire(import.meta.url).resolve("quiesce/package.json"));
    const seen = await runBatch(tests, {
      tools: await findTools(),
      machine: join(root, "spec", "machine"),
      orders: ["sc", "tso"],
      limits: { states: 100_000, choices: 100 },
      parallel: availableParallelism(),
      timeoutMs: 1_200_000,
    });
    let differing = 0;
    for (const [n, threads] of all.entries()) {
      const judged = judge(tests[n] as (typeof tests)[number], seen[n] ?? { unknown: "not run" });
      if ("message" in judged) throw new Error(judged.message);
      const [sc, tso] = judged.map(({ outcomes }) => outcomes.map(outcomeText).sort());
      expect([text(threads, n), sc]).toEqual([text(threads, n), ends(threads, false)]);
      expect([text(threads, n), tso]).toEqual([text(threads, n), ends(threads, true)]);
      if (sc?.length !== tso?.length) differing++;
    }
    // Otherwise this would show nothing about tso.
    expect(differing).toBeGreaterThan(3);
  });
});
