import type { Observation } from "./syntax.js";

/**
 * The published results of the tests beside this file, and why ours differ where they do. The kernel's model (LKMM):
 * the results that tools/memory-model/litmus-tests, its README, Documentation/litmus-tests and the paper have (Alglave,
 * Maranget, McKenney, Parri, Stern, "Frightening small children and disconcerting grown-ups", 2018), for membarrier the
 * tests by Goldblatt and others in the collection of litmus tests at github.com/paulmckrcu/litmus. x86: Owens, Sarkar,
 * Sewell, "A better x86 memory model: x86-TSO", 2009. ARMv8: Pulte and others, "Simplifying ARM concurrency", 2018.
 */
export interface Published {
  readonly lkmm?: Observation;
  /** Compared with the order tso. */
  readonly x86?: Observation;
  /** Compared with the order weak. */
  readonly armv8?: Observation;
  /** Why weak gives another result than the kernel's model. */
  readonly because?: keyof typeof LIMITS;
}

export const LIMITS = {
  "multi-copy atomic":
    "a store reaches all other threads at the same time; the kernel's model also covers POWER",
  "writes propagate in order":
    "no processor shows the later of two ordered writes first; the kernel's model allows it",
} as const;

const S = "Sometimes";
const N = "Never";

export const PUBLISHED: Readonly<Record<string, Published>> = {
  "SB+poonceonces": { lkmm: S, x86: S, armv8: S },
  "SB+fencembonceonces": { lkmm: N, x86: N, armv8: N },
  "SB+fencembonceonce+poonceonce": { lkmm: S, x86: S, armv8: S },
  "SB+memb+barrier": { lkmm: N },
  "SB+memb+poonceonce": { lkmm: N },
  // Racing plain accesses have no result in the kernel's model.
  "SB+memb+plain": {},
  "SB3+memb+poonceonces": { lkmm: S },
  "SB4+memb+po+memb+po": { lkmm: N },
  "SB+rfionceonce-poonceonces": { lkmm: S, x86: S, armv8: S },
  "SB+xchgs": { lkmm: N, x86: N, armv8: N },
  "SB+xchgrelaxeds": { lkmm: S, x86: N, armv8: S },
  "SB+failedcmpxchgs": { lkmm: S, armv8: S },
  "MP+poonceonces": { lkmm: S, x86: N, armv8: S },
  "MP+fencewmbonceonce+fencermbonceonce": { lkmm: N, x86: N, armv8: N },
  "MP+fencewmbonceonce+poonceonces": { lkmm: S, x86: N, armv8: S },
  "MP+poonceonces+fencermbonceonce": { lkmm: S, x86: N, armv8: S },
  "MP+pooncerelease+poacquireonce": { lkmm: N, x86: N, armv8: N },
  "MP+fencewmbonceonce+ctrlonceonce": { lkmm: S, x86: N, armv8: S },
  "MP+plain+poacquireonce": { lkmm: N, x86: N, armv8: N },
  "MP+xchgrelease+xchgacquire": { lkmm: N, x86: N, armv8: N },
  "MP+cmpxchgs": { lkmm: N, x86: N, armv8: N },
  "MP+onceassign+derefonce": { lkmm: N, x86: N, armv8: N },
  "MP+onceonce+derefonce": { lkmm: S, x86: N, armv8: S },
  "MP+polocks": { lkmm: N, x86: N, armv8: N },
  "MP+porevlocks": { lkmm: N, x86: N, armv8: N },
  "LB+poonceonces": { lkmm: S, x86: N, armv8: S },
  "LB+datas": { lkmm: N, x86: N, armv8: N },
  "LB+fencembonceonce+ctrlonceonce": { lkmm: N, x86: N, armv8: N },
  "LB+ctrlpostif+fencembonceonce": { lkmm: S, x86: N },
  "LB+poacquireonce+pooncerelease": { lkmm: N, x86: N, armv8: N },
  "S+poonceonces": { lkmm: S, x86: N, armv8: S },
  "S+fencewmbonceonce+poacquireonce": { lkmm: N, x86: N, armv8: N },
  "R+poonceonces": { lkmm: S, x86: S, armv8: S },
  "R+fencembonceonces": { lkmm: N, x86: N, armv8: N },
  "2+2W+poonceonces": { lkmm: S, x86: N, armv8: S },
  "2+2W+poreleases": { lkmm: S, x86: N, armv8: N, because: "writes propagate in order" },
  "CoRR+poonceonce+Once": { lkmm: N, x86: N, armv8: N },
  "CoRW+poonceonce+Once": { lkmm: N, x86: N, armv8: N },
  "CoWR+poonceonce+Once": { lkmm: N, x86: N, armv8: N },
  "CoWW+poonceonce": { lkmm: N, x86: N, armv8: N },
  "IRIW+poonceonces+OnceOnce": { lkmm: S, x86: N, armv8: S },
  "IRIW+fencembonceonces+OnceOnce": { lkmm: N, x86: N, armv8: N },
  "IRIW+poacquireonces+OnceOnce": { lkmm: S, x86: N, armv8: N, because: "multi-copy atomic" },
  "WRC+poonceonces+Once": { lkmm: S, x86: N, armv8: S },
  "WRC+pooncerelease+fencermbonceonce+Once": { lkmm: N, x86: N, armv8: N },
  "WRC+dataonceonce+poacquireonce+Once": { lkmm: S, x86: N, armv8: N, because: "multi-copy atomic" },
  "ISA2+poonceonces": { lkmm: S, x86: N, armv8: S },
  "ISA2+pooncerelease+poacquirerelease+poacquireonce": { lkmm: N, x86: N, armv8: N },
  "Z6.0+pooncerelease+poacquirerelease+fencembonceonce": {
    lkmm: S,
    x86: N,
    armv8: N,
    because: "writes propagate in order",
  },
  "MP+unlocklockonceonce+fencermbonceonce": { lkmm: N, x86: N },
  "LB+unlocklockonceonce+poacquireonce": { lkmm: N, x86: N },
  "cmpxchg-fail-ordered-1": { lkmm: N },
  "cmpxchg-fail-ordered-2": { lkmm: N },
  "dep+plain": { lkmm: N, x86: N },
  "SRCU+sync+read": { lkmm: N },
  "SRCU+sync+read+otherdomain": { lkmm: S },
  "RCU+sync+read": { lkmm: N },
  "RCU+sync+readswapped": { lkmm: N },
  "RCU+sync+nosection": { lkmm: S },
  "RCU+deferred-free": { lkmm: N },
  "RCU+deferred-free-plain": { lkmm: N },
  "RCU+early-free": { lkmm: S },
  "RCU+nested": { lkmm: N },
  "RCU+two-sections": { lkmm: S },
  "RCU+sync-in-section": { lkmm: N },
  "SB+rcusync+rcuread": { lkmm: N },
  "SB+rcusyncs": { lkmm: N },
  "LB+rcusync+rcuread": { lkmm: N },
  "LB3+rcusync+rcureads": { lkmm: S },
};
