import type { Code } from "./wasm.js";

/*
 * The ordering points of the protocol, by the letters they have in every room: `FenceA` in the TLA+ modules,
 * `fence_a()` here and in C, `no-fence-a` as a mutant.
 *
 * In JavaScript every function here is empty. All `Atomics` operations, and the atomic instructions of WebAssembly that
 * the read side is made of, are sequentially consistent among themselves, and what is read and written plainly beside
 * them (the content of a cell) is ordered by the happens-before that they make: a program whose plain accesses do not
 * race behaves as if sequentially consistent. So the ordering is paid for at the access beside the letter. That includes
 * the reader: its announcement is a sequentially consistent store, which is a fence on x86-64. JavaScript has no
 * membarrier() that would let the updater pay for it instead.
 *
 * The calls stand in the code all the same, so that a reader can follow a letter through the rooms, and so that a host
 * with weaker atomics (the proposal for unordered and release/acquire operations) has one place to fill in. A, B and C
 * stand in the read side's code, so they are instructions: none.
 *
 * F and G stand around the flip of the *phase* algorithm, which only the specification has.
 *
 * Which letter orders what, and what fails without it, is checked by the claims under spec/ that are named here.
 */

/**
 * Reader: announce -> use. Pairs with E. Without it: use after free (`rcu/read-side/number-no-fence-a`): the use may be
 * done before the announcement is seen, so the updater's scan misses the section. Here: the announcement is a
 * sequentially consistent store, and the dereference after it a sequentially consistent load.
 */
export function fence_a(): Code {
  return [];
}

/**
 * Reader: use -> unlock. Pairs with H. Without it: use after free (`rcu/read-side/number-no-fence-b`): the end may be
 * seen while the section still reads. Here: the store that ends the announcement releases every access before it.
 */
export function fence_b(): Code {
  return [];
}

/**
 * Reader: unlock -> look at the notice. Pairs with I. Without it: lost wake-up (`rcu/waiting/number-no-fence-c`): the
 * look may be done first, find nothing, and the leader then sleeps on an announcement that is about to end. Here: a
 * sequentially consistent store before a sequentially consistent load of another word.
 */
export function fence_c(): Code {
  return [];
}

/**
 * Updater: initialise -> publish. Pairs with the reader's address dependency. Without it: a reader sees an
 * uninitialised cell (`rcu/read-side/number-no-fence-d`). Here: the exchange that publishes releases the plain stores
 * before it, and the reader's atomic load of the pointer acquires them (JavaScript promises nothing for
 * dependencies alone).
 */
export function fence_d(): void {}

/**
 * Leader: publish, begin -> raise and scan. Pairs with A. Without it: use after free (`rcu/read-side/number-no-fence-e`).
 * In C this is membarrier(); the number is raised after it, so that whoever announces the new number also sees
 * the new pointer. Here: a sequentially consistent exchange before the sequentially consistent store and loads.
 */
export function fence_e(): void {}

/**
 * Updater: scan -> free. Pairs with B, L and M. Without it: use after free (`rcu/read-side/number-no-fence-h`): the free
 * may be done before the last reader was seen to leave. Here: the loads that saw it acquire: of the scan, of `ended`, of
 * `registered`.
 */
export function fence_h(): void {}

/**
 * Leader, slow path: give notice -> look again. Pairs with C. Without it: lost wake-up
 * (`rcu/waiting/number-no-fence-i`). In C this is a second membarrier(), one for all that are late. Here: a sequentially
 * consistent store before the rescan's load.
 */
export function fence_i(): void {}

/**
 * Updater: publish -> who is registered, what has begun. Pairs with K and E. Without it: use after free
 * (`rcu/registration/number-no-fence-j`): it may find nobody registered, and free what a reader that has registered
 * meanwhile still finds. Here: a sequentially consistent exchange before sequentially consistent loads.
 */
export function fence_j(): void {}

/**
 * Reader: registered -> announce. Pairs with J and E. Without it: use after free
 * (`rcu/registration/number-no-fence-k`): its first section may read the pointer before it is seen to be counted. Here:
 * `registered` is counted by a sequentially consistent addition.
 */
export function fence_k(): void {}

/**
 * Reader: use -> no longer registered. Pairs with H. Without it: use after free
 * (`rcu/registration/number-no-fence-l`): an updater finds nobody registered while the last section still reads. Here:
 * the subtraction releases every access before it.
 */
export function fence_l(): void {}

/**
 * Leader: grace period -> it has ended. Pairs with H. Without it nothing goes wrong on the machine
 * (`rcu/updaters/number-no-fence-m`); JavaScript's memory model does not promise that. Here: the store to `ended` releases what the scan has acquired.
 */
export function fence_m(): void {}

/**
 * Follower: counted as a sleeper -> sleep. Pairs with O. Without it: lost wake-up
 * (`rcu/updaters/number-no-fence-n`): it falls asleep on a doorbell that has rung, and who rang has not seen it. Here:
 * the addition is sequentially consistent, and `Atomics.wait` compares in the critical section that `notify` enters.
 */
export function fence_n(): void {}

/**
 * Leader: ring -> look for sleepers. Pairs with N. Without it: lost wake-up (`rcu/updaters/number-no-fence-o`): it finds
 * none before it has rung. Here: a sequentially consistent addition before a sequentially consistent load.
 */
export function fence_o(): void {}

/**
 * Leader: grace period -> step down. Pairs with Q. Without it: the next leader begins an old number
 * (`rcu/updaters/number-no-fence-p`). Here: the store that steps down releases what this one has done.
 */
export function fence_p(): void {}

/**
 * Leader: lead -> look again, begin. Pairs with P. Without it: it begins an old number
 * (`rcu/updaters/number-no-fence-q`). Here: the compare-and-exchange that leads acquires what the last leader has done.
 */
export function fence_q(): void {}

/**
 * Follower: the doorbell -> `ended` and `leader`. Pairs with O. Without it: lost wake-up
 * (`rcu/updaters/number-no-fence-r`): it hears the last ring, and looks at what was before it. Here: sequentially
 * consistent loads, in this order.
 */
export function fence_r(): void {}
