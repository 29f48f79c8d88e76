/*
 * The ordering points of the protocol, by the letters they have in every room: `FenceA` in the TLA+ modules,
 * `fence_a()` here and in C, `no-fence-a` as a mutant.
 *
 * In JavaScript every function here is empty. All `Atomics` operations are sequentially consistent among
 * themselves, and what is read and written plainly beside them (the content of a cell) is ordered by the
 * happens-before that they make: a program whose plain accesses do not race behaves as if sequentially
 * consistent. So the ordering is paid for at the access beside the letter. That includes the reader: its
 * announcement is a sequentially consistent store, which is a fence on x86-64. JavaScript has no membarrier()
 * that would let the updater pay for it instead; this room is the reference for the algorithm, not for its
 * speed.
 *
 * The calls stand in the code all the same, so that a reader can follow a letter through the rooms, and so
 * that a host with weaker atomics (the proposal for unordered and release/acquire operations) has one place
 * to fill in.
 *
 * F and G stand around the flip of the *phase* algorithm, which only the specification has.
 *
 * Which letter orders what, and what fails without it, is checked by the claims under spec/ that are named
 * here.
 */

/**
 * Reader: announce -> use. Pairs with E. Without it: use after free (`rcu/read-side/number-no-fence-a`): the use may be
 * done before the announcement is seen, so the updater's scan misses the section. Here: the announcement is a
 * sequentially consistent store, and the dereference after it a sequentially consistent load.
 */
export function fence_a(): void {}

/**
 * Reader: use -> end of the announcement. Pairs with H. Without it: use after free (`rcu/read-side/number-no-fence-b`):
 * the end may be seen while the section still reads. Here: the store that ends the announcement releases
 * every access before it.
 */
export function fence_b(): void {}

/**
 * Reader: end of the announcement -> look at `waiting`. Pairs with I. Without it: lost wake-up
 * (`rcu/waiting/number-no-fence-c`): the look may be done first, find nobody, and the updater then sleeps on an
 * announcement that is about to end. Here: a sequentially consistent store before a sequentially consistent
 * load of another word.
 */
export function fence_c(): void {}

/**
 * Updater: initialise -> publish. Pairs with the reader's address dependency. Without it: a reader sees an
 * uninitialised cell (`rcu/read-side/number-no-fence-d`). Here: the exchange that publishes releases the plain stores
 * before it, and the reader's `Atomics.load` of the pointer acquires them (JavaScript promises nothing for
 * dependencies alone).
 */
export function fence_d(): void {}

/**
 * Updater: publish -> raise and scan. Pairs with A. Without it: use after free (`rcu/read-side/number-no-fence-e`). In
 * C this is membarrier(); the number is raised after it, so that whoever announces the new number also sees
 * the new pointer. Here: a sequentially consistent exchange before the sequentially consistent add and loads.
 */
export function fence_e(): void {}

/**
 * Updater: scan -> free. Pairs with B. Without it: use after free (`rcu/read-side/number-no-fence-h`): the free may be
 * done before the last reader was seen to leave. Here: the scan's loads acquire.
 */
export function fence_h(): void {}

/**
 * Updater, slow path: `waiting` -> rescan. Pairs with C. Without it: lost wake-up (`rcu/waiting/number-no-fence-i`).
 * In C this is a second membarrier(), paid only by an updater that is about to sleep. Here: a sequentially
 * consistent store before the rescan's load.
 */
export function fence_i(): void {}
