import type { Step } from "../../native/js/disassembly/read-side.js";
import { leavingProgram, sectionProgram } from "./program.js";

/** A module and its configuration. */
export interface Model {
  readonly name: string;
  readonly module: string;
  readonly config: string;
}

/** Who pays for the barriers, and the processor's memory order. */
export interface Setting {
  readonly order: "tso" | "weak";
  readonly payer: "membarrier" | "mb";
}

export interface Counts {
  readonly readers: number;
  readonly sections: number;
  readonly updates: number;
}

const list = (program: readonly string[]): string => program.map((line) => `    ${line}`).join(",\n");

const programs = (ofReader: string): string => `CompiledPrograms ==
  [t \\in Threads |->
     IF t = "updater" THEN Programs[t]
     ELSE LET r == CHOOSE r \\in 1..Readers : t = Reader(r) IN ${ofReader}]`;

const common = (order: Setting["order"], words: string): string => `SPECIFICATION Spec
CONSTANTS
  Thread <- Threads
  Program <- CompiledPrograms
  Memory0 <- ${words}
  Order = "${order}"
  HandlerHasBarrier = TRUE
  Missing = "nothing"
`;

/** No cell is used after it is freed, nor before it is filled, by readers whose sections are compiled code. */
export function readSideModel(
  steps: readonly Step[],
  { order, payer }: Setting,
  counts: Counts,
  withLooks = true,
): Model {
  const name = "CompiledReadSide";
  const module = `---- MODULE ${name} ----
(* The updater of spec/rcu/read-side; the reader is what a compiler made of native/include/quiesce. *)
EXTENDS ReadSide

Notice(r) == "notice" \\o ToString(r)
Notices == {Notice(r) : r \\in 1..Readers}
CompiledWords == [a \\in DOMAIN Words \\cup Notices |-> IF a \\in Notices THEN 0 ELSE Words[a]]

CompiledSection(r, s) ==
  <<
${list(sectionProgram(steps, withLooks))}
  >>

${programs("Concat([s \\in 1..Sections |-> CompiledSection(r, s)])")}
====
`;
  const config = `${common(order, "CompiledWords")}  Algorithm = "number"
  Readers = ${counts.readers}
  Sections = ${counts.sections}
  Updates = ${counts.updates}
  Nesting = 1
  A = "none"
  B = "none"
  C = "none"
  D = "release"
  E = "${payer}"
  F = "none"
  G = "none"
  H = "acquire"
  Raise = "after"
  Scans = 2
  Volatile = FALSE
  Announce = "sections"
INVARIANTS
  TypeOK
  OrderIsKept
  NoUseAfterFree
  NoUseBeforeInitialised
`;
  return { name, module, config };
}

/** An updater that waits for a reader is woken by it; a hang is a deadlock. */
export function wakeUpModel(steps: readonly Step[], { order, payer }: Setting): Model {
  const name = "CompiledWakeUp";
  const module = `---- MODULE ${name} ----
(* The updater of spec/rcu/waiting; the reader leaves as a compiler made it. Its notice is the word waiting. *)
EXTENDS WaitWake

CompiledLeave(r) ==
  <<
${list([...leavingProgram(steps), 'If("waiting", {1}, In("once", Store("waiting", 0)))'])}
  >>

${programs("CompiledLeave(r)")}
====
`;
  const config = `${common(order, "Words")}  Readers = 1
  B = "none"
  C = "none"
  I = "${payer}"
INVARIANTS
  TypeOK
  OrderIsKept
`;
  return { name, module, config };
}
