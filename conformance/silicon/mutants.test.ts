import { describe, expect, it } from "vitest";
import { callsIn } from "../litmus/expressions.js";
import { parseLitmus } from "../litmus/parser.js";
import { mutantsOf } from "./mutants.js";

const mutants = (statements: string) =>
  mutantsOf(parseLitmus(`C T\n{}\nP0(int *x) {\n${statements}\n}\nexists (x=1)\n`));

describe("the mutants of a test", () => {
  it("are one for each call that orders, with its place", () => {
    const made = mutants("WRITE_ONCE(*x, 1); smp_mb(); if (smp_load_acquire(x)) { xchg(x, smp_memb()); }");
    expect(made.map(({ name }) => name)).toEqual([
      "P0 4:20: smp_mb() is barrier()",
      "P0 4:34: smp_load_acquire() is atomic_read()",
      "P0 4:65: smp_memb() is barrier()",
      "P0 4:57: xchg() is xchg_relaxed()",
    ]);
    const calls = made.map(({ litmus }) => callsIn(litmus.threads[0]?.body ?? []).map(({ name }) => name));
    expect(calls[0]).toEqual(["WRITE_ONCE", "barrier", "smp_load_acquire", "xchg", "smp_memb"]);
    expect(calls[3]).toEqual(["WRITE_ONCE", "smp_mb", "smp_load_acquire", "xchg_relaxed", "smp_memb"]);
  });

  it("leave out sections and locks as a whole", () => {
    expect(mutants("rcu_read_lock(); *x = 1; rcu_read_unlock();").map(({ name }) => name)).toEqual([
      "P0 3:1: rcu_read_lock() and rcu_read_unlock() are barrier()",
    ]);
  });

  it("are none where nothing orders", () => {
    expect(mutants("WRITE_ONCE(*x, 1); rcu_dereference(*x);")).toEqual([]);
  });
});
